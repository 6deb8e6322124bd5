"""The learnt head of questions: small networks over the embedding that a question needs anyway, and its words.

Its numbers lie in guards/heads/NAME.safetensors, the way they are joined and the card in NAME.json; neither holds code.
Where several risks have such a head, each has its own files.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import GuardFailure
from core.ports import Vectors
from guards.head import HEADS, terms

SCALE = 8.0  # by which a vector of length 1 is multiplied before a net reads it
Numbers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class QuestionHead:
    """Two views of a text, its embedding and its words, and how their logits are joined."""

    embedder: str  # name of the embedding model that it was trained with
    inner: Numbers  # shape (nets, dimensions, hidden)
    inner_bias: Numbers  # shape (nets, 1, hidden)
    outer: Numbers  # shape (nets, hidden, 1)
    outer_bias: Numbers  # shape (nets, 1, 1)
    idf: Numbers  # of each place of the table of words; 0: no word was seen there
    weights: Numbers  # of each place of the table of words
    joint: tuple[float, float, float]  # weight of the nets' logit, of the words' logit, bias
    alone: tuple[float, float]  # weight of the words' logit and bias, when there is no embedder

    def risks(self, texts: Sequence[str], vectors: Vectors | None) -> Numbers:
        """The risk of each text, 0 to 1; 0.5 is where it was calibrated to fire. `vectors`: one row a text."""
        said = np.array([self.words_logit(text) for text in texts])
        if vectors is None:
            return _sigmoid(self.alone[0] * said + self.alone[1])
        return _sigmoid(self.joint[0] * self.nets_logits(vectors) + self.joint[1] * said + self.joint[2])

    def nets_logits(self, vectors: Vectors) -> Numbers:
        """The embedding's view: the mean of the nets' logits, one a row."""
        hidden = (np.asarray(vectors, np.float32) * SCALE) @ self.inner + self.inner_bias
        active = hidden * _sigmoid(1.702 * hidden)
        found: Numbers = (active @ self.outer + self.outer_bias).mean(axis=0)[:, 0]
        return found

    def words_logit(self, text: str) -> float:
        """The words' view."""
        places, values = weighed(text, self.idf)
        return float(values @ self.weights[places])


def weighed(text: str, idf: Numbers) -> tuple[Numbers, Numbers]:
    """Places in the table of words, and how much each counts: tf-idf, brought to length 1 as a whole."""
    counts = terms(text)
    places = np.array([place(term, len(idf)) for term in counts], np.int64)
    values = np.array([1 + math.log(count) for count in counts.values()]) * (idf[places] if len(places) else 1)
    length = math.sqrt(float(values @ values)) or 1.0
    return places, values / length


def place(term: str, size: int) -> int:
    """Where a term stands in a table of this size (hashing: Weinberger et al. 2009); two may share a place."""
    return zlib.crc32(term.encode("utf-8", "replace")) % size


@cache
def question_head(name: str) -> QuestionHead:
    """The head of this name; GuardFailure when its files can't be read."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    path = HEADS / f"{name}.safetensors"
    try:
        data = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        arrays = {key: np.asarray(value, np.float32) for key, value in load_file(path).items()}
        return QuestionHead(data["embedder"], **arrays, joint=tuple(data["joint"]), alone=tuple(data["alone"]))
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise GuardFailure(f"The head guards/heads/{path.name} can't be read: {error}") from error


def _sigmoid(logits: Numbers) -> Numbers:
    result: Numbers = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    return result
