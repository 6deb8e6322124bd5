"""Tables that are drawn with lines: the words in their cells as Markdown."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.formats.markdown_table import markdown_table
from ingest.formats.pdf.geometry import Box, Point
from ingest.formats.pdf.lines import Line, lines_of
from ingest.formats.pdf.matter import Run

_SNAP = 3.0  # points within which two lines are one: a thin rectangle is a line too
_SHORTEST = 5.0  # points; shorter ones are dashes and ticks
_MOST_RULES = 3000  # of a page; more is a drawing
_LEAST_FULL = 0.25  # of the cells; a frame around text and a grid behind a diagram hold fewer
_MOST_LINES = 6  # in a cell, on average: more are parts of a page in boxes


@dataclass(slots=True)
class _Rule:
    """A level or upright line: where it lies, and from where to where it goes."""

    at: float
    start: float
    end: float


def tables_of(rules: Sequence[tuple[Point, Point]], runs: Sequence[Run]) -> tuple[list[Line], list[Run]]:
    """Each table as a line of its own, and the words that stand in none."""
    level, upright = _sorted(rules)
    tables: list[Line] = []
    left = list(runs)
    for rows, columns in _grids(level, upright):
        grid = _Grid(rows, columns)
        inside = [run for run in left if grid.box.holds(run.box.middle, margin=1)]
        table = grid.filled(inside)
        if table is not None:
            taken = set(map(id, inside))
            left = [run for run in left if id(run) not in taken]
            tables.append(table)
    return tables, left


def _sorted(rules: Sequence[tuple[Point, Point]]) -> tuple[list[_Rule], list[_Rule]]:
    """Level and upright rules, those that lie on each other joined."""
    level, upright = [], []
    for (x0, y0), (x1, y1) in rules[:_MOST_RULES]:
        if abs(y0 - y1) < abs(x0 - x1):
            level.append(_Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        else:
            upright.append(_Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return _joined(level), _joined(upright)


def _joined(rules: list[_Rule]) -> list[_Rule]:
    lanes: list[list[_Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lanes and rule.at - lanes[-1][0].at <= _SNAP:
            lanes[-1].append(rule)
        else:
            lanes.append([rule])
    return [rule for lane in lanes for rule in _end_to_end(lane) if rule.end - rule.start >= _SHORTEST]


def _end_to_end(lane: list[_Rule]) -> Iterator[_Rule]:
    """The rules of one lane, joined where they touch."""
    lane = sorted(lane, key=lambda rule: rule.start)
    at = sum(rule.at for rule in lane) / len(lane)
    start, end = lane[0].start, lane[0].end
    for rule in lane[1:]:
        if rule.start > end + _SNAP:
            yield _Rule(at, start, end)
            start = rule.start
        end = max(end, rule.end)
    yield _Rule(at, start, end)


def _grids(level: list[_Rule], upright: list[_Rule]) -> Iterator[tuple[list[_Rule], list[_Rule]]]:
    """Rules that cross or touch each other, however far around: each such group may be a table."""
    touching: dict[int, list[int]] = defaultdict(list)
    for i, row in enumerate(level):
        for j, column in enumerate(upright):
            across = column.start - _SNAP <= row.at <= column.end + _SNAP
            if across and row.start - _SNAP <= column.at <= row.end + _SNAP:
                touching[i].append(len(level) + j)
                touching[len(level) + j].append(i)
    waiting = set(touching)
    while waiting:
        group: set[int] = set()
        found = [waiting.pop()]
        while found:
            here = found.pop()
            group.add(here)
            found += [other for other in touching[here] if other not in group]
        waiting -= group
        rows = [level[i] for i in sorted(group) if i < len(level)]
        columns = [upright[i - len(level)] for i in sorted(group) if i >= len(level)]
        yield rows, columns


class _Grid:
    """The cells that a group of rules makes; where a rule is missing between two, they are one cell."""

    def __init__(self, rows: list[_Rule], columns: list[_Rule]) -> None:
        self._rows, self._columns = rows, columns
        self._ys = _places(rows)
        self._xs = _places(columns)
        self.box = Box(self._xs[0], self._ys[0], self._xs[-1], self._ys[-1])

    def filled(self, runs: Sequence[Run]) -> Line | None:
        """The table with these words in it; None where it is a frame or a drawing rather than a table."""
        high, wide = len(self._ys) - 1, len(self._xs) - 1
        if high < 2 or wide < 2 or not runs:
            return None
        cells: dict[tuple[int, int], list[Run]] = defaultdict(list)
        for run in runs:
            cells[self._cell(run.box.middle)].append(run)
        if len(cells) < max(3, _LEAST_FULL * high * wide) or len({column for _, column in cells}) < 2:
            return None
        if sum(map(_rows_in, cells.values())) > _MOST_LINES * len(cells):
            return None
        first = runs[0]
        texts = [line for row in range(high) for line in _split([cells.get((row, col), []) for col in range(wide)])]
        return Line(markdown_table(texts), self.box, self.box.bottom, first.size, bold=False, table=True)

    def _cell(self, point: Point) -> tuple[int, int]:
        """Row and column of the cell at a point: of one that spans several, the first."""
        column = min(max(bisect_right(self._xs, point[0]) - 1, 0), len(self._xs) - 2)
        row = min(max(bisect_right(self._ys, point[1]) - 1, 0), len(self._ys) - 2)
        while column > 0 and not _is_ruled(self._columns, self._xs[column], point[1]):
            column -= 1
        middle = (self._xs[column] + self._xs[column + 1]) / 2
        while row > 0 and not _is_ruled(self._rows, self._ys[row], middle):
            row -= 1
        return row, column


def _places(rules: Sequence[_Rule]) -> list[float]:
    places: list[float] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if not places or rule.at - places[-1] > _SNAP:
            places.append(rule.at)
    return places


def _is_ruled(rules: Sequence[_Rule], at: float, across: float) -> bool:
    return any(abs(rule.at - at) <= _SNAP and rule.start - _SNAP <= across <= rule.end + _SNAP for rule in rules)


def _split(row: Sequence[Sequence[Run]]) -> list[list[str]]:
    """The words of a row of cells; where no rules part the lines of figures in it, each line is a row."""
    lines = [sorted(lines_of(cell), key=lambda line: line.baseline) for cell in row]
    full = [found for found in lines if found]
    figures = sum(any(map(str.isdigit, line.text)) for found in full for line in found)
    if len(full) < 2 or not all(_level(full[0], found) for found in full) or figures * 2 < sum(map(len, full)):
        return [[_words(cell) for cell in row]]
    return [[found[place].text if found else "" for found in lines] for place in range(len(full[0]))]


def _level(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether the lines of two cells stand side by side."""
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(abs(a.baseline - b.baseline) <= _SNAP for a, b in pairs)


def _rows_in(runs: Sequence[Run]) -> int:
    return len({round(run.baseline) for run in runs})


def _words(runs: Sequence[Run]) -> str:
    return " ".join(line.text for line in sorted(lines_of(runs), key=lambda line: (line.baseline, line.box.x0)))
