"""What speaks for a candidate answering a question, as numbers that mean the same for every question and library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from ingest.searching.terms import Pair, Terms

FEATURES = (
    "vector",  # cosine of the chunk to the question
    "sentence",  # … of its nearest sentence
    "lexical",  # BM25 over the most that the question's words could weigh
    "coverage",  # share of the question's content words that it holds, rare ones weighing more
    "best_sentence",  # the most that one sentence reaches of cosine and coverage, half and half
    "nearest_coverage",  # coverage of the nearest sentence
    "pairs",  # share of the question's neighbouring content words that are neighbours in it too
    "phrases",  # … stop words counted
)
_BM25_CEILING = 2.2  # what BM25 gives a word at most is its weight times this (k1 + 1)


def features(
    asked: Terms,
    held: Terms,
    weights: Mapping[str, float],
    *,
    vector: float,
    cosines: Sequence[float],
    lexical: float,
) -> tuple[float, ...]:
    """The values of FEATURES. `weights`: of each stem of the question; `cosines`: of the sentences, where known."""
    content = {stem: weights.get(stem, 0.0) for stem in asked.content}
    shares = [_share(content, part) for part in held.by_sentence]
    known = len(cosines) == len(shares) and bool(shares)
    near = list(cosines) if known else [vector] * len(shares)
    nearest = max(range(len(near)), key=near.__getitem__, default=None)
    total = sum(weights.values()) or 1.0
    return (
        vector,
        max(cosines, default=vector),
        lexical / (_BM25_CEILING * total),
        _share(content, frozenset(held.every)),
        max((0.5 * cosine + 0.5 * share for cosine, share in zip(near, shares, strict=True)), default=0.5 * vector),
        0.0 if nearest is None else shares[nearest],
        _part(asked.pairs, held.content),
        _part(asked.phrases, held.every),
    )


def _share(content: Mapping[str, float], held: frozenset[str]) -> float:
    total = sum(content.values())
    return sum(weight for stem, weight in content.items() if stem in held) / total if total else 0.0


def _part(asked: frozenset[Pair], held: Sequence[str]) -> float:
    """The share of pairs that stand side by side in a text."""
    return len(asked.intersection(pairwise(held))) / len(asked) if asked else 0.0
