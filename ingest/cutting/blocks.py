"""A section's text as blocks: paragraphs, lists, tables, code. What is smaller than a block is for `breaks`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.domain import Section

LINE = re.compile(r"[^\r\n]*(?:\r\n?+|\n)|[^\r\n]+")  # with its end
_SAYS = re.compile("[^\\s*_=~#\u00ad\u200b-\u200f\u2060\ufeff-]")
_MARKS = re.compile(r"[\W_]+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_UNDERLINE = re.compile(r"[ \t]*(?:=+|-+)[ \t]*(?:\r\n?|\n|\Z)")
_FENCE = re.compile(r"[ \t]*(`{3,}+(?![^\r\n]*`)|~{3,}+)")
_INDENTS = ("    ", "\t")
_LONGEST_HEADING_LINE = 2000


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list, table or piece of code."""

    start: int
    end: int
    code: bool = False  # between fences: its lines are no sentences


def says(text: str, start: int, end: int) -> bool:
    """Whether anything stands there but white space, unseen characters and the marks of rules and headings."""
    return _SAYS.search(text, start, end) is not None


def body(text: str, section: Section) -> int:
    """Where the section's text begins after the line that is its heading, which the heading path already tells.

    It is the section's end where the heading is all that there is.
    """
    if not section.heading:
        return section.start
    line = LINE.search(text, section.start, section.end)
    if line is None or len(line.group()) > _LONGEST_HEADING_LINE:
        return section.start
    if _bare(_LINK.sub(r"\1", line.group())) != _bare(section.heading[-1]):
        return section.start
    underline = _UNDERLINE.match(text, line.end(), section.end)
    begin = underline.end() if underline else line.end()
    return begin if says(text, begin, section.end) else section.end


def blocks(text: str, start: int, end: int) -> list[Block]:
    """The blocks of a stretch, without the white space around them; what is indented stays together over gaps."""
    found: list[Block] = []
    joinable = False
    for first, last, indented, code in _paragraphs(text, start, end):
        begin, stop = trimmed(text, first, last)
        if joinable and indented:
            found[-1] = Block(found[-1].start, stop)
        elif begin < stop:
            found.append(Block(begin, stop, code))
        joinable = indented
    return found


def paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between empty lines."""
    found: list[tuple[int, int]] = []
    gap = True
    for line in LINE.finditer(text, start, end):
        begin, stop = trimmed(text, line.start(), line.end())
        if begin < stop and gap:
            found.append((begin, stop))
        elif begin < stop:
            found[-1] = (found[-1][0], stop)
        gap = begin == stop
    return found


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool, bool]]:
    """(start, end, every line is indented, between fences) of each paragraph; a fence without an end runs to the last
    line."""
    begin: int | None = None
    fence, indented = "", True
    for line in LINE.finditer(text, start, end):
        found = line.group()
        if fence:
            closing = found.strip()
            if closing.startswith(fence) and not closing.strip(fence[0]) and begin is not None:
                yield begin, line.end(), False, True
                begin, fence = None, ""
            continue
        opening = _FENCE.match(found)
        if begin is not None and (opening or found.isspace()):
            yield begin, line.start(), indented, False
            begin = None
        if opening:
            begin, fence = line.start(), opening[1]
        elif not found.isspace():
            indented = found.startswith(_INDENTS) and (indented or begin is None)
            begin = line.start() if begin is None else begin
    if begin is not None:
        yield begin, end, indented and not fence, bool(fence)


def _bare(text: str) -> str:
    return _MARKS.sub("", text).casefold()
