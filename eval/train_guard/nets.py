"""Training of heads of questions (guards.question_head): small networks over embeddings, hashed words, and their joint.

Everything is fitted on five folds: a fold's rows are scored by what the other four taught, by which the two views are
joined and calibrated, and the five nets together are the embedding's view of the head that ships.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval.logistic import Array, balanced, fit, macro_threshold
from eval.perceptron import Net, fit_net
from eval.train_guard.rows import FOLDS, Row
from guards import normalise, question_head
from guards.guard import Kit
from guards.head import terms
from guards.windows import stretches

TABLE = 1 << 16  # places of the table of words
LEAST_SEEN = 2  # texts that hold a term which is learnt


@dataclass(frozen=True, slots=True)
class Seen:
    """The stretches of all rows, as the head sees them."""

    owner: Array  # index of the row
    labels: Array
    weights: Array
    vectors: Array  # shape (stretches, dimensions), scaled as the nets read them
    words: Any  # sparse, shape (stretches, TABLE): tf-idf, each row of length 1
    idf: Array  # shape (TABLE,)
    sources: tuple[str, ...]  # of each row


def train(rows: Sequence[Row], kit: Kit, false_alarms: float) -> dict[str, Any]:
    """The numbers of a head; at 0.5, `false_alarms` of the harmless rows fire (mean over sources, held-out folds)."""
    seen = look(rows, kit)
    folds = np.array([row.fold for row in rows])[seen.owner]
    held = np.zeros((len(folds), 2))
    nets = []
    for fold in range(FOLDS):
        sys.stderr.write(f"fold {fold + 1} of {FOLDS}\n")
        net, words, bias = views(seen, folds != fold, seed=fold)
        held[folds == fold] = scored(net, words, bias, seen, folds == fold)
        nets.append(net)
    words, bias = fit_words(seen, np.ones(len(folds), bool))
    joint, alone = joined(seen, held), joined(seen, held[:, 1:])
    cuts = [
        cut(seen, held @ joint[:-1] + joint[-1], false_alarms),
        cut(seen, held[:, 1:] @ alone[:-1] + alone[-1], false_alarms),
    ]
    return {
        "embedder": kit.embedder.name if kit.embedder else "",
        "joint": [*joint[:-1], joint[-1] + joint[1] * bias - cuts[0]],
        "alone": [*alone[:-1], alone[-1] + alone[0] * bias - cuts[1]],
        "arrays": _arrays(nets, words, seen.idf),
    }


def look(rows: Sequence[Row], kit: Kit) -> Seen:
    """The stretches of all rows, embedded and with their words weighed."""
    texts, owner = [], []
    for index, row in enumerate(rows):
        plain = normalise.fold(row.text).text
        for a, b in stretches(plain):
            texts.append(plain[a:b])
            owner.append(index)
    sys.stderr.write(f"{len(texts)} stretches of {len(rows)} texts\n")
    owners = np.array(owner)
    vectors = np.concatenate([kit.embed(texts[i : i + 64]) for i in range(0, len(texts), 64)])
    sources = tuple(row.source for row in rows)
    labels = np.array([row.label for row in rows])
    per_row = balanced(labels, list(sources)) / np.bincount(owners, minlength=len(rows)).clip(1)
    idf = _idf(texts)
    words = _sparse([question_head.weighed(text, idf) for text in texts])
    scaled = vectors * np.float32(question_head.SCALE)
    return Seen(owners, labels[owners], per_row[owners], scaled, words, idf, sources)


def views(seen: Seen, inside: Array, *, seed: int) -> tuple[Net, Array, float]:
    """The net, and the weights and bias of the words, from the stretches inside."""
    net = fit_net(seen.vectors[inside], seen.labels[inside], seen.weights[inside], seed=seed)
    return net, *fit_words(seen, inside)


def fit_words(seen: Seen, inside: Array) -> tuple[Array, float]:
    """Weights of the table of words and a bias: a logistic regression with a ridge."""
    from sklearn.linear_model import LogisticRegression

    weights = seen.weights[inside]
    model = LogisticRegression(C=10, max_iter=80, tol=1e-3)
    model.fit(seen.words[inside], seen.labels[inside], weights / weights.mean())
    return model.coef_[0], float(model.intercept_[0])


def scored(net: Net, words: Array, bias: float, seen: Seen, outside: Array) -> Array:
    """The logits of both views, shape (stretches outside, 2)."""
    return np.stack([net.logits(seen.vectors[outside]), seen.words[outside] @ words + bias], axis=1)


def joined(seen: Seen, held: Array) -> list[float]:
    """How much each view's logit counts, and the bias."""
    weights, bias = fit(held, seen.labels, seen.weights, ridge=1e-4)
    return [*map(float, weights), bias]


