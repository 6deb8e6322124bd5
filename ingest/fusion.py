"""Joins what words found and what vectors found: each side's scores stretched to 0..1, then added half and half."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

VECTOR_SHARE = 0.5  # measured on encyclopaedia articles: better than rank fusion and than either side alone
Key = TypeVar("Key", bound=Any)  # anything that can be hashed and put in order


def fuse(cosines: Mapping[Key, float], bm25: Mapping[Key, float]) -> list[tuple[Key, float]]:
    """(key, score from 0 to 1) of every key of either side, best first; equal ones in the order of their keys."""
    near, worded = _stretched(cosines), _stretched(bm25)
    scores = {
        key: VECTOR_SHARE * near.get(key, 0.0) + (1 - VECTOR_SHARE) * worded.get(key, 0.0) for key in {*cosines, *bm25}
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _stretched(scores: Mapping[Key, float]) -> dict[Key, float]:
    low, high = _range(scores.values())
    if high <= low:  # one candidate, or all the same: they share the side's whole weight if there is any
        return {key: 1.0 if score > 0 else 0.0 for key, score in scores.items()}
    return {key: (score - low) / (high - low) for key, score in scores.items()}


def _range(values: Iterable[float]) -> tuple[float, float]:
    found = list(values)
    return (min(found), max(found)) if found else (0.0, 0.0)
