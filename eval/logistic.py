"""Logistic regression in numpy (weighted, ridge-penalised, accelerated gradient descent) and its figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def fit(rows: Array, labels: Array, weights: Array, *, ridge: float, steps: int = 400) -> tuple[Array, float]:
    """The weights and the bias; `weights` says how much each row counts."""
    # everything in 32 bits: else each product would copy the whole design
    counted = (weights / weights.sum()).astype(np.float32)
    labels = labels.astype(np.float32)
    design = np.hstack([rows, np.ones((len(rows), 1))]).astype(np.float32)
    penalty = np.full(design.shape[1], ridge, np.float32)
    penalty[-1] = 0
    # the largest eigenvalue of the weighted Gram matrix bounds the step
    vector = np.ones(design.shape[1], np.float32)
    for _ in range(20):
        vector = design.T @ (counted * (design @ vector))
        vector /= np.linalg.norm(vector)
    size = 1 / (0.25 * float(vector @ (design.T @ (counted * (design @ vector)))) + ridge)
    now = ahead = np.zeros(design.shape[1], np.float32)
    for step in range(steps):
        slope = design.T @ (counted * (probability(design @ ahead) - labels)) + penalty * ahead
        after = (ahead - size * slope).astype(np.float32)
        ahead = after + np.float32(step / (step + 3)) * (after - now)
        now = after
    return now[:-1], float(now[-1])


def probability(logits: Array) -> Array:
    """The probability that a logit stands for."""
    result: Array = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    return result


def balanced(labels: Array, sources: list[str]) -> Array:
    """Both labels count the same; within a label, a source counts by the root of its size."""
    weights = np.zeros(len(labels))
    for label in (0, 1):
        for source in set(sources):
            mine = np.array([s == source and y == label for s, y in zip(sources, labels, strict=True)])
            if mine.any():
                weights[mine] = mine.sum() ** -0.5
        weights[labels == label] /= max(weights[labels == label].sum(), 1e-9)
    return weights


def auroc(scores: Array, labels: Array) -> float:
    """The share of (positive, negative) pairs that the scores order rightly; ties count half."""
    order = np.argsort(scores, kind="stable")
    _, inverse, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = np.empty(len(scores))
    ranks[order] = (last - (counts - 1) / 2)[inverse]
    positive = int((labels == 1).sum())
    negative = len(labels) - positive
    if not positive or not negative:
        return float("nan")
    return float((ranks[labels == 1].sum() - positive * (positive + 1) / 2) / (positive * negative))


def macro_threshold(scores: Array, sources: list[str], share: float) -> float:
    """The least threshold at which the mean over sources of the share at or above it is at most `share`."""
    parts = [scores[[s == source for s in sources]] for source in sorted(set(sources))]
    for threshold in np.sort(scores):
        if np.mean([(part >= threshold).mean() for part in parts]) <= share:
            return float(threshold)
    return float(scores.max()) + 1e-6
