"""Tables of web pages: which ones hold data, and their cells in rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ingest.formats.hypertext.inline import words_of
from ingest.formats.markdown_table import markdown_table

_MOST_SPAN = 50  # rows or columns that one cell may cover; more is an attack or a mistake
_NOT_IN_DATA = ("table", "h1", "h2", "h3", "pre")


def lays_out(table: Any) -> bool:
    """Whether a table only places blocks on the page: nested tables, headings or code in it, or one row or column."""
    if table.get("role") in {"presentation", "none"} or any(True for _ in table.iterdescendants(*_NOT_IN_DATA)):
        return True
    rows = [list(_cells(row)) for row in _rows(table)]
    return len(rows) < 2 or max(map(len, rows)) < 2


def caption_of(table: Any) -> str:
    """What the table is called."""
    caption = table.find("caption")
    return words_of(caption) if caption is not None else ""


def grid_of(table: Any, words: Callable[[Any], str]) -> str:
    """The table as Markdown; a cell over several rows is told in each, over several columns once."""
    rows: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}  # by column: rows yet to come of a cell from above, and its words
    for row in _rows(table):
        made: list[str] = []
        for cell in _cells(row):
            _hang(made, hanging)
            text = words(cell)
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for place in range(wide):
                if high > 1:
                    hanging[len(made)] = (high - 1, text if place == 0 else "")
                made.append(text if place == 0 else "")
        _hang(made, hanging)
        rows.append(made)
    return markdown_table(rows)


def _hang(made: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Fill in what hangs down into this row from the next column on."""
    while len(made) in hanging:
        left, text = hanging.pop(len(made))
        if left > 1:
            hanging[len(made)] = (left - 1, text)
        made.append(text)


def _rows(table: Any) -> Iterator[Any]:
    return (row for row in table.iter("tr") if next(row.iterancestors("table")) is table)


def _cells(row: Any) -> Iterator[Any]:
    return (cell for cell in row if cell.tag in {"td", "th"})


def _span(cell: Any, name: str) -> int:
    told = cell.get(name, "1").strip()
    return min(max(int(told), 1), _MOST_SPAN) if told.isdecimal() and len(told) < 9 else 1
