"""The evidence gate: a calibrated probability that the retrieved passages hold the answer to a question.

The product of two logistic regressions, brought to a true probability by a third (Platt 1999): are the passages about
what is asked, and if they are, does the likeliest sentence answer it? So a question that the library has nothing about
is told by the first, and one that it only seems to answer by the second, which is weighed as seldom as such questions
are. The weights are numbers in `gate.json`, made and measured by `python -m eval.calibration`, which says on what; what
is weighed is in `gate_features.py`. Under the threshold the assistant abstains without calling a language model.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chains.gate_features import ANSWER, RELEVANCE, Features, features, weigh
from chains.gate_words import words_of
from core.domain import Passage
from core.errors import UsageError
from core.ports import Embedder
from core.sentences import split
from core.words import stem

WEIGHTS = Path(__file__).with_name("gate.json")
# stems, who reads (None: the operator) -> (chunks that hold each, chunks in all)
Frequencies = Callable[[Sequence[str], str | None], tuple[list[int], int]]


@dataclass(frozen=True, slots=True)
class Regression:
    """A fitted logistic regression over standardised features."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    coefficients: tuple[float, ...]
    intercept: float

    def probability(self, values: Sequence[float]) -> float:
        """From 0 to 1, for as many values as it was fitted to."""
        z = self.intercept + sum(
            c * (v - m) / s for v, m, s, c in zip(values, self.mean, self.scale, self.coefficients, strict=True)
        )
        return sigmoid(z)


@dataclass(frozen=True, slots=True)
class Weights:
    """What the gate has learnt."""

    relevance: Regression  # the passages are about what is asked
    answer: Regression  # if so, the likeliest sentence answers it
    slope: float  # of the calibration, over the log-odds of their product
    intercept: float

    def probability(self, values: Features) -> float:
        """The calibrated probability, from 0 to 1."""
        product = self.relevance.probability(values.relevance) * self.answer.probability(values.answer)
        return sigmoid(self.slope * log_odds(product) + self.intercept)


def sigmoid(z: float) -> float:
    """The probability of these log-odds."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, z))))


def log_odds(probability: float) -> float:
    """Of a probability; finite at 0 and 1 too."""
    kept = min(max(probability, 1e-12), 1 - 1e-12)
    return math.log(kept / (1 - kept))


def read_weights(path: Path = WEIGHTS) -> Weights:
    """The weights of a file; UsageError when they are for other features than are computed now."""
    data = json.loads(path.read_text(encoding="utf-8"))
    stages = data.get("stages", {})
    for stage, names in (("relevance", RELEVANCE), ("answer", ANSWER)):
        if list(stages.get(stage, {}).get("features", [])) != list(names):
            raise UsageError(
                f"{path}: fitted for other features than the evidence gate computes; fit them anew with "
                "`python -m eval.calibration --data FOLDER --write`"
            )
    return Weights(_regression(stages["relevance"]), _regression(stages["answer"]), **data["calibration"])


class EvidenceGate:
    """Judges whether passages hold the answer to a question."""

    def __init__(self, embedder: Embedder, frequencies: Frequencies, weights: Weights) -> None:
        """Keep what is asked later: vectors only for passages that come without their sentences' cosines."""
        self._embedder = embedder
        self._frequencies = frequencies
        self._weights = weights

    def probability(self, question: str, passages: Sequence[Passage], reader: str | None = None) -> float:
        """From 0 to 1; 0 without passages. What the reader may not read is not counted."""
        return self._weights.probability(self.features(question, passages, reader)) if passages else 0.0

    def features(self, question: str, passages: Sequence[Passage], reader: str | None = None) -> Features:
        """What is weighed, of at least one passage."""
        texts = list(dict.fromkeys(word.text for word in words_of(question) if word.content))
        counts, chunks = self._frequencies([stem(text) for text in texts], reader)
        weighed = weigh(question, dict(zip(texts, counts, strict=True)), chunks)
        read = passages[:5]
        sentences = [split(passage.chunk.text) for passage in read]
        return features(weighed, passages, sentences, self._cosines(question, read, sentences))

    def _cosines(
        self, question: str, passages: Sequence[Passage], sentences: Sequence[Sequence[str]]
    ) -> list[Sequence[float]]:
        """Of each sentence to the question: as the library knows them, else by embedding."""
        known = [p.cosines if len(p.cosines) == len(s) else None for p, s in zip(passages, sentences, strict=True)]
        fresh = [text for cosines, group in zip(known, sentences, strict=True) if cosines is None for text in group]
        if not fresh:
            return [cosines or () for cosines in known]
        vectors = self._embedder.embed([question, *fresh])
        similar = iter((vectors[1:] @ vectors[0]).tolist())
        return [
            [next(similar) for _ in group] if cosines is None else cosines
            for cosines, group in zip(known, sentences, strict=True)
        ]


def _regression(data: Mapping[str, Any]) -> Regression:
    mean, scale, coefficients = zip(*data["features"].values(), strict=True)
    return Regression(mean, scale, coefficients, data["intercept"])
