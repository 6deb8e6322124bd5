"""How probable it is that each sentence answers: a softmax over all sentences of the passages (conditional logit).

The weights are numbers in `ranking.json`, made and measured by `python -m eval.train_answerer`, which says on what.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from chains.extract.asking import Asked
from chains.extract.candidates import Candidate
from chains.extract.features import FEATURES, features

WEIGHTS = Path(__file__).with_name("ranking.json")


@dataclass(frozen=True, slots=True)
class Ranker:
    """Fitted weights of standardised features (McFadden 1974: the probability of each choice among those offered)."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    coefficients: tuple[float, ...]

    def scores(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The logit of each row of features, to be compared within one question."""
        centred = (rows - np.array(self.mean)) / np.array(self.scale)
        # row by row, so that the order of candidates never changes the last bit of a score
        return np.array([float(np.dot(row, self.coefficients)) for row in centred])

    def probabilities(self, asked: Asked, found: Sequence[Candidate]) -> list[float]:
        """One a candidate, in order, adding up to 1: that it is the sentence that answers, if any does."""
        logits = self.scores(features(asked, found))
        shares = np.exp(logits - logits.max())
        return [float(share) for share in shares / shares.sum()]


@lru_cache(maxsize=4)
def read_ranker(path: Path = WEIGHTS) -> Ranker:
    """The ranker that is shipped; ValueError when it was fitted for other features."""
    data = json.loads(path.read_text(encoding="utf-8"))
    if data["features"] != list(FEATURES):
        raise ValueError(f"{path.name} was fitted for other features; run python -m eval.train_answerer")
    return Ranker(tuple(data["mean"]), tuple(data["scale"]), tuple(data["coefficients"]))
