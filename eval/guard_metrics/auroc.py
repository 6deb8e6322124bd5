"""Area under the ROC curve (Hanley and McNeil 1982): how well scores order risky before harmless, at no threshold."""

from eval.guard_metrics import Flags, Scores
from eval.metrics.abstention_auroc import combine

DOC = "chance that a risky text scores above a harmless one, a tie counting half"


def value(risky: Flags, scores: Scores, threshold: float) -> float:  # noqa: ARG001  as every figure
    """From 0 to 1, .5 by chance; not a number when only one kind of text is there."""
    return combine(scores, risky)
