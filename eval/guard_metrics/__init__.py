"""Figures of a guard over a labelled set, one a file, found by their file names.

Each has `DOC` (one line) and `value(risky, scores, threshold) -> float`: `risky` (texts,) whether a text is what the
guard must find, `scores` (texts,) its risk from 0 to 1, `threshold` the policy's. Not a number where the texts can't
tell. One may also have `AT`, what it is taken at; then `value(risky, scores, threshold, at)`, and its figures are
NAME@1 and so on.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from core import plugins

METRICS = "eval.guard_metrics"
Flags = npt.NDArray[np.bool_]  # (texts,)
Scores = npt.NDArray[np.float64]  # (texts,)
Value = Callable[..., float]  # of risky, scores, threshold


def measures() -> dict[str, Value]:
    """Every figure by its name, such as true_positive_rate@1."""
    found: dict[str, Value] = {}
    for name in plugins.names(METRICS):
        metric = plugins.load(METRICS, name)
        at = getattr(metric, "AT", ())
        found |= {f"{name}@{one}": partial(metric.value, at=one) for one in at} or {name: metric.value}
    return found


def share(hits: Flags) -> float:
    """The share of these that are true; not a number of none."""
    return float(hits.mean()) if len(hits) else float("nan")
