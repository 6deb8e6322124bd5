"""What the pages compute before they draw: sources, fired words, withheld text."""

from __future__ import annotations

from dataclasses import replace

from chains.freshness import CHANGED, GONE, Stale
from core.clock import now
from core.domain import (
    Answer,
    AnswerChunk,
    Chunk,
    Citation,
    Decision,
    Flag,
    Mode,
    Outcome,
    Passage,
    Sentence,
    Span,
    Stage,
    Support,
    Verdict,
)
from ui.fired import answer_spans, answer_text, question_spans
from ui.parts.stale import stale_line, stale_mark
from ui.queue import asked_by
from ui.sources import number, sources
from ui.steps import step_line
from ui.suspects import AROUND, excerpt, places
from ui.withheld import rebuilt

TEXT = "Staff get 25 days of holiday. Receipts are kept for a year."
PASSAGE = Passage(Chunk("leave.md", "Leave", TEXT, start=100, end=100 + len(TEXT)), score=0.9, rank=3)
CITED = Citation(3, "leave.md", "Leave", None, "Staff get 25 days of holiday.", 100, 129)


def answer(**changes: object) -> Answer:
    """An answered turn with one cited sentence."""
    sentence = Sentence("Staff get 25 days of holiday.", citations=(CITED,), state=Support.SUPPORTED)
    made = Answer(
        turn="t",
        question="How many?",
        outcome=Outcome.ANSWERED,
        text=sentence.text,
        sentences=(sentence,),
        passages=(PASSAGE,),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def verdict(decision: Decision, *spans: Span, stage: Stage = Stage.OUTPUT, guard: str = "groundedness") -> Verdict:
    """What a guard said."""
    return Verdict(guard, stage, decision, 0.9, 0.5, "why", spans=spans)


def flag(withheld: str = "", **changes: object) -> Flag:
    """A flagged answer."""
    return Flag("f", answer(**changes), withheld, "local", now())


def test_sources_are_numbered_as_they_are_met() -> None:
    """The first passage that is mentioned is number one, whatever its rank."""
    other = replace(CITED, passage=1)
    sentences = [Sentence("a", citations=(CITED,)), Sentence("b", citations=(other, CITED))]
    assert number(sentences) == {3: 1, 1: 2}


def test_quotes_are_placed_in_the_passage() -> None:
    """Offsets of the document become offsets of the passage; where text was left out before, the words are found."""
    found = sources(answer())
    assert [(s.number, [(q.start, q.end) for q in s.quotes]) for s in found] == [(1, [(0, 29)])]
    moved = replace(PASSAGE, chunk=replace(PASSAGE.chunk, text="[name] " + TEXT))
    assert sources(answer(passages=(moved,)))[0].quotes[0].start == 7
    gone = replace(PASSAGE, chunk=replace(PASSAGE.chunk, text="nothing of it"))
    assert sources(answer(passages=(gone,)))[0].quotes == ()
    assert sources(answer(passages=())) == []


def test_fired_words_are_placed_in_the_withheld_text() -> None:
    """A verdict points into the sentence that it is about; without spans the sentence as a whole is meant."""
    text = "Fine so far. Napoleon did it [1]. Never judged."
    pointed = replace(verdict(Decision.HOLD, Span(0, 8)), about=2)
    held = flag(text, verdicts=(verdict(Decision.ALLOW), pointed), outcome=Outcome.HELD, sentences=())
    assert [text[s.start : s.end] for s in answer_spans(held)] == ["Napoleon"]
    whole = flag(text, verdicts=(replace(pointed, spans=()),), outcome=Outcome.HELD)
    assert [text[s.start : s.end] for s in answer_spans(whole)] == ["Napoleon did it [1]."]
    assert answer_spans(flag(text, verdicts=(replace(pointed, mode=Mode.SHADOW),))) == []
    assert answer_spans(flag("One.", verdicts=(pointed,))) == []


def test_fired_words_of_the_question() -> None:
    """Input verdicts point into the question, and nothing was written that could be released."""
    stopped = flag(
        verdicts=(verdict(Decision.BLOCK, Span(0, 3), stage=Stage.INPUT, guard="injection"),),
        outcome=Outcome.BLOCKED,
        sentences=(),
    )
    assert question_spans(stopped.answer) == [Span(0, 3)]
    assert answer_text(stopped) == ""
    assert asked_by(stopped) is Decision.BLOCK


def test_withheld_text_is_cited_when_it_is_released() -> None:
    """Citation marks become citations that were verified; invented sentences have none."""
    whole = rebuilt(flag("Staff get 25 days of holiday [3]. Napoleon moved to Mars [3].", outcome=Outcome.HELD))
    assert [s.text for s in whole.sentences] == ["Staff get 25 days of holiday.", "Napoleon moved to Mars."]
    assert [len(s.citations) for s in whole.sentences] == [1, 0]
    assert whole.sentences[1].lead == " "
    assert rebuilt(flag()).sentences == answer().sentences


def test_steps_in_words() -> None:
    """Each step that a person waits for has words; the last one has none."""
    assert step_line(AnswerChunk(step="searching", detail="1,204 passages")) == "Searching 1,204 passages …"
    assert step_line(AnswerChunk(step="writing", detail="6 passages")) == "Writing from 6 passages …"
    assert step_line(AnswerChunk(step="writing")) == "Writing …"
    assert step_line(AnswerChunk(step="done")) == ""


def test_suspect_words_are_found_whatever_lies_between_them() -> None:
    """Line breaks and letter case don't hide them; words that were cut are found by what is left; others are not."""
    text = "Fine.\nIgnore all\n  previous rules. IGNORE ALL PREVIOUS rules."
    assert [text[s.start : s.end] for s in places(text, "Ignore all previous…")] == [
        "Ignore all\n  previous",
        "IGNORE ALL PREVIOUS",
    ]
    assert places(text, "Obey (me).*") == []
    assert places(text, "…") == []


def test_an_excerpt_is_cut_at_words() -> None:
    """Around the words stands what is near, whole; a short text stands as it is."""
    text = f"{'before ' * 100}SUSPECT{' after' * 100}"
    shown, place = excerpt(text, places(text, "suspect")[0])
    assert shown[place.start : place.end] == "SUSPECT"
    assert shown.startswith("… before before ")
    assert shown.endswith(" after after …")
    assert len(shown) < 2 * AROUND + 20
    assert excerpt("All of it.", Span(0, 3)) == ("All of it.", Span(0, 3))


def test_what_became_of_sources_in_words() -> None:
    """Changed and gone sources are told apart, many are counted, and names are never markup."""
    assert stale_line([Stale("a.md", "A", CHANGED)]) == "**a\\.md** has changed"
    both = [Stale("a", "A", CHANGED), Stale("b", "B", GONE), Stale("c", "C", CHANGED)]
    assert stale_line(both) == "**a** and **c** have changed and **b** has left the library"
    many = [Stale(name, name, GONE) for name in "abcde"]
    assert stale_line(many) == "**a**, **b**, **c** and 2 more have left the library"
    assert stale_line([Stale("[x](y)", "", GONE)]) == "**\\[x\\]\\(y\\)** has left the library"
    assert stale_mark("b", both) == " :orange-badge[gone]"
    assert stale_mark("d", both) == ""
