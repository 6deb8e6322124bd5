"""Fits the ranking of candidates and measures it: `python -m eval.train_ranking --data FOLDER [--write]`.

Each answerable question of the set `squad` is asked of the whole library; its candidates are weighed
(`ingest.searching.features`), and coefficients are sought that put one which holds the answer first: a conditional
logit over the candidates of a question (McFadden 1974). A second fit, of one slope and one intercept, makes the sum
a probability (Platt 1999). Measured on articles that were not fitted to, and on the set `chunking`, which never is.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logsumexp

from eval.bench_retrieval import holds, library_of
from eval.cases import Case, read_cases
from eval.corpora import copy_documents
from ingest.index import Library
from ingest.searching.features import FEATURES
from ingest.searching.ranking import WEIGHTS

RIDGE = 1e-3
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """The candidates of one question."""

    document: str  # that it was written about
    values: Array  # shape (candidates, features)
    right: npt.NDArray[np.bool_]  # which hold the answer


@dataclass(frozen=True, slots=True)
class Fitted:
    """Coefficients over the features as they are, and the intercept that makes the sum log odds."""

    coefficients: Array
    intercept: float

    def scores(self, values: Array) -> Array:
        """Log odds."""
        return np.asarray(values @ self.coefficients + self.intercept)


def main() -> None:
    """Ask, fit, print; with --write store the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with squad/ and chunking/ and their questions")
    parser.add_argument("--questions", type=int, default=0, help="squad questions, drawn with a fixed seed (0: all)")
    parser.add_argument("--write", action="store_true", help=f"store the weights in {WEIGHTS.name}")
    options = parser.parse_args()
    squad = _answerable(options.data / "squad.questions.jsonl", "squad/")
    if options.questions:
        squad = random.Random(0).sample(squad, options.questions)  # noqa: S311
    chunking = _answerable(options.data / "chunking.questions.jsonl", "chunking/")
    with (
        tempfile.TemporaryDirectory() as folder,
        library_of(copy_documents(options.data, Path(folder) / "documents")) as (library, _, _),
    ):
        asked = [ask(library, case) for case in squad]
        others = [ask(library, case) for case in chunking]
    articles = sorted({one.document for one in asked})
    halves = [[one for one in asked if one.document in articles[side::2]] for side in (0, 1)]
    crossed = [(halves[1], fit(halves[0])), (halves[0], fit(halves[1]))]
    figures = {
        "squad, articles not fitted to": told(crossed),
        "chunking, fitted to half of squad": told([(others, crossed[0][1])]),
    }
    plain = {
        "squad, best sentence and BM25, half and half": told_ranks([_plain(one) for one in asked]),
        "chunking, best sentence and BM25, half and half": told_ranks([_plain(one) for one in others]),
    }
    for name, line in (figures | plain).items():
        print(f"  {name:50} {line}")
    if options.write:
        store(fit(asked), figures, len(asked))


def ask(library: Library, case: Case) -> Asked:
    """The candidates of a question, weighed."""
    found = library.weighed(case.question)
    right = [any(holds((f.chunk.source, f.chunk.start, f.chunk.end), gold) for gold in case.gold) for f in found]
    return Asked(case.gold[0].source, np.array([f.values for f in found]), np.array(right, dtype=bool))


def fit(asked: Sequence[Asked]) -> Fitted:
    """Coefficients by the conditional logit, then slope and intercept over all candidates."""
    useful = [one for one in asked if one.right.any()]
    every = np.vstack([one.values for one in useful])
    mean, scale = every.mean(axis=0), every.std(axis=0) + 1e-9
    rows = [(one.values - mean) / scale for one in useful]

    def loss(w: Array) -> tuple[float, Array]:
        total, slope = 0.0, np.zeros_like(w)
        for x, one in zip(rows, useful, strict=True):
            logs = log_softmax(x @ w)
            share = np.exp(logs[one.right] - logsumexp(logs[one.right]))
            total -= float(logsumexp(logs[one.right]))
            slope += np.exp(logs) @ x - share @ x[one.right]
        return total / len(rows) + RIDGE * float(w @ w), slope / len(rows) + 2 * RIDGE * w

    w = minimize(loss, np.zeros(every.shape[1]), jac=True, method="L-BFGS-B").x / scale
    sums = np.concatenate([one.values @ w for one in asked])
    labels = np.concatenate([one.right for one in asked]).astype(float)

    def platt(ab: Array) -> float:
        z = ab[0] * sums + ab[1]
        return float(np.mean(np.logaddexp(0, z) - labels * z))

    a, b = minimize(platt, np.array([1.0, -float(sums.mean())])).x
    return Fitted(np.asarray(a * w), float(b))


def told(groups: Sequence[tuple[Sequence[Asked], Fitted]]) -> str:
    """How questions fare that were not fitted to, and how far the probabilities are off on the whole."""
    ranks, probabilities, labels = [], [], []
    for asked, fitted in groups:
        for one in asked:
            scores = fitted.scores(one.values)
            ranks.append(_first(one.right[np.argsort(-scores, kind="stable")]))
            probabilities.append(expit(scores))
            labels.append(one.right)
    brier = float(np.mean((np.concatenate(probabilities) - np.concatenate(labels)) ** 2))
    return f"{told_ranks(ranks)}  Brier {brier:.4f}"


def told_ranks(ranks: Sequence[int | None]) -> str:
    """Recall and nDCG@10 by the rank of the first right candidate (neighbours not joined yet)."""
    recall = {k: float(np.mean([rank is not None and rank <= k for rank in ranks])) for k in (1, 5)}
    gain = float(np.mean([1 / np.log2(rank + 1) if rank is not None and rank <= 10 else 0.0 for rank in ranks]))
    return f"n {len(ranks)}  recall@1 {recall[1]:.3f}  recall@5 {recall[5]:.3f}  nDCG@10 {gain:.3f}"


def store(fitted: Fitted, figures: dict[str, str], questions: int) -> None:
    """The weights as numbers, with a card."""
    data = {
        "card": {
            "what": "logistic regression: probability that a candidate holds the answer to a question",
            "data": "answerable questions of 16 articles of SQuAD 2.0 dev (CC BY-SA 4.0)",
            "questions": questions,
            "made": date.today().isoformat(),
            "command": "python -m eval.train_ranking --data FOLDER --write",
            "measured": figures,
            "limits": "English; the probability is of candidates of questions that have an answer",
        },
        "features": list(FEATURES),
        "coefficients": [round(float(value), 6) for value in fitted.coefficients],
        "intercept": round(fitted.intercept, 6),
    }
    WEIGHTS.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def _answerable(path: Path, prefix: str) -> list[Case]:
    return [case for case in read_cases(path, prefix) if case.answerable and case.gold]


def _plain(one: Asked) -> int | None:
    """The rank of the first right one by the sum of two scores alone, each stretched to 0..1."""
    near, worded = one.values[:, :2].max(axis=1), one.values[:, 2]
    scores = sum((side - side.min()) / max(float(np.ptp(side)), 1e-9) for side in (near, worded))
    return _first(one.right[np.argsort(-np.asarray(scores), kind="stable")])


def _first(right: npt.NDArray[np.bool_]) -> int | None:
    places = np.flatnonzero(right)
    return int(places[0]) + 1 if len(places) else None


if __name__ == "__main__":
    main()
