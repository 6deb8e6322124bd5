"""Bootstrap intervals (Efron 1979, percentile method) of figures and of differences between runs, with a fixed seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Interval = tuple[float, float]  # low and high end
Column = npt.NDArray[Any]  # (cases,): one value a case, numbers or flags
LEVEL = 0.95
DRAWS = 2000
SEED = 0


def interval(statistic: Callable[..., float], *columns: Column) -> Interval | None:
    """Where the middle 95 of 100 draws of the cases, with replacement, put the statistic.

    The columns are drawn together; the statistic takes them in order. None when there are fewer than two cases, or so
    few that a draw holds nothing to compare.
    """
    cases = len(columns[0])
    if cases < 2:
        return None
    rng = np.random.default_rng(SEED)
    found = np.empty(DRAWS)
    for draw in range(DRAWS):
        drawn = rng.integers(cases, size=cases)
        found[draw] = statistic(*(column[drawn] for column in columns))
    if np.isnan(found).any():
        return None
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
