"""Reading and applying the learnt heads of guards/heads: logistic regressions over embeddings, words and features.

Heads are plain numbers in JSON. `python -m eval.train_guard` trains them; what a score leads to is the policy's matter.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import GuardFailure
from core.ports import Embedder, Vectors

HEADS = Path(__file__).parent / "heads"
_TERM = re.compile(r"[^\W_]+|[<>|#\[\]{}:\"]")
Numbers = npt.NDArray[np.float64]


def terms(text: str) -> Counter[str]:
    """The words and pairs of words of a text, counted."""
    words = [word if len(word) < 24 else "…" for word in _TERM.findall(text.lower())]
    return Counter(words) + Counter(f"{a} {b}" for a, b in pairwise(words))


@dataclass(frozen=True, slots=True)
class TextHead:
    """Two views of a text, its embedding and its words, and how their logits are joined."""

    embedder: str  # name of the embedding model that it was trained with
    vector: Numbers  # one weight a dimension
    vector_bias: float
    words: Mapping[str, tuple[float, float]]  # term -> (idf, weight)
    words_bias: float
    joint: tuple[float, float, float]  # weight of the vectors' logit, of the words' logit, bias
    alone: tuple[float, float]  # weight of the words' logit and bias, when there is no embedder

    def words_logit(self, text: str) -> float:
        """The words' view."""
        weighted = [
            ((1 + math.log(count)) * self.words[term][0], self.words[term][1])
            for term, count in terms(text).items()
            if term in self.words
        ]
        norm = math.sqrt(sum(value * value for value, _ in weighted)) or 1.0
        return self.words_bias + sum(value * weight for value, weight in weighted) / norm

    def risks(self, texts: Sequence[str], vectors: Vectors | None) -> Numbers:
        """The risk of each text, 0 to 1; 0.5 is where it was calibrated to fire."""
        said = np.array([self.words_logit(text) for text in texts])
        if vectors is None:
            return _sigmoid(self.alone[0] * said + self.alone[1])
        meant = np.asarray(vectors, np.float64) @ self.vector + self.vector_bias
        return _sigmoid(self.joint[0] * meant + self.joint[1] * said + self.joint[2])


@dataclass(frozen=True, slots=True)
class FeatureHead:
    """A logistic regression over named features."""

    weights: Mapping[str, float]
    bias: float

    def risk(self, features: Mapping[str, float]) -> float:
        """The risk, 0 to 1; 0.5 is where it was calibrated to fire."""
        logit = self.bias + sum(weight * features[name] for name, weight in self.weights.items())
        return float(_sigmoid(np.array([logit]))[0])


@cache
def text_head(name: str) -> TextHead:
    """The head over texts of this name."""
    data = _read(name)
    return TextHead(
        embedder=data["embedder"],
        vector=np.array(data["vector"]),
        vector_bias=data["vector_bias"],
        words={term: (idf, weight) for term, idf, weight in data["words"]},
        words_bias=data["words_bias"],
        joint=tuple(data["joint"]),
        alone=tuple(data["alone"]),
    )


@cache
def feature_heads(name: str) -> Mapping[str, FeatureHead]:
    """The heads over features of this name, by what they need."""
    return {kind: FeatureHead(part["weights"], part["bias"]) for kind, part in _read(name)["heads"].items()}


def fits(trained: str, embedder: Embedder | None) -> bool:
    """Whether a head that was trained with an embedder of this name reads this one's vectors.

    Model and hash of its weights count: a head fits every form of them, in 32 bits or in 8, as its card shows.
    """
    return embedder is not None and embedder.name.partition("/")[0] == trained.partition("/")[0]


def _read(name: str) -> Mapping[str, Any]:
    path = HEADS / f"{name}.json"
    try:
        data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GuardFailure(f"The head guards/heads/{path.name} can't be read: {error}") from error
    return data


def _sigmoid(logits: Numbers) -> Numbers:
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
