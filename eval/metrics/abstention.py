"""Abstention: whether the assistant answered what can be answered and declined what can't."""

from core.domain import Outcome
from eval.cases import Case, Score
from eval.results import Answered

DOC = "whether answerable questions are answered and unanswerable ones declined"


def score(case: Case, found: Answered) -> Score:
    """1 or 0; unscored where a guard stopped the turn or it failed."""
    outcome = found.answer.outcome
    if outcome not in {Outcome.ANSWERED, Outcome.ABSTAINED}:
        return Score(None, f"the question was {outcome.value}")
    return Score(float((outcome is Outcome.ANSWERED) == case.answerable), outcome.value)
