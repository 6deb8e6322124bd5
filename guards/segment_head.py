"""Reading and applying the head that judges segments within their passage: a small network over sentence_features.py.

Its numbers lie in the same JSON file as those of the head for texts (head.py), whose logits are among what it reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from core.errors import GuardFailure
from guards import head
from guards.head import Numbers

_FAR = 5.0  # standard deviations from the mean beyond which a feature says no more


@dataclass(frozen=True, slots=True)
class SegmentHead:
    """One hidden layer of rectified units."""

    middle: Numbers  # of each feature, where it was trained
    spread: Numbers  # its standard deviation
    inward: Numbers  # (features, units)
    inward_bias: Numbers
    outward: Numbers  # one weight a unit
    outward_bias: float

    def logits(self, features: Numbers) -> Numbers:
        """The logit of each row; 0 is where it was calibrated to fire."""
        scaled = np.clip((features - self.middle) / self.spread, -_FAR, _FAR)
        hidden = np.maximum(scaled @ self.inward + self.inward_bias, 0)
        found: Numbers = hidden @ self.outward + self.outward_bias
        return found

    def risks(self, features: Numbers) -> Numbers:
        """The risk of each row, 0 to 1."""
        risks: Numbers = 1 / (1 + np.exp(-np.clip(self.logits(features), -30, 30)))
        return risks


@cache
def segment_heads(name: str) -> dict[str, SegmentHead]:
    """The heads over segments of this name, by what they need: "full" with vectors, "words" without."""
    path = head.HEADS / f"{name}.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["segments"]
        return {kind: read(numbers) for kind, numbers in found.items()}
    except (OSError, ValueError, KeyError) as error:
        raise GuardFailure(f"The head guards/heads/{path.name} can't be read: {error}") from error


def read(numbers: Mapping[str, Any]) -> SegmentHead:
    """A head from its numbers, by field; KeyError when one is missing."""
    arrays = {field: np.array(numbers[field], np.float64) for field in _FIELDS[:-1]}
    return SegmentHead(**arrays, outward_bias=float(numbers["outward_bias"]))


_FIELDS = ("middle", "spread", "inward", "inward_bias", "outward", "outward_bias")
