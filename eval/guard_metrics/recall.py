"""Recall at the policy's threshold: the true-positive rate of the guard as it stands."""

from eval.guard_metrics import Flags, Scores, share

DOC = "share of the risky texts that fire"


def value(risky: Flags, scores: Scores, threshold: float) -> float:
    """From 0 to 1; not a number without risky texts."""
    return share(scores[risky] >= threshold)
