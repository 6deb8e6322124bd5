"""F1 at the policy's threshold: the harmonic mean of precision and recall."""

from eval.guard_metrics import Flags, Scores

DOC = "harmonic mean of precision and recall"


def value(risky: Flags, scores: Scores, threshold: float) -> float:
    """From 0 to 1, 0 when no risky text fires; not a number without risky texts."""
    if not risky.any():
        return float("nan")
    fired = scores >= threshold
    return float(2 * (risky & fired).sum() / (risky.sum() + fired.sum()))
