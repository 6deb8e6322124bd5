"""Training of heads over named numbers (guards.head.FeatureHead), one for each set of numbers that may be at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from eval.logistic import balanced, fit, macro_threshold
from eval.train_guard.rows import FOLDS, Row


def train(
    rows: Sequence[Row], measured: Sequence[Mapping[str, float]], kinds: Mapping[str, Sequence[str]], share: float
) -> dict[str, Any]:
    """A head for each kind, over the numbers that it names; `measured` has the numbers of each row.

    At 0.5, `share` of the rows with label 0 fire, as the mean over their sources, on held-out folds.
    """
    labels = np.array([row.label for row in rows])
    weights = balanced(labels, [row.source for row in rows])
    folds = np.array([row.fold for row in rows])
    heads = {}
    for kind, names in kinds.items():
        design = np.array([[found[feature] for feature in names] for found in measured])
        held = np.zeros(len(rows))
        for fold in range(FOLDS):
            inside = folds != fold
            part, bias = fit(design[inside], labels[inside], weights[inside], ridge=1e-4, steps=3000)
            held[~inside] = design[~inside] @ part + bias
        part, bias = fit(design, labels, weights, ridge=1e-4, steps=3000)
        supported = labels == 0
        sources = [row.source for row in rows if not row.label]
        cut = macro_threshold(held[supported], sources, share)
        heads[kind] = {"weights": dict(zip(names, map(float, part), strict=True)), "bias": bias - cut}
    return heads
