"""Bootstrap intervals: where they lie, and when there is none."""

import numpy as np
import pytest

from eval.bootstrap import interval
from eval.measures import mean


def test_the_interval_of_a_mean_is_about_two_standard_errors_wide() -> None:
    """On many values it agrees with the normal interval, and is the same each time."""
    values = np.random.default_rng(1).random(2000)
    found = interval(mean, values, values > 0.5)
    assert found == interval(mean, values, values > 0.5)
    error = 1.96 * values.std() / len(values) ** 0.5
    assert found == pytest.approx((values.mean() - error, values.mean() + error), abs=0.15 * error)


def test_columns_are_drawn_together() -> None:
    """The difference of a column and itself plus one is one in every draw."""
    values = np.arange(20.0)
    assert interval(lambda a, b: float(b.mean() - a.mean()), values, values + 1) == pytest.approx((1.0, 1.0))


def test_too_few_cases_have_no_interval() -> None:
    """One case, and draws in which there is nothing to compare."""
    assert interval(mean, np.ones(1), np.ones(1, bool)) is None
    assert interval(lambda a: float("nan") if a.min() == a.max() else 1.0, np.arange(3.0)) is None
