"""The marks that Word puts before list items and numbered headings; files hold only how to count them."""

from __future__ import annotations

import re
from typing import Any

from ingest.formats.office.looks import W

BULLET = "-"
_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_ROMAN = {1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l"}
_ROMAN |= {40: "xl", 10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i"}
_MOST = 4000  # above it, letters and Roman numerals are not worth their length


class Numbering:
    """Counts the numbered paragraphs of one document, in order."""

    def __init__(self, root: Any) -> None:
        """`root` is the numbering part's element, or None where a document has none."""
        self._patterns: dict[str, dict[int, Any]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}  # number id: its pattern, levels it starts anew
        self._counts: dict[str, list[int | None]] = {}
        if root is not None:
            for pattern in root.iter(f"{W}abstractNum"):
                levels = {_number(level, "ilvl", 0): level for level in pattern.iter(f"{W}lvl")}
                self._patterns[pattern.get(f"{W}abstractNumId", "")] = levels
            for item in root.iter(f"{W}num"):
                self._lists[item.get(f"{W}numId", "")] = (_value(item, "abstractNumId"), _restarts(item))

    def mark(self, list_id: str, level: int) -> str:
        """What stands before the next paragraph of this list and level: `-`, `3.`, `2.1`, or nothing."""
        if list_id not in self._lists or not 0 <= level < _LEVELS:
            return ""
        name, restarts = self._lists[list_id]
        levels = self._patterns.get(name, {})
        if level not in levels:
            return BULLET
        counts = self._counts.setdefault(name, [None] * _LEVELS)
        if level in restarts:
            counts[level] = restarts.pop(level) - 1
        for above in range(level):
            counts[above] = _start(levels, above) if counts[above] is None else counts[above]
        before = counts[level]
        counts[level] = _start(levels, level) if before is None else before + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        return _written(levels, level, counts)


def _written(levels: dict[int, Any], level: int, counts: list[int | None]) -> str:
    style = _value(levels[level], "numFmt")
    if style == "bullet":
        return BULLET
    if style == "none":
        return ""

    def place(match: re.Match[str]) -> str:
        number = int(match[1]) - 1
        return _numeral(counts[number] or 0, _value(levels[number], "numFmt") if number in levels else "decimal")

    return _PLACE.sub(place, _value(levels[level], "lvlText"))


def _numeral(number: int, style: str) -> str:
    if not 0 < number <= _MOST:
        return str(number)
    if style.endswith("Letter"):
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if style == "upperLetter" else letters
    if style.endswith("Roman"):
        roman = ""
        for worth, sign in _ROMAN.items():
            roman, number = roman + sign * (number // worth), number % worth
        return roman.upper() if style == "upperRoman" else roman
    return str(number)


def _restarts(item: Any) -> dict[int, int]:
    return {
        _number(override, "ilvl", 0): _number(start, "val", 1)
        for override in item.iter(f"{W}lvlOverride")
        for start in override.iter(f"{W}startOverride")
    }


def _start(levels: dict[int, Any], level: int) -> int:
    start = levels[level].find(f"{W}start") if level in levels else None
    return 1 if start is None else _number(start, "val", 1)


def _value(element: Any, child: str) -> str:
    found = element.find(f"{W}{child}")
    return "" if found is None else str(found.get(f"{W}val", ""))


def _number(element: Any, attribute: str, otherwise: int) -> int:
    value = str(element.get(f"{W}{attribute}", ""))
    return int(value) if value.lstrip("-").isdecimal() else otherwise
