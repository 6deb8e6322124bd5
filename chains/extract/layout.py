"""The blocks of a passage: paragraphs, list items, table rows, code, headings, by the marks of Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_LINE = re.compile(r"[^\n]*\n?")
_FENCE = re.compile(r"[ \t]*(```|~~~)")
_MARKER = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+(?=\S)")
_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_HEADING = re.compile(r"#{1,6}[ \t]")
_OTHER = re.compile(r"!\[|<|---|===|\+\+\+|:::|\*\*\*\s*$|___\s*$")
_QUOTE = re.compile(r"(?:>[ \t]?)+")


class Shape(StrEnum):
    """What a block is."""

    PROSE = "prose"
    ITEM = "item"  # of a list
    HEADER = "header"  # of a table, with the line under it
    ROW = "row"  # of a table
    CODE = "code"
    HEADING = "heading"
    OTHER = "other"  # pictures, raw HTML, rules


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a text; `text[start:end]` has no white space around it."""

    shape: Shape
    start: int
    inner: int  # where its words begin, behind the marker of a list or quotation and the fence of code
    stop: int  # where its words end, before the closing fence
    end: int


@lru_cache(maxsize=512)
def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text, in order."""
    found: list[Block] = []
    at = 0
    while at < len(text):
        line = _line(text, at)
        if not line.strip():
            at += len(line)
        elif fence := _FENCE.match(line):
            at = _code(text, at, fence[1], found)
        elif line.lstrip().startswith("|"):
            at = _table(text, at, found)
        else:
            at = _paragraph(text, at, found)
    return tuple(found)


def _line(text: str, at: int) -> str:
    match = _LINE.match(text, at)
    return match.group() if match else ""


def _code(text: str, at: int, fence: str, found: list[Block]) -> int:
    """Code between fences; to the end of the text when it is not closed."""
    inner = at + len(_line(text, at))
    closing = re.compile(rf"^[ \t]*{re.escape(fence)}[ \t]*$", re.MULTILINE).search(text, inner)
    stop = closing.start() if closing else len(text)
    end = closing.end() if closing else len(text)
    found.append(Block(Shape.CODE, at, inner, max(inner, len(text[:stop].rstrip())), end))
    return end


def _table(text: str, at: int, found: list[Block]) -> int:
    """The rows of a table; the first is its header when a rule stands under it."""
    first = True
    while (line := _line(text, at)).lstrip().startswith("|"):
        after = at + len(line)
        rule = _line(text, after)
        if first and rule.strip() and _RULE.fullmatch(rule.strip()):
            _add(text, Shape.HEADER, at, after + len(rule), found)
            after += len(rule)
        else:
            _add(text, Shape.ROW, at, after, found)
        at, first = after, False
    return at


def _paragraph(text: str, at: int, found: list[Block]) -> int:
    """One paragraph or item, its lines up to a blank one or to the next mark of a block."""
    line = _line(text, at)
    start, at = at, at + len(line)
    bare = line.strip()
    if _HEADING.match(bare) or _OTHER.match(bare):
        _add(text, Shape.HEADING if _HEADING.match(bare) else Shape.OTHER, start, at, found)
        return at
    while at < len(text) and (line := _line(text, at)).strip() and not _begins(line):
        at += len(line)
    shape = Shape.ITEM if _MARKER.match(text, start) else Shape.PROSE
    _add(text, shape, start, at, found)
    return at


def _begins(line: str) -> bool:
    """Whether a line begins a block of its own right behind a paragraph."""
    bare = line.lstrip()
    return bool(_MARKER.match(line) or _FENCE.match(line) or _HEADING.match(bare) or bare.startswith(("|", "![")))


def _add(text: str, shape: Shape, start: int, end: int, found: list[Block]) -> None:
    whole = text[start:end]
    begin, stop = start + len(whole) - len(whole.lstrip()), start + len(whole.rstrip())
    marker = _MARKER.match(text, begin) if shape is Shape.ITEM else _QUOTE.match(text, begin)
    found.append(Block(shape, begin, min(stop, marker.end()) if marker else begin, stop, stop))
