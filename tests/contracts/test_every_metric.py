"""What every metric keeps: a value from 0 to 1 or none with a reason, the same each time."""

from dataclasses import replace

import pytest

from core import plugins
from core.domain import Answer, Chunk, Citation, Outcome, Passage, Sentence, Support
from eval.cases import Case, Gold, Score

TEXT = "Staff get 25 days of holiday a year."
CHUNK = Chunk("a.md", "Handbook", TEXT, start=10, end=10 + len(TEXT))
CITATION = Citation(1, "a.md", "Handbook", None, "25 days", 20, 27)
GOOD = Answer(
    turn="t",
    question="How many?",
    outcome=Outcome.ANSWERED,
    text=TEXT,
    sentences=(Sentence(TEXT, citations=(CITATION,), support=0.9, state=Support.SUPPORTED),),
    passages=(Passage(CHUNK, score=0.9, rank=1),),
)
CASE = Case("1", "How many?", answers=("25 days",), gold=(Gold("a.md", 20, 27),))
WRONG = replace(
    GOOD,
    text="Nothing of the kind.",
    sentences=(Sentence("x", citations=(replace(CITATION, start=11, end=18),)),),
    passages=(Passage(replace(CHUNK, source="b.md"), score=0.9, rank=1),),
)
NAMES = plugins.names("eval.metrics")


def score(name: str, case: Case, answer: Answer) -> Score:
    """What a metric says."""
    found = plugins.load("eval.metrics", name).score(case, answer)
    assert isinstance(found, Score)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_good_answer_scores_one_and_a_wrong_one_zero(name: str) -> None:
    """The two ends of the scale."""
    wrong = replace(WRONG, outcome=Outcome.ABSTAINED) if name == "abstention" else WRONG
    assert score(name, CASE, GOOD).value == 1.0
    assert score(name, CASE, wrong).value == 0.0
    assert score(name, CASE, wrong) == score(name, CASE, wrong)


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_scored_is_not_zero(name: str) -> None:
    """A case without what the metric needs, or a turn that was stopped, is unscored with a reason."""
    found = score(name, Case("2", "?"), replace(GOOD, outcome=Outcome.BLOCKED, sentences=()))
    assert found.value is None
    assert found.reason
