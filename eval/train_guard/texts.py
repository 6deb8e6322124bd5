"""Training of heads over texts (guards.head.TextHead): two views of windows, and how they are joined."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eval.logistic import Array, balanced, fit, macro_threshold
from eval.train_guard.rows import FOLDS, Row
from guards import head, normalise
from guards.guard import Kit
from guards.windows import windows

VOCABULARY = 3000  # words and pairs of words


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of all rows: what the head sees of them."""

    texts: list[str]
    owner: Array  # index of the row
    labels: Array
    vectors: Array  # shape (windows, dimensions)
    counts: list[Counter[str]]  # terms of each window


def train(rows: Sequence[Row], kit: Kit, false_alarms: float) -> dict[str, Any]:
    """A head over texts: embeddings, words, and how they are joined, calibrated on held-out folds.

    At 0.5, `false_alarms` (a share) of the harmless rows fire, as the mean over their sources.
    """
    seen = windowed(rows, kit)
    folds = np.array([row.fold for row in rows])[seen.owner]
    held = np.zeros((len(seen.texts), 2))
    for fold in range(FOLDS):
        inside, outside = folds != fold, folds == fold
        sys.stderr.write(f"fold {fold + 1} of {FOLDS}\n")
        head_part = _fit_views(rows, seen, inside)
        held[outside] = _logits(head_part, seen, outside)
    owners = [rows[i].source for i in seen.owner]
    weights = balanced(seen.labels, owners)
    joint, joint_bias = fit(held, seen.labels, weights, ridge=1e-4)
    alone, alone_bias = fit(held[:, 1:], seen.labels, weights, ridge=1e-4)
    whole = _fit_views(rows, seen, np.ones(len(seen.texts), bool))
    benign = [i for i, row in enumerate(rows) if not row.label]
    for scores, shift in ((held @ joint + joint_bias, "joint"), (held[:, 1:] @ alone + alone_bias, "alone")):
        worst = np.full(len(rows), -30.0)
        np.maximum.at(worst, seen.owner, scores)
        cut = macro_threshold(worst[benign], [rows[i].source for i in benign], false_alarms)
        whole[shift] = [*map(float, joint if shift == "joint" else alone)]
        whole[shift].append((joint_bias if shift == "joint" else alone_bias) - cut)
    embedder = kit.embedder.name if kit.embedder else ""
    return {"embedder": embedder, **whole}


def windowed(rows: Sequence[Row], kit: Kit) -> Windows:
    """The windows of all rows, folded and embedded."""
    texts, owner, labels = [], [], []
    for index, row in enumerate(rows):
        plain = normalise.fold(row.text)
        for a, b in windows(plain.text):
            begin, end = plain.span(a, b)
            label = row.label
            if row.span is not None:  # only windows that hold a good part of the planted words are attacks
                shared = min(end, row.span[1]) - max(begin, row.span[0])
                label = int(shared >= 0.5 * min(end - begin, row.span[1] - row.span[0]))
            texts.append(plain.text[a:b])
            owner.append(index)
            labels.append(label)
    sys.stderr.write(f"{len(texts)} windows of {len(rows)} texts\n")
    vectors = np.concatenate([kit.embed(texts[i : i + 256]) for i in range(0, len(texts), 256)])
    return Windows(texts, np.array(owner), np.array(labels), vectors, [head.terms(text) for text in texts])


def _fit_views(rows: Sequence[Row], seen: Windows, inside: Array) -> dict[str, Any]:
    """Both views from the windows inside; long attacks then keep only the windows that look like one."""
    kept = inside.copy()
    for again in (False, True):
        labels, sources = seen.labels[kept], [rows[i].source for i in seen.owner[kept]]
        weights = balanced(labels, sources)
        vector, vector_bias = fit(seen.vectors[kept], labels, weights, ridge=2e-4)
        if not again:
            scores = seen.vectors @ vector
            kept = inside & ~_faint(rows, seen, scores)
    vocabulary = _vocabulary([c for c, k in zip(seen.counts, kept, strict=True) if k])
    dense = _dense([c for c, k in zip(seen.counts, kept, strict=True) if k], vocabulary)
    words, words_bias = fit(dense, labels, weights, ridge=1e-4)
    table = [(term, idf, float(words[place])) for term, (place, idf) in vocabulary.items()]
    return {"vector": vector.tolist(), "vector_bias": vector_bias, "words": table, "words_bias": words_bias}


def _faint(rows: Sequence[Row], seen: Windows, scores: Array) -> Array:
    """The windows of attacks of three windows and more that look less like one than the attack's median window."""
    faint = np.zeros(len(scores), bool)
    for index, row in enumerate(rows):
        if not row.label or row.span is not None:
            continue
        mine = np.flatnonzero(seen.owner == index)
        if len(mine) > 2:
            faint[mine] = scores[mine] < np.median(scores[mine])
    return faint


def _vocabulary(counts: Sequence[Counter[str]]) -> dict[str, tuple[int, float]]:
    held = Counter(term for count in counts for term in count)
    common = [(term, n) for term, n in held.most_common(VOCABULARY) if n >= 3]
    return {term: (i, math.log((1 + len(counts)) / (1 + n)) + 1) for i, (term, n) in enumerate(common)}


def _dense(counts: Sequence[Counter[str]], vocabulary: Mapping[str, tuple[int, float]]) -> Array:
    rows = np.zeros((len(counts), len(vocabulary)), np.float32)
    for row, count in zip(rows, counts, strict=True):
        for term, n in count.items():
            if term in vocabulary:
                place, idf = vocabulary[term]
                row[place] = (1 + math.log(n)) * idf
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(norms == 0, 1, norms)


def _logits(part: Mapping[str, Any], seen: Windows, inside: Array) -> Array:
    vocabulary = {term: (i, idf) for i, (term, idf, _) in enumerate(part["words"])}
    dense = _dense([c for c, k in zip(seen.counts, inside, strict=True) if k], vocabulary)
    said = dense @ np.array([weight for _, _, weight in part["words"]]) + part["words_bias"]
    meant = seen.vectors[inside] @ np.array(part["vector"]) + part["vector_bias"]
    return np.stack([meant, said], axis=1)
