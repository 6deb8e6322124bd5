"""Citation precision: the share of citations that quote gold words."""

from eval.cases import Case, Score
from eval.cited import citations
from eval.results import Answered
from eval.stretches import of_gold, overlaps

DOC = "share of an answer's citations whose quote has words of the gold in it"


def score(case: Case, found: Answered) -> Score:
    """From 0 to 1; unscored for cases without gold and for answers that cite nothing."""
    if not case.gold:
        return Score(None, "the case names no gold words")
    cited = citations(found.answer)
    if not cited:
        return Score(None, "the answer cites nothing")
    gold = of_gold(case.gold)
    right = sum(any(overlaps(place, one) for one in gold) for _, place in cited)
    return Score(right / len(cited), f"{right} of {len(cited)} quote gold words")
