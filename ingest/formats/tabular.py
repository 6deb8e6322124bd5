"""Rows of cells as lines that make sense alone: each value stands beside the name of its column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_LONGEST_NAME = 60  # of a column; longer cells are content
_VALUE = re.compile(
    r"[-+(]?\W?\s?\d[\d\s.,:/%()T+Z-]*\W?|\d{4}-\d\d.*|[^\s@]+@[^\s@]+\.\w+|https?://\S+", re.IGNORECASE
)


def is_name(cell: str) -> bool:
    """Whether a cell may name a column: a few words, no number, date or address."""
    return 0 < len(cell) <= _LONGEST_NAME and "\n" not in cell and not _VALUE.fullmatch(cell)


def lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A line for each row that holds anything.

    The first row of two cells or more names the columns if all its cells can; rows above it are captions. Where it
    doesn't, values stand side by side.
    """
    names: list[str] | None = None
    waiting: list[str] = []  # the row of names: written only when nothing comes after it
    for row in rows:
        cells = [" ".join(cell.split()) for cell in row]
        filled = [cell for cell in cells if cell]
        if not filled:
            continue
        if names is None and len(filled) > 1:
            names = cells if _are_names(cells) else []
            waiting = filled if names else []
            if names:
                continue
        waiting = []
        yield _line(cells, names or [])
    if waiting:
        yield " | ".join(waiting)


def _are_names(cells: Sequence[str]) -> bool:
    """A column on the edge may stay without a name, as those of row numbers do."""
    filled = [cell for cell in cells if cell]
    return len(filled) >= max(2, len(cells) - 1) and len(set(filled)) == len(filled) and all(map(is_name, filled))


def _line(cells: Sequence[str], names: Sequence[str]) -> str:
    named = [*names, *[""] * (len(cells) - len(names))]
    return " | ".join(f"{name}: {cell}" if name else cell for name, cell in zip(named, cells, strict=False) if cell)
