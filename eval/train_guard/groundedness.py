"""How the heads of the guard `groundedness` are trained: claims and the passages that support them, or do not."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import Stage
from eval.logistic import Array, auroc
from eval.train_guard import features
from eval.train_guard.rows import Row, read
from guards import evidence
from guards.checks import groundedness
from guards.guard import Guard, Kit

STAGE = Stage.OUTPUT
FALSE_ALARMS = 0.10
LIMITS = "English. Finds what leaves the passages; a false one of the passages' own words gets through."


def rows(folder: Path) -> list[Row]:
    """Claims; the set says 1 for supported, a head says 1 for risk."""
    return [replace(row, label=1 - row.label) for row in read(folder / "groundedness.jsonl")]


def train(rows: Sequence[Row], kit: Kit) -> dict[str, Any]:
    """Heads over the numbers of guards/evidence.py, with and without the embedding."""
    measured = [evidence.features(row.text, evidence.gather(row.passages), kit) for row in rows]
    kinds = {"full": (*evidence.LEXICAL, "cosine", "cosine_next"), "lexical": evidence.LEXICAL}
    heads = features.train(rows, measured, kinds, FALSE_ALARMS)
    return {"embedder": kit.embedder.name if kit.embedder else "", "heads": heads}


def guard(kit: Kit) -> Guard:
    """The guard as it ships."""
    return groundedness.build({}, kit)


def measures(rows: Sequence[Row], scores: Array) -> list[str]:
    """AUROC by source."""
    lines = []
    labels = np.array([row.label for row in rows])
    for source in sorted({row.source for row in rows}):
        mine = np.array([row.source == source for row in rows])
        lines.append(f"  AUROC {source:22} {auroc(scores[mine], labels[mine]):.3f}")
    return lines
