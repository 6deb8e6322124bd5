"""The evidence gate: a calibrated probability that the retrieved passages hold the answer to a question.

A logistic regression over scores that retrieval gives anyway; its weights are numbers in `gate.json`, made and
measured by `python -m eval.calibrate_gate`, which says on what. Under the threshold the assistant abstains without
calling a language model.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.domain import Passage
from core.ports import Embedder
from core.sentences import split
from core.words import content_stems

WEIGHTS = Path(__file__).with_name("gate.json")
FEATURES = (
    "best_vector",  # cosine of the nearest passage
    "vector_gap",  # how far it stands above the fifth
    "lexical_share",  # BM25 of the best passage over the most that the question's words could weigh
    "best_sentence",  # cosine of the nearest sentence
    "first_sentence",  # cosine of the nearest sentence within the first passage
    "coverage_first",  # share of the question's words, rare ones weighing more, that the first passage holds
    "coverage_three",  # … that the first three hold together
    "coverage_sentence",  # … that one sentence holds at most
    "unknown_share",  # share of the question's weight on words that no document holds
    "terms",  # content words of the question, at most 12
)
# stems, who reads (None: the operator) -> (chunks that hold each, chunks in all)
Frequencies = Callable[[Sequence[str], str | None], tuple[list[int], int]]


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted logistic regression over standardised features."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float


def read_weights(path: Path = WEIGHTS) -> Weights:
    """The weights that are shipped."""
    data = json.loads(path.read_text(encoding="utf-8"))
    if data["features"] != list(FEATURES):
        raise ValueError(f"{path.name} was fitted for other features; run python -m eval.calibrate_gate")
    return Weights(tuple(data["mean"]), tuple(data["scale"]), tuple(data["coefficients"]), data["intercept"])


class EvidenceGate:
    """Judges whether passages hold the answer to a question."""

    def __init__(self, embedder: Embedder, frequencies: Frequencies, weights: Weights) -> None:
        self._embedder = embedder
        self._frequencies = frequencies
        self._weights = weights

    def probability(self, question: str, passages: Sequence[Passage], reader: str | None = None) -> float:
        """From 0 to 1; 0 without passages. What the reader may not read is not counted."""
        if not passages:
            return 0.0
        w = self._weights
        values = self.features(question, passages, reader)
        z = w.intercept + sum(
            c * (v - m) / s for v, m, s, c in zip(values, w.mean, w.scale, w.coefficients, strict=True)
        )
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, z))))

    def features(self, question: str, passages: Sequence[Passage], reader: str | None = None) -> list[float]:
        """The values of FEATURES, in order."""
        idf, most = self._idf(question, reader)
        cosines = self._sentence_cosines(question, passages[:5])
        sentences = [split(p.chunk.text) for p in passages[:5]]
        held = [set(content_stems(p.chunk.embedded)) for p in passages[:3]]
        vectors = sorted((p.vector or 0.0 for p in passages), reverse=True)
        total = sum(idf.values()) or 1.0
        known = {stem: weight for stem, weight in idf.items() if weight < most}
        return [
            vectors[0],
            vectors[0] - vectors[min(4, len(vectors) - 1)],
            max(p.lexical or 0.0 for p in passages) / (2.2 * total),
            max((max(c) for c in cosines if len(c)), default=0.0),
            max(cosines[0], default=0.0),
            _share(idf, held[0]),
            _share(idf, set().union(*held)),
            max((_share(idf, set(content_stems(s))) for group in sentences for s in group), default=0.0),
            1 - sum(known.values()) / total,
            min(len(idf), 12),
        ]

    def _idf(self, question: str, reader: str | None) -> tuple[dict[str, float], float]:
        """The weight of each content word, and the weight of a word that no document holds."""
        stems = list(dict.fromkeys(content_stems(question)))
        counts, chunks = self._frequencies(stems, reader)
        weights = {s: math.log(1 + (chunks - n + 0.5) / (n + 0.5)) for s, n in zip(stems, counts, strict=True)}
        return weights, math.log(1 + (chunks + 0.5) / 0.5)

    def _sentence_cosines(self, question: str, passages: Sequence[Passage]) -> list[list[float]]:
        groups = [split(p.chunk.text) for p in passages]
        flat = [sentence for group in groups for sentence in group]
        vectors = self._embedder.embed([question, *flat])
        similar = np.asarray(vectors[1:] @ vectors[0])
        found, at = [], 0
        for group in groups:
            found.append([float(x) for x in similar[at : at + len(group)]])
            at += len(group)
        return found


def _share(idf: dict[str, float], held: set[str]) -> float:
    total = sum(idf.values())
    return sum(weight for stem, weight in idf.items() if stem in held) / total if total else 0.0
