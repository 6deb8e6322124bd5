"""The rows of one sheet out of its XML, in one pass: cells, and which rows and columns the sheet hides.

openpyxl's own reader makes an object of every element and drops what is hidden: it takes five times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

_LAST_COLUMN = 16_384
_TRUE = {"1", "true"}


@dataclass(frozen=True, slots=True)
class Raw:
    """A cell as the file holds it."""

    column: int  # from 1
    kind: str  # n number, s shared string, str formula text, inlineStr, b truth, e error, d date
    style: int  # index of its format
    value: str
    hidden: bool  # in a row or column that the sheet hides


def rows(stream: IO[bytes]) -> Iterator[list[Raw]]:
    """Each row that has cells with anything in them, in order."""
    from lxml import etree  # type: ignore[import-untyped]

    hidden: set[int] = set()
    events = etree.iterparse(stream, tag=("{*}cols", "{*}row"), resolve_entities=False, no_network=True)
    for _, element in events:
        if etree.QName(element).localname == "cols":
            hidden = {column for span in element for column in _columns(span) if _is_hidden(span, "width")}
        else:
            found = list(_cells(element, hidden))
            if found:
                yield found
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _cells(row: Any, hidden: set[int]) -> Iterator[Raw]:
    unseen = _is_hidden(row, "ht")
    column = 0
    for cell in row:
        place = cell.get("r")
        column = _column(place) if place else column + 1
        kind = cell.get("t", "n")
        value = _value(cell, kind)
        if value:
            yield Raw(column, kind, int(cell.get("s", 0)), value, unseen or column in hidden)


def _value(cell: Any, kind: str) -> str:
    for part in cell:
        tag = part.tag
        if kind == "inlineStr" and tag.endswith("}is"):
            return "".join(text.text or "" for text in part.iterfind("{*}t")) or "".join(
                text.text or "" for text in part.iterfind("{*}r/{*}t")
            )
        if tag.endswith("}v"):
            return part.text or ""
    return ""


def _column(place: str) -> int:
    """The number of the column in a place such as `AB12`."""
    number = 0
    for letter in place:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number


def _columns(span: Any) -> range:
    return range(int(span.get("min", 1)), min(int(span.get("max", 0)), _LAST_COLUMN) + 1)


def _is_hidden(element: Any, size: str) -> bool:
    return element.get("hidden") in _TRUE or element.get(size) in {"0", "0.0"}
