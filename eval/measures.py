"""The metrics of eval/metrics as figures: which there are for retrieval and for answers, each with what it's taken at.

A metric is a file with `DOC` and `score(case, found) -> Score`. It may also have

- `OF`: `"retrieval"` (found is a Retrieved), `"answers"` (an Answered, the default), or a tuple of both;
- `AT`: what it is taken at, such as `("1", "5")`; then `score(case, found, at)`, and its figures are NAME@1 and NAME@5;
- `combine(values, answerable) -> float`: one figure of all cases' values where that isn't their mean.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from core import plugins
from eval.cases import Case, Score
from eval.results import Answered, Retrieved

METRICS = "eval.metrics"
Kind = Literal["retrieval", "answers"]
Values = npt.NDArray[np.float64]  # (cases,)
Combine = Callable[[Values, npt.NDArray[np.bool_]], float]  # values and whether each case is answerable


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure that is taken of every case."""

    name: str  # such as recall@5
    doc: str
    score: Callable[[Case, Retrieved | Answered], Score]
    combine: Combine


def mean(values: Values, answerable: npt.NDArray[np.bool_]) -> float:  # noqa: ARG001  as every Combine
    """The mean of the cases' values."""
    return float(values.mean())


def measures(kind: Kind) -> tuple[Measure, ...]:
    """Every figure of this kind, by the names of the files."""
    found: list[Measure] = []
    for name in plugins.names(METRICS):
        metric = plugins.load(METRICS, name)
        of = getattr(metric, "OF", "answers")
        if kind not in ((of,) if isinstance(of, str) else of):
            continue
        combine = getattr(metric, "combine", mean)
        at = getattr(metric, "AT", ())
        found += [Measure(f"{name}@{one}", metric.DOC, partial(metric.score, at=one), combine) for one in at]
        if not at:
            found.append(Measure(name, metric.DOC, metric.score, combine))
    return tuple(found)


def combine_named(kind: Kind, name: str) -> Combine:
    """How the figure of this name is made of the cases' values; the mean for a metric that is no longer there."""
    return next((one.combine for one in measures(kind) if one.name == name), mean)
