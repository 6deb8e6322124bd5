"""How the heads of the guard `groundedness` are trained: claims and the passages that support them, or do not.

A row is a whole reply and the guard judges sentences, the worst of which counts: of a row that is not supported only
the sentence that looks worst is learnt from (multiple-instance learning, Andrews et al. 2002). Where the head fires is
set on sources that it was not trained on, one left out at a time, so that it means the same for further ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core import sentences
from core.domain import Stage
from eval.logistic import Array, auroc, balanced, fit, macro_threshold
from eval.train_guard.rows import Row, read
from guards.checks import groundedness
from guards.grounding import evidence
from guards.grounding.claims import bare, claims_nothing
from guards.grounding.features import FULL, LEXICAL, features
from guards.grounding.reading import Reader
from guards.guard import Guard, Kit

STAGE = Stage.OUTPUT
FALSE_ALARMS = 0.10
LIMITS = (
    "English. Finds what leaves the passages; a false sentence of the passages' own words gets through, and long "
    "passages with scattered evidence are told apart worst."
)
ROUNDS = 3  # times that the worst sentence is chosen anew
KINDS = {"full": FULL, "lexical": LEXICAL}
_ELSEWHERE = "_elsewhere"
_READ = 4096  # sentences that are remembered while training
_ALARMS = (0.5, 0.6, 0.7)  # where false alarms of sources left out are told


def rows(folder: Path) -> list[Row]:
    """Claims; the set says 1 for supported, a head says 1 for risk."""
    return [replace(row, label=1 - row.label) for row in read(folder / "groundedness.jsonl")]


def elsewhere(rows: Sequence[Row]) -> list[Row]:
    """Each supported claim beside the passages of another one of its source: nothing there supports it."""
    found = []
    for source in sorted({row.source for row in rows}):
        mine = [row for row in rows if row.source == source and not row.label]
        for place, row in enumerate(mine):
            other = mine[(place + len(mine) // 2) % len(mine)]
            if other.passages != row.passages:
                found.append(replace(row, label=1, passages=other.passages, source=f"{source}{_ELSEWHERE}"))
    return found


def train(rows: Sequence[Row], kit: Kit) -> dict[str, Any]:
    """Heads over the numbers of guards/grounding/features.py, with and without the embedding."""
    reader = None if kit.embedder is None else Reader(kit.embedder, _READ)
    rows = [*rows, *elsewhere(rows)]
    measured = [_measured(row, reader) for row in rows]
    kept = [(row, found) for row, found in zip(rows, measured, strict=True) if found]
    heads, alarms = {}, {}
    for kind, names in KINDS.items():
        bags = [np.array([[one[name] for name in names] for one in found]) for _, found in kept]
        heads[kind], alarms[kind] = _calibrated([row for row, _ in kept], bags, names)
    return {"embedder": kit.embedder.name if kit.embedder else "", "left_out": alarms, "heads": heads}


def guard(kit: Kit) -> Guard:
    """The guard as it ships."""
    return groundedness.build({}, kit)


def measures(rows: Sequence[Row], scores: Array) -> list[str]:
    """AUROC by source, over all rows and over those that claim something."""
    lines = []
    labels = np.array([row.label for row in rows])
    claiming = np.array([not all(map(claims_nothing, _plain(row.text))) for row in rows])
    for source in sorted({row.source for row in rows}):
        mine = np.array([row.source == source for row in rows])
        every, some = auroc(scores[mine], labels[mine]), auroc(scores[mine & claiming], labels[mine & claiming])
        lines.append(f"  AUROC {source:22} {every:.3f}, of rows that claim something {some:.3f}")
    return lines


def _plain(text: str) -> list[str]:
    return [bare(sentence) for sentence in sentences.split(text)]


def _measured(row: Row, reader: Reader | None) -> list[dict[str, float]]:
    """The numbers of each sentence that claims something."""
    held = evidence.gather(row.passages)
    return [features(sentence, held, reader) for sentence in _plain(row.text) if not claims_nothing(sentence)]


def _calibrated(rows: Sequence[Row], bags: Sequence[Array], names: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """The head, and how it does on sources that were left out of its training.

    Its logit is stretched to a probability (Platt 1999) and moved so that FALSE_ALARMS of the supported rows of left
    out sources have 0.5 and more.
    """
    labels = np.array([row.label for row in rows])
    owners = np.array([row.source.removesuffix(_ELSEWHERE) for row in rows])
    given = np.array([not row.source.endswith(_ELSEWHERE) for row in rows])
    held = np.zeros(len(rows))
    for source in sorted(set(owners)):
        inside = owners != source
        part, bias = _fit_worst(rows, bags, inside)
        held[~inside] = [(bag @ part + bias).max() for bag, kept in zip(bags, inside, strict=True) if not kept]
    weights = balanced(labels[given], list(owners[given]))
    (stretch,), _ = fit(held[given, None], labels[given], weights, ridge=1e-4)
    supported = labels == 0
    cut = macro_threshold(held[supported], list(owners[supported]), FALSE_ALARMS)
    part, bias = _fit_worst(rows, bags, np.ones(len(rows), bool))
    risks = 1 / (1 + np.exp(-stretch * (held - cut)))
    head = {"weights": dict(zip(names, map(float, part * stretch), strict=True)), "bias": (bias - cut) * float(stretch)}
    return head, [
        *_told(risks[given], labels[given], owners[given]),
        *_told(risks[~given], labels[~given], np.array([row.source for row in rows])[~given]),
    ]


def _told(risks: Array, labels: Array, owners: Array) -> list[str]:
    """A line a source: how it fares when it is left out."""
    lines = []
    for source in sorted(set(owners)):
        mine = owners == source
        right, wrong = risks[mine & (labels == 0)], risks[mine & (labels == 1)]
        parts = [f"{source} left out"] + ([f"AUROC {auroc(risks[mine], labels[mine]):.3f}"] if len(right) else [])
        for at in _ALARMS:
            alarms = f"false alarms {(right >= at).mean():.3f}, " if len(right) else ""
            parts.append(f"at {at} {alarms}found {(wrong >= at).mean():.3f}")
        lines.append("; ".join(parts))
    return lines


def _fit_worst(rows: Sequence[Row], bags: Sequence[Array], inside: Array) -> tuple[Array, float]:
    """Weights and bias from the rows inside: all sentences of supported rows, the worst one of the others."""
    places = [int(place) for place in np.flatnonzero(inside)]
    chosen: Mapping[int, Array] = {i: bags[i] for i in places}
    for _ in range(ROUNDS):
        design = np.concatenate([chosen[i] for i in places])
        owner = [i for i in places for _ in chosen[i]]
        labels = np.array([rows[i].label for i in owner])
        weights = balanced(labels, [rows[i].source for i in owner])
        part, bias = fit(design, labels, weights, ridge=1e-4, steps=3000)
        chosen = {i: bags[i] if not rows[i].label else bags[i][[int((bags[i] @ part).argmax())]] for i in places}
    return part, bias
