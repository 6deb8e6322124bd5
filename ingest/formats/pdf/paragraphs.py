"""Lines joined to paragraphs: by space between them, indents, and whether a line was full when it ended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.formats.pdf.lines import Line, merged, same_row
from ingest.formats.pdf.matter import HYPHEN

_ITEM = re.compile(r"(?:[•◦▪▫■□●○‣⁃∙➢✓\uf0b7\uf0a7*–—-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]|\[\d{1,3}\])(?:\s|$)")
_END = re.compile(r"[.!?:;…。！？]['\"”’»)\]]*$")
_FEWEST_WORDS = 3.5  # of a line, on average, in prose
_HYPHENS = ("-", "\xad", "‐")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, a list, a heading or a table, as it will be written."""

    text: str
    size: float
    bold: bool
    lines: int
    gaps: bool = False  # whether it looks like rows of a table
    table: bool = False


def paragraphs_of(stretch: Sequence[Line], known: frozenset[str]) -> Iterator[Paragraph]:
    """The paragraphs of a column; `known` words tell whether a hyphen at a line's end belongs to its word."""
    lines = list(_whole_rows(stretch))
    if not lines:
        return
    column = _Column(lines)
    begin = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or column.parts(begin, place):
            yield _paragraph(lines[begin:place], column, known)
            begin = place


def rejoined(stretches: Iterable[Iterable[Paragraph]], known: frozenset[str]) -> list[Paragraph]:
    """All paragraphs; one that the end of a column broke in the middle of a sentence is made whole."""
    found: list[Paragraph] = []
    for stretch in stretches:
        for place, paragraph in enumerate(stretch):
            if place == 0 and found and _goes_on(found[-1], paragraph):
                text = _joined(found[-1].text, paragraph.text, known, on_purpose=False)
                found[-1] = replace(found[-1], text=text, lines=found[-1].lines + paragraph.lines)
            else:
                found.append(paragraph)
    return found


def _goes_on(before: Paragraph, paragraph: Paragraph) -> bool:
    if before.table or paragraph.table or before.gaps or paragraph.gaps or before.bold != paragraph.bold:
        return False
    alike = abs(before.size - paragraph.size) < 0.5
    return alike and before.lines > 1 and paragraph.text[:1].islower() and not _END.search(before.text)


def _whole_rows(stretch: Sequence[Line]) -> Iterator[Line]:
    row: list[Line] = []
    for line in stretch:
        if row and (line.table or row[-1].table or not same_row(row[-1], line)):
            yield merged(row)
            row = []
        row.append(line)
    if row:
        yield merged(row)


class _Column:
    """What is usual in a column: how far its lines reach, and how far they stand apart."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self.left = min(line.box.x0 for line in lines)
        self.right = max(line.box.x1 for line in lines)
        self.terse = sum(line.words for line in lines) < _FEWEST_WORDS * len(lines)
        steps = [b.baseline - a.baseline for a, b in pairwise(lines) if _alike(a, b) and b.baseline > a.baseline]
        size = median(line.size for line in lines)
        self.step = median(steps) if len(steps) > 2 else min([*steps, 1.35 * size])

    def parts(self, begin: int, place: int) -> bool:
        """Whether a paragraph that began at one line ends before another."""
        above, line = self._lines[place - 1], self._lines[place]
        if not _alike(above, line) or above.table or line.table:
            return True
        step = line.baseline - above.baseline
        if step <= 0 or step > 1.25 * max(self.step, line.size):
            return True
        if above.bold != line.bold and self.ended_early(above, line):
            return True
        if _ITEM.match(line.text) or above.gaps or line.gaps:
            return False  # close together: items and rows stand on lines of their own
        if self.is_indented(begin, place):
            return True
        return place - begin > 1 and self.ended_early(above, line) and bool(_END.search(above.text))

    def is_indented(self, begin: int, place: int) -> bool:
        """Whether a line is set in where the one above and the one below are not, as first lines are."""
        above, line = self._lines[place - 1], self._lines[place]
        if line.box.x0 - above.box.x0 < 0.7 * line.size:
            return False
        if _ITEM.match(above.text) or _ITEM.match(self._lines[begin].text):
            return False  # an item goes on under its first words
        following = self._lines[place + 1] if place + 1 < len(self._lines) else None
        if following is None or not _alike(line, following):
            return bool(_END.search(above.text))
        return line.box.x0 - following.box.x0 > 0.7 * line.size

    def ended_early(self, above: Line, line: Line) -> bool:
        """Whether the next line's first word had still found room: then the line ended on purpose."""
        if self.terse:
            return True  # names, addresses, sums: lines of a few words are no prose
        first = line.text.split(maxsplit=1)[0]
        letter = (line.box.x1 - line.box.x0) / max(len(line.text), 1)
        return above.box.x1 + (len(first) + 1) * letter < self.right - 2 * letter


def _alike(above: Line, line: Line) -> bool:
    if above.table or line.table:
        return False
    return abs(above.size - line.size) < 0.12 * max(above.size, line.size)


def _paragraph(lines: Sequence[Line], column: _Column, known: frozenset[str]) -> Paragraph:
    text = lines[0].text.replace(HYPHEN, "-")
    for above, line in pairwise(lines):
        purpose = column.ended_early(above, line) or above.gaps or line.gaps or bool(_ITEM.match(line.text))
        text = _joined(text, line.text.replace(HYPHEN, "-"), known, on_purpose=purpose)
    first = lines[0]
    bold = all(line.bold for line in lines)
    gaps = any(line.gaps for line in lines)
    return Paragraph(text, first.size, bold, len(lines), gaps, first.table)


def _joined(text: str, line: str, known: frozenset[str], *, on_purpose: bool) -> str:
    """Two lines as one: a broken word made whole, else a space between; a line that ended on purpose stays one."""
    if text.endswith(_HYPHENS) and text[-2:-1].isalpha() and line[:1].islower():
        before, after = text[:-1].rsplit(maxsplit=1)[-1], line.split(maxsplit=1)[0]
        compound = text.endswith(("-", "‐")) and bare(f"{before}-{after}") in known
        return f"{text[:-1]}-{line}" if compound and bare(before + after) not in known else text[:-1] + line
    if on_purpose:
        return f"{text}\n{line}"
    tight = "\u2e80" < text[-1] < "\uff66" and "\u2e80" < line[0] < "\uff66"  # scripts without spaces
    return text + ("" if tight else " ") + line


def bare(word: str) -> str:
    """A word without the marks around it, in lower case."""
    return word.strip(".,;:!?()[]{}\"'“”‘’«»…").lower()
