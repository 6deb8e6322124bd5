"""A spreadsheet's cell as its reader sees it: dates, percentages and numbers as text, and whether it shows at all."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

_PERCENT = re.compile(r"0(?:\.(0+))?%")
_NO_DISPLAY = re.compile(r"\s*;\s*;\s*(?:;\s*)?")  # a number format that shows nothing
_WHITE = {"FFFFFFFF", "00FFFFFF"}


def shown(value: object, number_format: str) -> str:
    """The value as text; dates as ISO writes them."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds")
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()


def is_unseen(cell: Any) -> bool:
    """Whether a cell is white on white, or of a format that shows nothing."""
    if _NO_DISPLAY.fullmatch(cell.number_format):
        return True
    colour = cell.font.color
    if colour is None or not _is_white(colour):
        return False
    return cell.fill.fill_type is None or (cell.fill.fill_type == "solid" and _is_white(cell.fill.fgColor))


def _is_white(colour: Any) -> bool:
    """The first colour of a theme is the page's: white, but for themes that nobody uses in sheets."""
    return bool(
        (colour.type == "rgb" and colour.rgb in _WHITE)
        or (colour.type == "theme" and colour.theme == 0 and not colour.tint)
        or (colour.type == "indexed" and colour.indexed in {1, 9})
    )


def _number(value: float, number_format: str) -> str:
    percent = _PERCENT.fullmatch(number_format)
    if percent:
        return f"{value:.{len(percent[1] or '')}%}"
    return str(value) if isinstance(value, int) else f"{value:.15g}"
