"""Answer containment: whether the answer holds one of the wordings that were hoped for."""

from core.domain import Answer, Outcome
from core.words import words
from eval.cases import Case, Score

DOC = "whether the answer's text holds one of the hoped-for wordings"


def score(case: Case, answer: Answer) -> Score:
    """1 or 0, by whole words in any case; unscored for cases without wordings."""
    if not case.answers:
        return Score(None, "the case names no wording")
    if answer.outcome is not Outcome.ANSWERED:
        return Score(0.0, f"the question was {answer.outcome.value}")
    said = f" {' '.join(words(answer.text))} "
    for wording in case.answers:
        if f" {' '.join(words(wording))} " in said:
            return Score(1.0, wording)
    return Score(0.0, "none of the wordings stands in the answer")
