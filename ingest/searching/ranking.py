"""The probability that a candidate holds the answer: a logistic regression over `features`, fitted to rank.

Its weights are numbers in `ranking.json`, made and measured by `python -m eval.train_ranking`, which says on what.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import LibraryError
from ingest.searching.features import FEATURES

WEIGHTS = Path(__file__).with_name("ranking.json")


@dataclass(frozen=True, slots=True)
class Ranking:
    """A fitted logistic regression; one coefficient a feature."""

    coefficients: tuple[float, ...]
    intercept: float

    def logit(self, values: Sequence[float]) -> float:
        """The log odds of the probability."""
        return self.intercept + sum(c * v for c, v in zip(self.coefficients, values, strict=True))

    def probability(self, values: Sequence[float]) -> float:
        """From 0 to 1."""
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self.logit(values)))))


@cache
def shipped() -> Ranking:
    """The ranking that is shipped; LibraryError when its file is not of this program."""
    return read(WEIGHTS)


def read(path: Path) -> Ranking:
    """The ranking that a file holds."""
    data = json.loads(path.read_text(encoding="utf-8"))
    if data["features"] != list(FEATURES):
        raise LibraryError(f"{path} was fitted for other features: run `python -m eval.train_ranking --write`.")
    return Ranking(tuple(data["coefficients"]), data["intercept"])


def logit(probability: float) -> float:
    """The log odds of a probability."""
    kept = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(kept / (1 - kept))
