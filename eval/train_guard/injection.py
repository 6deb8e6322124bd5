"""How the head of the guard `injection` is trained: what is asked, attacks and harmless questions."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core.domain import Stage
from eval.logistic import Array
from eval.own_wordings import attacks, lookalikes
from eval.train_guard import nets
from eval.train_guard.framed import framed
from eval.train_guard.rows import Row, own, read
from guards.checks import injection
from guards.guard import Guard, Kit

STAGE = Stage.INPUT
FALSE_ALARMS = 0.01
EVERYDAY = 600  # requests that stand in frames
GROUPS, LARGE = 12, 50  # groups that are left out in turn; rows from which a family counts no more
LIMITS = (
    "English, some German. Overrides, requests for hidden instructions and roles without limits in many wordings are "
    "found; harmful requests in a story, a piece of research or another soft frame mostly are not (the guard harmful "
    "stands beside it), nor are attacks fitted to this head. Of attacks in families that it has not seen it finds less "
    "than half at 1% false alarms. Some labels of deepset call ordinary role play an attack. Long harmless personas "
    "for assistants are flagged most."
)


def rows(folder: Path) -> list[Row]:
    """The given questions, own sentences and texts, and requests in frames."""
    return [
        *read(folder / "input_injection.jsonl"),
        *(Row(text, 1, "own_attacks") for text in attacks()),
        *(Row(text, 0, "own_lookalikes") for text in lookalikes()),
        *own("injection"),
        *own("injection_benign"),
        *(replace(row, source="own_harmful_safe") for row in own("harmful_safe") if not row.label),
        *(replace(row, source="own_planted_clean") for row in own("planted_clean") if not row.label),
        *framed(list(_harmful(folder)), list(_everyday(folder))),
    ]


def train(rows: Sequence[Row], kit: Kit) -> dict[str, Any]:
    """The numbers of the head."""
    return nets.train(rows, kit, FALSE_ALARMS)


def guard(kit: Kit) -> Guard:
    """The guard as it ships."""
    return injection.build({}, kit)


def left_out(rows: Sequence[Row], kit: Kit) -> list[str]:
    """How heads do on families of attacks and sources of harmless texts of which they saw nothing, head alone.

    Each family and each source counts by its size, but none for more than one of LARGE rows.
    """
    learnt = [row for row in rows if row.split == "train"]
    units = [_unit(row) for row in learnt]
    scores = nets.left_out(learnt, nets.look(learnt, kit), _unit, GROUPS)
    labels = np.array([row.label for row in learnt])
    sizes = Counter(zip(units, labels, strict=True))
    weights = np.array([min(1, LARGE / sizes[unit, label]) for unit, label in zip(units, labels, strict=True)])
    lines = [f"head alone, families and sources left out in {GROUPS} groups (train split)"]
    lines.append(f"  AUROC {weighted_auroc(scores, labels, weights):.3f}")
    for share in (0.01, 0.02, 0.05):
        found = nets.share_at(scores, labels, weights, share)
        lines.append(f"  share of attacks found at {share:.0%} false alarms  {found:.3f}")
    return lines


def weighted_auroc(scores: Array, labels: Array, weights: Array) -> float:
    """The weighted share of (attack, harmless) pairs that the scores order rightly; ties count as they come."""
    order = np.argsort(-scores, kind="stable")
    risky = np.where(labels[order] == 1, weights[order], 0)
    harmless = np.where(labels[order] == 0, weights[order], 0)
    return float((harmless * np.cumsum(risky)).sum() / (risky.sum() * harmless.sum()))


def _unit(row: Row) -> str:
    """What is left out together: a frame with harmful requests and the same with harmless ones, or a source."""
    if row.source == "deepset":
        return f"deepset {row.label}"
    return row.source.replace("own_framed_", "own_frames_")


def _harmful(folder: Path) -> Iterator[str]:
    """Short requests to refuse, of the train split."""
    for row in [*read(folder / "harmful_request.jsonl"), *own("harmful")]:
        if row.label and row.split == "train" and len(row.text.split()) < 25:
            yield row.text


def _everyday(folder: Path) -> Iterator[str]:
    """Short everyday requests, and harmless ones that sound harmful, of the train split."""
    found = []
    for row in read(folder / "input_injection.jsonl"):
        first = row.text.split("\n")[0].strip()
        given = row.split == "train" and row.source in {"self_instruct", "user_oriented"} and not row.label
        if given and 4 <= len(first.split()) <= 22 and re.match(r"[A-Z][a-z]+ ", first) and first[-1] in ".?":
            found.append(first)
    random.Random(1).shuffle(found)  # noqa: S311  not for security
    yield from found[:EVERYDAY]
    yield from (row.text for row in own("harmful_safe") if row.split == "train" and len(row.text.split()) < 25)
