"""Where a block that is too long may be broken: the best places first, a place within a word last."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from unicodedata import category
from zlib import crc32

from core import sentences
from ingest.cutting.blocks import LINE, paragraphs, trimmed

Span = tuple[int, int]
Way = Callable[[str, int, int], list[Span]]

# How good a place is, the better the higher.
BLOCK, PARAGRAPH, ROW, SENTENCE, POOR, WORD_INSIDE = 5, 4, 3, 2, 1, 0

_ROW = re.compile(r"[ \t]*(?:[-*+•] |\d{1,3}[.)][ \t]|\|)|[^\r\n]*? \| ")
_OUTER = re.compile(r"[^\s)\]}`~]")  # how a line begins that opens something in code
# White space as the embedder's tokenizer sees it; the other control characters it leaves out, joining what is around.
_SPACE = re.compile(r"[^\S\x0b\x0c\x1c-\x1f\x85]+")
_AROUND = 40  # characters of each side by which a place is known again
_JOINER = "\u200d"


def ways(code: bool) -> tuple[tuple[int, Way], ...]:
    """How a block is broken, best first, each with how good such places are; `slices` is what remains then."""
    return _CODE if code else _PROSE


def rows(text: str, start: int, end: int) -> list[Span]:
    """Rows of a table or of data and items of a list, each with the lines that belong to it."""
    return _before(text, start, end, _ROW)


def outer_lines(text: str, start: int, end: int) -> list[Span]:
    """Lines of code that are not indented, each with the lines under it."""
    return _before(text, start, end, _OUTER)


def whole_sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences."""
    return [(start + first, start + last) for first, last in sentences.spans(text[start:end])]


def lines(text: str, start: int, end: int) -> list[Span]:
    """The lines that are not empty."""
    spans = (trimmed(text, *line.span()) for line in LINE.finditer(text, start, end))
    return [span for span in spans if span[0] < span[1]]


def slices(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int, int]]:
    """(start, end, how good the place after it is) of stretches of at most `width` characters, between words if can be.

    Of the places in reach, the text around them decides, so that an edit moves only those near it.
    """
    while end - start > width:
        middle = start + width // 2 + 1
        spaces = [match.start() for match in _SPACE.finditer(text, middle, start + width + 1)]
        places = spaces or [place for place in range(middle, start + width + 1) if _parts(text, place)]
        cut = min(places, key=lambda place: mark(text, place)) if places else start + width
        yield *trimmed(text, start, cut), POOR if spaces else WORD_INSIDE
        start, _ = trimmed(text, cut, end)
    if start < end:
        yield start, end, POOR


def mark(text: str, place: int) -> int:
    """A number that the text around a place decides, the same in every run: the lowest of several is chosen."""
    return crc32(text[max(0, place - _AROUND) : place + _AROUND].encode("utf-8", "replace"))


def _before(text: str, start: int, end: int, opening: re.Pattern[str]) -> list[Span]:
    """The stretches that begin at lines of a kind."""
    cuts = [line.start() for line in LINE.finditer(text, start, end) if opening.match(line.group())]
    edges = sorted({start, *cuts, end})
    spans = (trimmed(text, first, last) for first, last in pairwise(edges))
    return [span for span in spans if span[0] < span[1]]


def _parts(text: str, place: int) -> bool:
    """Whether a reader sees two characters there, not one that is made of several."""
    return category(text[place])[0] != "M" and _JOINER not in text[place - 1 : place + 1]


_PROSE: tuple[tuple[int, Way], ...] = ((PARAGRAPH, paragraphs), (ROW, rows), (SENTENCE, whole_sentences), (POOR, lines))
_CODE: tuple[tuple[int, Way], ...] = ((PARAGRAPH, paragraphs), (ROW, outer_lines), (SENTENCE, lines))
