"""Precision at the policy's threshold. It depends on how many of the set's texts are risky."""

from eval.guard_metrics import Flags, Scores, share

DOC = "share of the texts that fire which are risky"


def value(risky: Flags, scores: Scores, threshold: float) -> float:
    """From 0 to 1; not a number when nothing fires."""
    return share(risky[scores >= threshold])
