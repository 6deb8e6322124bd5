"""How the head of the guard `document_injection` is trained: documents with and without planted instructions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.domain import Stage
from eval.own_wordings import attacks, lookalikes
from eval.train_guard import texts
from eval.train_guard.rows import Row, read
from guards.checks import document_injection
from guards.guard import Guard, Kit

STAGE = Stage.CONTEXT
FALSE_ALARMS = 0.01
LIMITS = "English. Instructions that look like ordinary text of the document get through."


def rows(folder: Path) -> list[Row]:
    """Documents with and without attacks, sentences of our own, the manual, and passages of other sets."""
    asked = [row for row in read(folder / "input_injection.jsonl") if row.source == "user_oriented"]
    passages = {p[:800]: row for row in read(folder / "groundedness.jsonl") for p in row.passages if len(p) > 40}
    return [
        *(replace(row, source=_kind(row)) for row in read(folder / "context_injection.jsonl")),
        *(Row(text, 1, "own_attacks") for text in attacks()),
        *(Row(text, 0, "own_lookalikes") for text in lookalikes()),
        *_manual(),
        *asked,
        *(Row(text, 0, f"passages_{row.source}", row.split) for text, row in passages.items()),
    ]


def train(rows: Sequence[Row], kit: Kit) -> dict[str, Any]:
    """The numbers of the head."""
    return texts.train(rows, kit, FALSE_ALARMS)


def guard(kit: Kit) -> Guard:
    """The guard as it ships."""
    return document_injection.build({}, kit)


def _manual() -> Iterator[Row]:
    """Parapet's own manual, paragraph by paragraph: commands, settings and code that are no attack."""
    for page in sorted((Path(__file__).parents[2] / "docs").rglob("*.md")):
        for part in page.read_text(encoding="utf-8").split("\n\n"):
            if len(part) > 60:
                yield Row(part, 0, "own_manual")


def _kind(row: Row) -> str:
    return "bipia_table" if row.text.count("|") > 20 else "bipia_code" if "import " in row.text else "bipia_text"
