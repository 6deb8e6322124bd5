"""How the head of the guard `document_injection` is trained: sentences first, then sentences in their passage.

The first step learns how an instruction sounds (vector, words). The second learns what that means in a passage, from
logits that the first gave to families of instructions that it had not seen, so that it does not trust them too much.
"""

from __future__ import annotations

import math
import sys
import warnings
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import Stage
from eval.logistic import Array, auroc, balanced, macro_threshold
from eval.train_guard import planting
from eval.train_guard.rows import FOLDS, Row
from guards import head, normalise
from guards import sentence_features as seen
from guards.checks import document_injection
from guards.guard import Guard, Kit
from guards.segment_head import read, segment_heads
from guards.segments import segments

STAGE = Stage.CONTEXT
FALSE_ALARMS = 0.01
LIMITS = (
    "English. Instructions that read like the document's own (an order in a manual, a question in an interview), and "
    "false statements planted as facts, get through; so do many instructions of a kind that it was not trained on. "
    "Families of the dev split are those of the train split in other words, and its composed documents hold real texts "
    "with planted ones. The network was calibrated on passages that it had seen, with logits from held-out folds. "
    "The margin was chosen by how many passages of package descriptions, a kind not trained on, fired."
)
VOCABULARY = 8000
NETWORKS, UNITS, EPOCHS = 4, 24, 8
MARGIN = 1.0  # logits beyond the cut: clean documents of kinds that were not trained on score higher than these
MANY = frozenset({"self_instruct", "user_oriented", "own_attacks", "deepset"})  # families that are many in one


@dataclass(frozen=True, slots=True)
class Passages:
    """The segments of all rows, in order: `owner` says of which row, `place` which of `texts` (each once) it is."""

    texts: list[str]
    vectors: Array  # (texts, dimensions)
    terms: list[Counter[str]]  # a text each
    place: Array
    owner: Array
    labels: Array  # 1: within what was planted
    worded: Array  # weight of known wordings, 0 to 1


def rows(folder: Path) -> list[Row]:
    """Clean documents, and such with an instruction or with a foreign sentence."""
    return planting.documents(folder)


def guard(kit: Kit) -> Guard:
    """The guard as it ships."""
    segment_heads.cache_clear()
    return document_injection.build({}, kit)


def train(rows: Sequence[Row], kit: Kit) -> dict[str, Any]:
    """The numbers of the head: vector and words of a segment, and the two judges of segments in their passage."""
    found = _passages(rows, kit)
    folds = _folds(rows, found)
    held = np.zeros((len(found.texts), 2))
    for fold in range(FOLDS):
        sys.stderr.write(f"fold {fold + 1} of {FOLDS}\n")
        part = _sounds(rows, found, folds[found.place] != fold)
        mine = np.flatnonzero(folds == fold)
        held[mine] = _logits(part, found, mine)
    whole = _sounds(rows, found, np.ones(len(found.owner), bool))
    heads = {kind: _judge(rows, found, held, kind) for kind in ("full", "words")}
    embedder = kit.embedder.name if kit.embedder else ""
    return {"embedder": embedder, **whole, "joint": (0.5, 0.5, 0.0), "alone": (1.0, 0.0), "segments": heads}


def measures(rows: Sequence[Row], scores: Array) -> list[str]:
    """Over the given set and over everything: how well risky and clean are told apart."""
    labels = np.array([row.label for row in rows])
    given = np.array([row.source in {"bipia_mail", "bipia_table", "bipia_code"} for row in rows])
    plain = np.array([not row.source.startswith(planting.FOREIGN) for row in rows])
    lines = []
    for what, mine in (("given set", given), ("all but foreign sentences", plain), ("all", labels >= 0)):
        clean, risky = scores[mine & (labels == 0)], scores[mine & (labels == 1)]
        shares = [f"{(risky > np.quantile(clean, 1 - rate)).mean():.3f} at {rate:.0%}" for rate in (0.01, 0.05)]
        told = f"AUROC {auroc(scores[mine], labels[mine]):.3f}, true positives {', '.join(shares)} false ones"
        lines.append(f"  {what:26} {told} ({len(risky)} risky, {len(clean)} clean)")
    return lines


