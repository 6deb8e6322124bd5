"""A network with one hidden layer in numpy, by Adam (Kingma and Ba 2015) with dropout (Srivastava et al. 2014)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eval.logistic import Array, probability

RATE = 3e-3  # at its peak; it rises over the first third and falls to 0
SMOOTHED = 0.01  # labels are this far from 0 and 1


@dataclass(frozen=True, slots=True)
class Net:
    """Its numbers; the logit of a row x is `gelu(x @ inner + inner_bias) @ outer + outer_bias`."""

    inner: Array  # shape (dimensions, hidden)
    inner_bias: Array  # shape (hidden,)
    outer: Array  # shape (hidden,)
    outer_bias: float

    def logits(self, rows: Array) -> Array:
        """One logit a row."""
        found: Array = gelu(rows @ self.inner + self.inner_bias)[0] @ self.outer + self.outer_bias
        return found


def fit_net(
    rows: Array,
    labels: Array,
    weights: Array,
    *,
    hidden: int = 64,
    epochs: int = 14,
    batch: int = 256,
    dropout: tuple[float, float] = (0.15, 0.3),
    noise: float = 0.16,
    decay: float = 0.01,
    seed: int = 0,
) -> Net:
    """A net that tells labels 1 from 0; `weights` says how much each row counts.

    `dropout` is the share of numbers left out of the rows and of the hidden layer, `noise` the deviation added to each
    number, `decay` how much weights shrink a step, relative to the rate.
    """
    draw = np.random.default_rng(seed)
    size = rows.shape[1]
    parts = [
        draw.uniform(-1, 1, (size, hidden)).astype(np.float32) * size**-0.5,
        np.zeros(hidden, np.float32),
        draw.uniform(-1, 1, hidden).astype(np.float32) * hidden**-0.5,
        np.zeros(1, np.float32),
    ]
    first = [np.zeros_like(part) for part in parts]
    second = [np.zeros_like(part) for part in parts]
    counted = (weights / weights.mean()).astype(np.float32)
    aims = (labels * (1 - 2 * SMOOTHED) + SMOOTHED).astype(np.float32)
    steps = epochs * -(-len(rows) // batch)
    step = 0
    for _ in range(epochs):
        order = draw.permutation(len(rows))
        for start in range(0, len(rows), batch):
            mine = order[start : start + batch]
            slopes = _slopes(parts, rows[mine], aims[mine], counted[mine], draw, dropout, noise)
            step += 1
            rate = RATE * _schedule(step / steps)
            for index, slope in enumerate(slopes):
                first[index] = 0.9 * first[index] + 0.1 * slope
                second[index] = 0.999 * second[index] + 0.001 * slope**2
                change = (first[index] / (1 - 0.9**step)) / (np.sqrt(second[index] / (1 - 0.999**step)) + 1e-8)
                parts[index] = parts[index] * (1 - rate * decay) - rate * change
    return Net(parts[0], parts[1], parts[2], float(parts[3][0]))


def _slopes(
    parts: list[Array],
    rows: Array,
    aims: Array,
    counted: Array,
    draw: np.random.Generator,
    dropout: tuple[float, float],
    noise: float,
) -> list[Array]:
    """The slopes of the loss of one batch, by the numbers of the net."""
    inner, inner_bias, outer, outer_bias = parts
    kept = draw.random(rows.shape, np.float32) >= dropout[0]
    seen = (rows + noise * draw.standard_normal(rows.shape, np.float32)) * kept / (1 - dropout[0])
    active, bend = gelu(seen @ inner + inner_bias)
    mask = (draw.random(active.shape, np.float32) >= dropout[1]) / np.float32(1 - dropout[1])
    active = active * mask
    off = (probability(active @ outer + outer_bias) - aims) * counted / len(rows)
    back = np.outer(off, outer) * mask * bend
    return [seen.T @ back, back.sum(0), active.T @ off, off.sum(keepdims=True)]


def gelu(values: Array) -> tuple[Array, Array]:
    """x * sigmoid(1.702 x), which is close to the Gaussian error linear unit (Hendrycks and Gimpel 2016); its slope."""
    gate = probability(1.702 * values)
    return values * gate, gate * (1 + 1.702 * values * (1 - gate))


def _schedule(done: float) -> float:
    """The share of the rate at this point of the training, from 0 to 1 and back."""
    return done / 0.3 if done < 0.3 else (1 + np.cos(np.pi * (done - 0.3) / 0.7)) / 2
