"""Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002), by ir-measures."""

from eval.cases import Case, Score
from eval.ranking import ranked
from eval.results import Retrieved

DOC = "how high the passages that hold the gold words stand among the first k, against the best order there could be"
OF = "retrieval"
AT = ("10",)


def score(case: Case, found: Retrieved, at: str) -> Score:
    """From 0 to 1; unscored for cases without gold."""
    return ranked(f"nDCG@{at}", case, found, int(at))
