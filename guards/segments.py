"""Cutting a passage into what a planted instruction would be one of: sentences, lines of code, cells of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core import sentences

MOST = 320  # characters of one segment: what is longer is cut at its lines, then at its words
FEWEST_WORDS = 2  # a segment of fewer says nothing to anybody
FEWEST_IN_CELL = 3  # nor does a cell of a table, which is mostly a name or a number
_WORD = re.compile(r"[^\W\d_]{2,40}")
_WHOLE = re.compile(r"[(\[\"'“‘]{0,3}[^\W\d_]{1,30}(?:['’-][^\W\d_]{1,20})?[.,;:!?)\]\"'”’]{0,4}")
_BLANK = re.compile(r"\s")
_CELLS = 2  # bars in a line that is a row of a table


def segments(text: str) -> list[tuple[int, int]]:
    """Start and end of each, in order, apart from each other; what holds hardly any words is in none."""
    found: list[tuple[int, int]] = []
    for start, end in sentences.spans(text):
        for a, b in _parts(text, start, end):
            found.extend(_trimmed(text, a, b))
    return found


def is_prose(text: str) -> bool:
    """Whether it holds as many whole words as an order needs: links, markup, headings of two words and paths don't."""
    return sum(1 for word in text.split() if _WHOLE.fullmatch(word)) >= FEWEST_IN_CELL


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence whole, or its lines and cells where it is long or a row."""
    if end - start <= MOST and text.count("|", start, end) < _CELLS:
        yield start, end
        return
    for a, b in _split(text, start, end, "\n"):
        if text.count("|", a, b) >= _CELLS:
            yield from ((c, d) for c, d in _split(text, a, b, "|") if _words(text, c, d) >= FEWEST_IN_CELL)
        else:
            yield a, b


def _split(text: str, start: int, end: int, mark: str) -> Iterator[tuple[int, int]]:
    while start < end:
        at = text.find(mark, start, end)
        stop = at if at >= 0 else end
        yield start, stop
        start = stop + 1


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without white space around it, cut to size, if it holds words."""
    while start < end:
        stop = min(end, start + MOST)
        if stop < end:
            stop = max((match.end() for match in _BLANK.finditer(text, start + MOST // 2, stop)), default=stop)
        piece = text[start:stop]
        if _words(text, start, stop) >= FEWEST_WORDS:
            yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        start = stop


def _words(text: str, start: int, end: int) -> int:
    return sum(1 for _ in _WORD.finditer(text, start, end))
