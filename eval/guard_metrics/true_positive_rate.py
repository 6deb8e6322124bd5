"""True-positive rate at a fixed false-positive rate: what is found when so few harmless texts may fire."""

import numpy as np

from eval.guard_metrics import Flags, Scores, share

DOC = "share of risky texts found at the threshold where at most 1, 2 or 5 % of the harmless ones fire"
AT = ("1", "2", "5")


def value(risky: Flags, scores: Scores, threshold: float, at: str) -> float:  # noqa: ARG001  as every figure
    """From 0 to 1. What scores the same as a harmless text that must not fire is not found.

    With fewer harmless texts than one false alarm would take, none may fire.
    """
    harmless = np.sort(scores[~risky])[::-1]
    if not len(harmless):
        return float("nan")
    allowed = int(len(harmless) * int(at) / 100)
    return share(scores[risky] > harmless[allowed])
