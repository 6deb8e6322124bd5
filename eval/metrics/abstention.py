"""Abstention: whether the assistant answered what can be answered and declined what can't."""

from core.domain import Answer, Outcome
from eval.cases import Case, Score

DOC = "whether answerable questions are answered and unanswerable ones declined"


def score(case: Case, answer: Answer) -> Score:
    """1 or 0; unscored where a guard stopped the turn or it failed."""
    if answer.outcome not in {Outcome.ANSWERED, Outcome.ABSTAINED}:
        return Score(None, f"the question was {answer.outcome.value}")
    answered = answer.outcome is Outcome.ANSWERED
    return Score(float(answered == case.answerable), answer.outcome.value)
