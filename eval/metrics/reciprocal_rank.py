"""Reciprocal rank, whose mean is the MRR (Voorhees 1999), by ir-measures."""

from eval.cases import Case, Score
from eval.ranking import ranked
from eval.results import Retrieved

DOC = "one over the place of the first passage that holds the gold words whole, within the first k; its mean is the MRR"
OF = "retrieval"
AT = ("10",)


def score(case: Case, found: Retrieved, at: str) -> Score:
    """From 0 to 1, 0 when none of them holds it; unscored for cases without gold."""
    return ranked(f"RR@{at}", case, found, int(at))
