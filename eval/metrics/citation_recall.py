"""Citation recall: how much of the gold an answer's citations quote."""

from eval.cases import Case, Score
from eval.cited import citations, stopped
from eval.results import Answered
from eval.stretches import share_covered

DOC = "share of all gold words, in characters, that the answer's citations quote"


def score(case: Case, found: Answered) -> Score:
    """From 0 to 1, 0 for what was declined; unscored for cases without gold and where a guard stopped the turn."""
    if not case.gold:
        return Score(None, "the case names no gold words")
    if stopped(found.answer):
        return Score(None, stopped(found.answer))
    return Score(share_covered(case.gold, [place for _, place in citations(found.answer)]), found.answer.outcome.value)
