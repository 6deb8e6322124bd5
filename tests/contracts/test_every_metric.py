"""What every metric keeps: a value from 0 to 1 or none with a reason, the same each time, under one name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from core.domain import Answer, Chunk, Citation, Outcome, Passage, Sentence, Support, Trace
from eval.cases import Case, Gold, Score
from eval.measures import Kind, Measure, measures
from eval.results import Answered, Retrieved

TEXT = "Staff get 25 days of holiday a year."
DOCUMENT = f"# Holiday\n{TEXT}\nAsk the office for it, please."
END = 10 + len(TEXT)


@dataclass(frozen=True)
class Shelf:
    """One stored document; a word is a token."""

    def text(self, collection: str, source: str) -> str:
        """The document when its name is given."""
        return DOCUMENT if (collection, source) == ("default", "a.md") else ""

    def tokens(self, texts: Sequence[str]) -> list[int]:
        """Words of each."""
        return [len(text.split()) for text in texts]


CHUNK = Chunk("a.md", "Handbook", TEXT, start=10, end=END, collection="default")
CITATION = Citation(1, "a.md", "Handbook", None, TEXT, 10, END)
GOOD = Answer(
    turn="t",
    question="How many?",
    outcome=Outcome.ANSWERED,
    text=TEXT,
    sentences=(Sentence(TEXT, citations=(CITATION,), support=0.9, state=Support.SUPPORTED),),
    passages=(Passage(CHUNK, score=0.9, rank=1),),
)
CASE = Case("1", "How many?", answers=("25 days",), gold=(Gold("a.md", 10, END, TEXT, "default"),))
WRONG = replace(
    GOOD,
    text="Nothing of the kind.",
    sentences=(Sentence("x", citations=(replace(CITATION, start=END + 1, end=END + 5),), state=Support.UNSUPPORTED),),
    passages=(Passage(replace(CHUNK, start=END + 1, end=END + 5), score=0.9, rank=1),),
)
KINDS: tuple[Kind, ...] = ("retrieval", "answers")
EVERY = [pytest.param(kind, measure, id=f"{kind}-{measure.name}") for kind in KINDS for measure in measures(kind)]


def found(kind: Kind, answer: Answer, probability: float | None = None) -> Answered | Retrieved:
    """The answer, or its passages, as the metric wants it."""
    if kind == "answers":
        trace = None if probability is None else Trace(answer.question, evidence=probability)
        return Answered(replace(answer, trace=trace), Shelf())
    return Retrieved(answer.passages, 20, Shelf(), (("default", "a.md", 10, END),), probability)


def score(measure: Measure, case: Case, result: Answered | Retrieved) -> Score:
    """What a metric says."""
    said = measure.score(case, result)
    assert isinstance(said, Score)
    return said


@pytest.mark.parametrize(("kind", "measure"), EVERY)
def test_a_good_result_scores_one_and_a_wrong_one_zero(kind: Kind, measure: Measure) -> None:
    """The two ends of the scale, whatever is scored."""
    wrong = replace(WRONG, outcome=Outcome.ABSTAINED) if measure.name == "abstention" else WRONG
    assert score(measure, CASE, found(kind, GOOD, 1.0)).value == 1.0
    assert score(measure, CASE, found(kind, wrong, 0.0)).value == 0.0
    assert score(measure, CASE, found(kind, wrong, 0.0)) == score(measure, CASE, found(kind, wrong, 0.0))


@pytest.mark.parametrize(("kind", "measure"), EVERY)
def test_what_cannot_be_scored_is_not_zero(kind: Kind, measure: Measure) -> None:
    """A case without what the metric needs, or a turn that was stopped, is unscored with a reason."""
    said = score(measure, Case("2", "?"), found(kind, replace(GOOD, outcome=Outcome.BLOCKED, sentences=())))
    assert said.value is None
    assert said.reason


@pytest.mark.parametrize("kind", KINDS)
def test_figures_have_names_of_their_own(kind: Kind) -> None:
    """No two figures of a kind share a name, so that runs can be compared by it."""
    names = [measure.name for measure in measures(kind)]
    assert len(set(names)) == len(names)
    assert {"recall@5", "ndcg@10"} <= set(names) or {"abstention", "answer_containment@3"} <= set(names)
