"""The order in which the lines of a page are read: columns one after the other, what spans them in its place.

A gutter is a gap that many rows have in the same place, with prose on both sides: the columns of a table are not read
downwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.formats.pdf.lines import Line

_LEAST_GAP = 7.0  # points; the space between the columns of a newspaper is about this wide
_FEWEST_ROWS = 3  # that must have the gap
_FEWEST_WORDS = 3  # a line, on average: shorter ones are the cells of a table
_TRIES = 4  # gutters tried, the likeliest first


def in_reading_order(lines: Sequence[Line]) -> list[list[Line]]:
    """Stretches of lines, each of one column, in the order they are read."""
    for gutter in _gutters(lines):
        left = [line for line in lines if line.box.x1 <= gutter]
        right = [line for line in lines if line.box.x0 >= gutter]
        if _is_prose(left) and _is_prose(right):
            return [stretch for band in _bands(lines, gutter) for stretch in in_reading_order(band)]
    return [sorted(lines, key=lambda line: (line.baseline, line.box.x0))] if lines else []


def _gutters(lines: Sequence[Line]) -> list[float]:
    """Places of gaps that several rows share, those of most rows first."""
    gaps = list(_gaps(lines))
    if len(gaps) < _FEWEST_ROWS:
        return []
    votes: Counter[float] = Counter()
    for start, end in set(gaps):
        middle = (start + end) / 2
        votes[middle] = sum(a < middle < b for a, b in gaps)
    # Of gaps that as many rows share take the narrowest: its middle is the gutter's, not that of a short line's end.
    widths = {(start + end) / 2: end - start for start, end in gaps}
    ranked = sorted(votes, key=lambda place: (-votes[place], widths[place]))
    return [place for place in ranked if votes[place] >= _FEWEST_ROWS][:_TRIES]


def _gaps(lines: Sequence[Line]) -> Iterator[tuple[float, float]]:
    """From each line's end to the beginning of its nearest neighbour on the right."""
    ordered = sorted(lines, key=lambda line: line.box.top)
    for place, line in enumerate(ordered):
        nearest = None
        for other in _beside(ordered, place):
            if other.box.x0 >= line.box.x1 and (nearest is None or other.box.x0 < nearest):
                nearest = other.box.x0
        if nearest is not None and nearest - line.box.x1 >= _LEAST_GAP:
            yield line.box.x1, nearest


def _beside(ordered: Sequence[Line], place: int) -> Iterator[Line]:
    """The lines whose middle is within the height of this one."""
    top, bottom = ordered[place].box.top, ordered[place].box.bottom
    for step in (-1, 1):
        other = place + step
        while 0 <= other < len(ordered) and top - 40 < ordered[other].box.top < bottom:
            if ordered[other].box.bottom > top:
                yield ordered[other]
            other += step


def _is_prose(side: Sequence[Line]) -> bool:
    """Whether these are lines of running text: several, of some words each, most about as long as each other."""
    lines = [line for line in side if not line.table]
    if len(lines) < _FEWEST_ROWS:
        return False
    widths = sorted(line.box.x1 - line.box.x0 for line in lines)
    usual = widths[len(widths) * 4 // 5]
    long = sum(width > usual / 2 for width in widths)
    return sum(line.words for line in lines) >= _FEWEST_WORDS * len(lines) and long >= len(lines) / 2


def _bands(lines: Sequence[Line], gutter: float) -> Iterator[list[Line]]:
    """The page cut by the lines that cross the gutter: such lines, then a left part, then a right part, and so on."""
    crossing: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in sorted(lines, key=lambda line: line.box.top):
        if line.box.x0 < gutter < line.box.x1:
            yield from (part for part in (left, right) if part)
            left, right = [], []
            crossing.append(line)
        else:
            if crossing:
                yield crossing
                crossing = []
            (left if line.box.x1 <= gutter else right).append(line)
    yield from (part for part in (crossing, left, right) if part)
