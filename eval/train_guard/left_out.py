"""Training of heads over texts whose figures are told of groups that the head never saw: a source, a kind of harm.

The same two views as texts.py gives (guards.head.TextHead), fitted by scikit-learn over sparse words, which is quick
enough to fit them anew without each group in turn. The embedding's view is penalised less than there: with many
sources of harmless texts that generalises better.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from eval.logistic import Array, balanced, fit, macro_threshold
from eval.train_guard.rows import FOLDS, Row
from eval.train_guard.texts import Windows

VOCABULARY = 6000  # words and pairs of words
STRENGTH = 10.0  # of the evidence against the penalty (scikit-learn's C), for both views


def train(rows: Sequence[Row], seen: Windows, false_alarms: float) -> tuple[dict[str, Any], Array]:
    """The numbers of a TextHead, and the logit of each row from a fold that it was not in, shape (rows,).

    A logit is 0 where `false_alarms` (a share) of the harmless rows fire, as the mean over their sources.
    """
    folds = np.array([row.fold for row in rows])[seen.owner]
    held = np.zeros((len(seen.texts), 2))
    for fold in range(FOLDS):
        held[folds == fold] = logits(views(rows, seen, folds != fold), seen, folds == fold)
    weights = balanced(seen.labels, [rows[i].source for i in seen.owner])
    whole: dict[str, Any] = views(rows, seen, np.ones(len(folds), bool))
    worst = np.zeros(len(rows))
    for name, columns in (("alone", [1]), ("joint", [0, 1])):
        slope, bias = fit(held[:, columns], seen.labels, weights, ridge=1e-4, steps=2000)
        worst = highest(held[:, columns] @ slope + bias, seen, len(rows))
        harmless = np.array([not row.label for row in rows])
        cut = macro_threshold(worst[harmless], [row.source for row in rows if not row.label], false_alarms)
        whole[name] = [*map(float, slope), bias - cut]
        worst = worst - cut
    return whole, worst


def without(rows: Sequence[Row], seen: Windows, head: Mapping[str, Any], groups: Sequence[str]) -> Array:
    """The logit of each row from views that were fitted without the row's whole group; shape (rows,)."""
    mine = np.array(groups)[seen.owner]
    held = np.zeros(len(seen.texts))
    meant, said, bias = head["joint"]
    for group in sorted(set(groups)):
        outside = mine == group
        both = logits(views(rows, seen, ~outside), seen, outside)
        held[outside] = both @ np.array([meant, said]) + bias
    return highest(held, seen, len(rows))


def highest(scores: Array, seen: Windows, rows: int) -> Array:
    """The highest score among the windows of each row."""
    worst = np.full(rows, -30.0)
    np.maximum.at(worst, seen.owner, scores)
    return worst


def views(rows: Sequence[Row], seen: Windows, inside: Array) -> dict[str, Any]:
    """Both views, fitted on the windows inside."""
    weights = balanced(seen.labels[inside], [rows[i].source for i in seen.owner[inside]])
    counts = [count for count, kept in zip(seen.counts, inside, strict=True) if kept]
    vocabulary = _vocabulary(counts)
    vector, vector_bias = _regression(seen.vectors[inside], seen.labels[inside], weights)
    words, words_bias = _regression(_sparse(counts, vocabulary), seen.labels[inside], weights)
    table = [(term, idf, float(words[place])) for term, (place, idf) in vocabulary.items()]
    return {"vector": vector.tolist(), "vector_bias": vector_bias, "words": table, "words_bias": words_bias}


def logits(part: Mapping[str, Any], seen: Windows, inside: Array) -> Array:
    """The logits of both views for the windows inside, shape (windows, 2)."""
    vocabulary = {term: (place, idf) for place, (term, idf, _) in enumerate(part["words"])}
    counts = [count for count, kept in zip(seen.counts, inside, strict=True) if kept]
    said = _sparse(counts, vocabulary) @ np.array([weight for _, _, weight in part["words"]]) + part["words_bias"]
    return np.stack([seen.vectors[inside] @ np.array(part["vector"]) + part["vector_bias"], said], axis=1)


def _regression(design: Any, labels: Array, weights: Array) -> tuple[Array, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=STRENGTH, max_iter=500).fit(design, labels, sample_weight=weights / weights.mean())
    return model.coef_[0], float(model.intercept_[0])


def _vocabulary(counts: Sequence[Counter[str]]) -> dict[str, tuple[int, float]]:
    held = Counter(term for count in counts for term in count)
    common = [(term, n) for term, n in held.most_common(VOCABULARY) if n >= 2]
    return {term: (place, math.log((1 + len(counts)) / (1 + n)) + 1) for place, (term, n) in enumerate(common)}


def _sparse(counts: Sequence[Counter[str]], vocabulary: Mapping[str, tuple[int, float]]) -> Any:
    """One row a window: its terms, damped, weighted by rarity, of length 1; as guards.head.TextHead reads them."""
    from scipy.sparse import csr_matrix

    values: list[float] = []
    places: list[int] = []
    ends = [0]
    for count in counts:
        found = [(vocabulary[term], n) for term, n in count.items() if term in vocabulary]
        weighted = [(1 + math.log(n)) * idf for (_, idf), n in found]
        norm = math.sqrt(sum(value * value for value in weighted)) or 1.0
        values += [value / norm for value in weighted]
        places += [place for (place, _), _ in found]
        ends.append(len(values))
    return csr_matrix((values, places, ends), shape=(len(counts), len(vocabulary)))
