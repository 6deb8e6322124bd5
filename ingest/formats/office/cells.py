"""A spreadsheet's cells as their reader sees them: dates, percentages and numbers as text, and which show at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from ingest.formats.office.sheet import Raw
from ingest.formats.office.workbook import Workbook

_PERCENT = re.compile(r"0(?:\.(0+))?%")
_NO_DISPLAY = re.compile(r"\s*;\s*;\s*(?:;\s*)?")  # a number format that shows nothing
_WHITE = {"FFFFFFFF", "00FFFFFF"}
_TRUTHS = {"0": "FALSE", "1": "TRUE"}


@dataclass(frozen=True, slots=True)
class _Format:
    """What a cell's format means for its text."""

    number: str
    is_date: bool
    is_duration: bool
    unseen: bool


class Cells:
    """Knows a workbook's formats and shared texts."""

    def __init__(self, book: Workbook) -> None:
        """Formats are looked up when a cell first needs them."""
        self._book = book
        self._formats: dict[int, _Format] = {}

    def text(self, cell: Raw) -> str:
        """What a cell shows."""
        if cell.kind == "s":
            return self._book.texts[int(cell.value)].strip()
        if cell.kind == "n":
            return self._number(cell)
        return _TRUTHS.get(cell.value, cell.value) if cell.kind == "b" else cell.value.strip()

    def is_unseen(self, cell: Raw) -> bool:
        """Whether a cell is in a hidden row or column, white on white, or of a format that shows nothing."""
        return cell.hidden or self._format(cell).unseen

    def _number(self, cell: Raw) -> str:
        from openpyxl.utils.datetime import from_excel  # type: ignore[import-untyped]

        number = int(cell.value) if cell.value.isdecimal() else float(cell.value)
        kind = self._format(cell)
        if not (kind.is_date or kind.is_duration):
            return _plain(number, kind.number)
        try:
            return _moment(from_excel(number, self._book.epoch, timedelta=kind.is_duration))
        except (ValueError, OverflowError):
            return _plain(number, "")  # a number that is no day, which the reader sees as ####

    def _format(self, cell: Raw) -> _Format:
        if cell.style not in self._formats:
            self._formats[cell.style] = _format(self._book.styled(cell.style))
        return self._formats[cell.style]


def _format(cell: Any) -> _Format:
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format  # type: ignore[import-untyped]

    written = cell.number_format
    duration = is_timedelta_format(written)
    return _Format(written, is_date_format(written) and not duration, duration, _hides(cell))


def _hides(cell: Any) -> bool:
    if _NO_DISPLAY.fullmatch(cell.number_format):
        return True
    colour = cell.font.color
    if colour is None or not _is_white(colour):
        return False
    return bool(cell.fill.fill_type is None or (cell.fill.fill_type == "solid" and _is_white(cell.fill.fgColor)))


def _is_white(colour: Any) -> bool:
    """The first colour of a theme is the page's: white, but for themes that nobody uses in sheets."""
    return bool(
        (colour.type == "rgb" and colour.rgb in _WHITE)
        or (colour.type == "theme" and colour.theme == 0 and not colour.tint)
        or (colour.type == "indexed" and colour.indexed in {1, 9})
    )


def _plain(number: float, number_format: str) -> str:
    percent = _PERCENT.fullmatch(number_format)
    if percent:
        return f"{number:.{len(percent[1] or '')}%}"
    return str(number) if isinstance(number, int) else f"{number:.15g}"


def _moment(value: object) -> str:
    """Dates as ISO writes them; midnight says that only the day is meant."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds")
    return str(value)