def worst(seen: Seen, scores: Array) -> Array:
    """The highest score of each row's stretches; -30 for a row without any."""
    found = np.full(len(seen.sources), -30.0)
    np.maximum.at(found, seen.owner, scores)
    return found


def cut(seen: Seen, scores: Array, false_alarms: float) -> float:
    """The score at which this share of harmless rows fires."""
    harmless = np.ones(len(seen.sources), bool)
    harmless[seen.owner[seen.labels == 1]] = False
    sources = [source for source, mine in zip(seen.sources, harmless, strict=True) if mine]
    return macro_threshold(worst(seen, scores)[harmless], sources, false_alarms)


def left_out(rows: Sequence[Row], seen: Seen, unit: Callable[[Row], str], groups: int) -> Array:
    """The score of each row by a head that saw nothing of its unit (a family of attacks, a source of harmless texts).

    Units are put into `groups` by size, and a group at a time is left out: attacks and harmless texts alike.
    """
    units = [unit(row) for row in rows]
    group = {name: i % groups for i, (name, _) in enumerate(Counter(units).most_common())}
    mine = np.array([group[name] for name in units])[seen.owner]
    scores = np.zeros(len(mine))
    for index in range(groups):
        sys.stderr.write(f"left out: group {index + 1} of {groups}\n")
        net, words, bias = views(seen, mine != index, seed=index)
        both = scored(net, words, bias, seen, mine == index)
        scores[mine == index] = both @ np.array([1.0, 0.6])
    return worst(seen, scores)


def _idf(texts: Sequence[str]) -> Array:
    """Inverse document frequency by place; 0 where fewer than LEAST_SEEN texts have a term."""
    held = np.zeros(TABLE)
    for text in texts:
        places = {question_head.place(term, TABLE) for term in terms(text)}
        held[list(places)] += 1
    found: Array = np.where(held >= LEAST_SEEN, np.log((1 + len(texts)) / (1 + held)) + 1, 0)
    return found.astype(np.float16).astype(np.float64)  # as they ship


def _sparse(rows: Sequence[tuple[Array, Array]]) -> Any:
    from scipy.sparse import csr_matrix

    starts = np.cumsum([0, *(len(places) for places, _ in rows)])
    values = np.concatenate([values for _, values in rows])
    places = np.concatenate([places for places, _ in rows])
    return csr_matrix((values.astype(np.float32), places, starts), shape=(len(rows), TABLE))


def _arrays(nets: Sequence[Net], words: Array, idf: Array) -> dict[str, Array]:
    """The numbers as they ship, in 16 bits."""
    found = {
        "inner": np.stack([net.inner for net in nets]),
        "inner_bias": np.stack([net.inner_bias[None] for net in nets]),
        "outer": np.stack([net.outer[:, None] for net in nets]),
        "outer_bias": np.array([[[net.outer_bias]] for net in nets]),
        "idf": idf,
        "weights": np.where(idf > 0, words, 0),
    }
    return {name: array.astype(np.float16) for name, array in found.items()}


def share_at(scores: Array, labels: Array, weights: Array, false_alarms: float) -> float:
    """The weighted share of attacks at or above the least threshold at which that share of harmless ones is, too."""
    order = np.argsort(-scores, kind="stable")
    risky = np.where(labels[order] == 1, weights[order], 0)
    harmless = np.where(labels[order] == 0, weights[order], 0)
    alarms = np.cumsum(harmless) / harmless.sum()
    within = int(np.searchsorted(alarms, false_alarms, side="right"))
    return float(np.cumsum(risky)[within - 1] / risky.sum()) if within else math.nan
