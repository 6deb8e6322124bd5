"""Over-defence, told from its good side: how many of the harmless texts are let through at the policy's threshold."""

from eval.guard_metrics import Flags, Scores, share

DOC = "share of the harmless texts that do not fire (one less the false-positive rate); low means over-defence"


def value(risky: Flags, scores: Scores, threshold: float) -> float:
    """From 0 to 1; not a number without harmless texts."""
    return share(scores[~risky] < threshold)
