"""Recall at k: whether one of the first k passages holds a gold place whole (the success measure of ir-measures)."""

from eval.cases import Case, Score
from eval.ranking import ranked
from eval.results import Retrieved

DOC = "whether one of the first k passages holds the gold words whole"
OF = "retrieval"
AT = ("1", "3", "5", "10")


def score(case: Case, found: Retrieved, at: str) -> Score:
    """1 or 0; unscored for cases without gold."""
    return ranked(f"Success@{at}", case, found, int(at))
