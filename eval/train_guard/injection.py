"""How the head of the guard `injection` is trained: what is asked, attacks and harmless questions."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.domain import Stage
from eval.own_wordings import attacks, lookalikes
from eval.train_guard import nets
from eval.train_guard.framed import framed
from eval.train_guard.rows import Row, own, read
from guards.checks import injection
from guards.guard import Guard, Kit

STAGE = Stage.INPUT
FALSE_ALARMS = 0.01
EVERYDAY = 600  # requests that stand in frames
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
