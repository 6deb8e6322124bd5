"""How the head of the guard `injection` is trained: what is asked, attacks and harmless questions."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.domain import Stage
from eval.own_wordings import attacks, lookalikes
from eval.train_guard import texts
from eval.train_guard.rows import Row, own, read
from guards.checks import injection
from guards.guard import Guard, Kit

STAGE = Stage.INPUT
FALSE_ALARMS = 0.01
LIMITS = (
    "English, some German. Explicit overrides, requests for hidden instructions and role play; harmful requests in "
    "disguise and attacks fitted to this head get through."
)


def rows(folder: Path) -> list[Row]:
    """The given questions, sentences by pattern, and texts of our own writing."""
    made = [Row(text, 1, "own_attacks") for text in attacks()] + [
        Row(text, 0, "own_lookalikes") for text in lookalikes()
    ]
    return [*read(folder / "input_injection.jsonl"), *made, *own("injection"), *own("injection_benign")]


def train(rows: Sequence[Row], kit: Kit) -> dict[str, Any]:
    """The numbers of the head."""
    return texts.train(rows, kit, FALSE_ALARMS)


def guard(kit: Kit) -> Guard:
    """The guard as it ships."""
    return injection.build({}, kit)