def _passages(rows: Sequence[Row], kit: Kit) -> Passages:
    known: dict[str, int] = {}
    place, owner, labels, worded = [], [], [], []
    for index, row in enumerate(rows):
        plain = normalise.fold(row.text)
        parts = segments(plain.text)
        worded += document_injection.wordings(plain.text, parts) if parts else []
        for a, b in parts:
            place.append(known.setdefault(plain.text[a:b], len(known)))
            owner.append(index)
            labels.append(_is_planted(row, plain.span(a, b)))
    texts = list(known)
    sys.stderr.write(f"{len(place)} segments, {len(texts)} of them different, of {len(rows)} texts\n")
    vectors = np.concatenate([kit.embed(texts[i : i + 512]) for i in range(0, len(texts), 512)])
    terms = [head.terms(seen.BEGIN + text) for text in texts]
    return Passages(texts, vectors, terms, *map(np.array, (place, owner, labels, worded)))


def _is_planted(row: Row, where: tuple[int, int]) -> int:
    if row.span is None:
        return 0
    shared = min(where[1], row.span[1]) - max(where[0], row.span[0])
    return int(shared >= 0.5 * (where[1] - where[0]) or shared >= 0.9 * (row.span[1] - row.span[0]))


def _folds(rows: Sequence[Row], found: Passages) -> Array:
    """The fold of each text: that of its family where it was planted, so that a held-out fold holds new families."""
    folds = np.array([_crc(text) for text in found.texts])
    planted = found.labels == 1
    for place, owner in zip(found.place[planted], found.owner[planted], strict=True):
        source = rows[owner].source
        if source not in MANY:
            folds[place] = _crc(source)
    return folds


def _crc(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "replace")) % FOLDS


def _sounds(rows: Sequence[Row], found: Passages, inside: Array) -> dict[str, Any]:
    """How an instruction sounds; of a planted text of many segments only those that sound most like one are learnt."""
    places, labels, weights = _examples(rows, found, inside)
    vector, bias = _fit(found.vectors[places], labels, weights, strength=3)
    kept = inside & ~_faint(found, found.vectors @ vector)
    places, labels, weights = _examples(rows, found, kept)
    vector, bias = _fit(found.vectors[places], labels, weights, strength=3)
    vocabulary = _vocabulary([found.terms[place] for place in places])
    words, words_bias = _fit(_weighed(found, places, vocabulary), labels, weights, strength=6)
    table = [(term, idf, float(words[place])) for term, (place, idf) in vocabulary.items()]
    return {"vector": vector.tolist(), "vector_bias": bias, "words": table, "words_bias": words_bias}


def _examples(rows: Sequence[Row], found: Passages, inside: Array) -> tuple[Array, Array, Array]:
    """Each text once a label, with its weight: labels count the same, and sources by the root of their size."""
    keys, first = np.unique(found.place[inside] * 2 + found.labels[inside], return_index=True)
    sources = [rows[owner].source for owner in found.owner[inside][first]]
    labels = keys % 2
    return keys // 2, labels, balanced(labels, sources) * len(keys) / 2


def _fit(design: Any, labels: Array, weights: Array, *, strength: float) -> tuple[Array, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, max_iter=200).fit(design, labels, sample_weight=weights)
    return model.coef_[0], float(model.intercept_[0])


def _faint(found: Passages, scores: Array) -> Array:
    """The segments of a planted text that sound less like an instruction than its median segment."""
    faint = np.zeros(len(found.owner), bool)
    planted = np.flatnonzero(found.labels == 1)
    for mine in np.split(planted, np.flatnonzero(np.diff(found.owner[planted])) + 1):
        if len(mine) > 1:
            said = scores[found.place[mine]]
            faint[mine[said < np.median(said)]] = True
    return faint


def _vocabulary(counts: Sequence[Counter[str]]) -> dict[str, tuple[int, float]]:
    """Where each term stands in the design, and its inverse document frequency."""
    held = Counter(term for count in counts for term in count)
    common = [(term, n) for term, n in held.most_common(VOCABULARY) if n >= 4]
    return {term: (i, math.log((1 + len(counts)) / (1 + n)) + 1) for i, (term, n) in enumerate(common)}


