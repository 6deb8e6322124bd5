"""An answer in history is marked when a source that it cites has changed or gone since."""

from pathlib import Path

from chains.freshness import Stale, stale_sources
from core.clock import new_id
from core.domain import Answer, Citation, Outcome, Sentence
from core.wire import answer_from_json, answer_json
from ingest.index import Library
from ingest.pipeline import add, remove


def answer(library: Library, question: str, *, cite: bool = True) -> Answer:
    """An answer that quotes the first passage, as the database gives it back."""
    (passage, *_) = library.search(question)
    quote = Citation(passage.rank, passage.chunk.source, passage.chunk.title, None, passage.chunk.text, 0, 1)
    sentence = Sentence(passage.chunk.text, citations=(quote,) if cite else ())
    made = Answer(new_id(), question, Outcome.ANSWERED, passage.chunk.text, (sentence,), (passage,))
    return answer_from_json(answer_json(made))


def test_changed_gone_and_unchanged_sources(library: Library, tmp_path: Path) -> None:
    """Each answer is marked by what became of its own source; one that cites nothing is not marked."""
    for name, text in (("lamp", "The lamp is lit at dusk."), ("bell", "The bell rings at noon."), ("boat", "A boat.")):
        (tmp_path / f"{name}.md").write_text(text)
    add(library, [tmp_path])
    answers = [answer(library, f"What of the {name}?") for name in ("lamp", "bell", "boat")]
    uncited = answer(library, "What of the lamp?", cite=False)
    assert stale_sources(library, answers) == [(), (), ()]
    (tmp_path / "lamp.md").write_text("The lamp is lit at noon.")
    add(library, [tmp_path])
    remove(library, ["bell.md"])
    assert stale_sources(library, [*answers, uncited]) == [
        (Stale("lamp.md", "lamp", "changed"),),
        (Stale("bell.md", "bell", "gone"),),
        (),
        (),
    ]