def _weighed(found: Passages, places: Array, vocabulary: dict[str, tuple[int, float]]) -> Any:
    """The words' view as a sparse matrix, a row a text, weighed as head.TextHead does."""
    from scipy.sparse import csr_matrix

    values, columns, ends = [], [], [0]
    for place in places:
        known = [(vocabulary[t], n) for t, n in found.terms[place].items() if t in vocabulary]
        weighed = [(1 + math.log(n)) * idf for (_, idf), n in known]
        norm = math.sqrt(sum(value * value for value in weighed)) or 1.0
        values += [value / norm for value in weighed]
        columns += [column for (column, _), _ in known]
        ends.append(len(values))
    return csr_matrix((values, columns, ends), shape=(len(places), len(vocabulary)))


def _logits(part: dict[str, Any], found: Passages, places: Array) -> Array:
    """The logits of the words and of the vector of these texts."""
    vocabulary = {term: (i, idf) for i, (term, idf, _) in enumerate(part["words"])}
    weights = np.array([weight for _, _, weight in part["words"]])
    said = _weighed(found, places, vocabulary) @ weights + part["words_bias"]
    return np.stack([said, found.vectors[places] @ np.array(part["vector"]) + part["vector_bias"]], axis=1)


def _judge(rows: Sequence[Row], found: Passages, held: Array, kind: str) -> dict[str, Any]:
    """A judge of segments in their passage, whose logit is 0 where so few clean passages fire."""
    parts = np.split(np.arange(len(found.owner)), np.flatnonzero(np.diff(found.owner)) + 1)
    design = np.concatenate([_measured(found, held, mine, kind) for mine in parts])
    # a passage counts once a segment: a long one has more places at which it must not fire
    weights = balanced(np.array([row.label for row in rows]), [row.source for row in rows])[found.owner]
    for label in (0, 1):
        weights[found.labels == label] /= weights[found.labels == label].sum()
    numbers = _network(design, found.labels, weights * len(weights) / 2)
    worst = np.full(len(rows), -30.0)
    np.maximum.at(worst, found.owner, read(numbers).logits(design))
    clean = [i for i, row in enumerate(rows) if not row.label]
    cut = macro_threshold(worst[clean], [rows[i].source for i in clean], FALSE_ALARMS)
    sys.stderr.write(f"{kind}: cut at {cut:.2f}\n")
    return {**numbers, "outward_bias": numbers["outward_bias"] - cut - MARGIN}


def _network(design: Array, labels: Array, weights: Array) -> dict[str, Any]:
    """The numbers of a segment_head.SegmentHead: the mean of some small networks, which make one wider network."""
    from sklearn.neural_network import MLPClassifier

    middle, spread = design.mean(axis=0), design.std(axis=0) + 1e-6
    scaled = np.clip((design - middle) / spread, -5, 5)
    made = [
        MLPClassifier(
            (UNITS,), batch_size=1024, alpha=1.0, learning_rate_init=3e-3, max_iter=EPOCHS, tol=0, random_state=seed
        )
        for seed in range(NETWORKS)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is stopped before it converges, on purpose
        for one in made:
            one.fit(scaled, labels, sample_weight=weights)
    return {
        "middle": middle.tolist(),
        "spread": spread.tolist(),
        "inward": np.concatenate([one.coefs_[0] for one in made], axis=1).tolist(),
        "inward_bias": np.concatenate([one.intercepts_[0] for one in made]).tolist(),
        "outward": (np.concatenate([one.coefs_[1][:, 0] for one in made]) / NETWORKS).tolist(),
        "outward_bias": float(np.mean([one.intercepts_[1][0] for one in made])),
    }


def _measured(found: Passages, held: Array, mine: Array, kind: str) -> Array:
    places = found.place[mine]
    said, meant = held[places].T
    texts = [found.texts[place] for place in places]
    if kind == "full":
        return seen.features(texts, found.worded[mine], said, meant, found.vectors[places])
    return seen.features(texts, found.worded[mine], said, None, None)
