"""Words joined to lines: those of one row that stand close together. What stands far apart may be another column."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mode

from ingest.formats.pdf.geometry import Box
from ingest.formats.pdf.matter import Run

_WIDE = 0.8  # gap, in sizes of the font, from which words may be of different columns
_BAND = 30.0  # points
_LEADER = re.compile(r"(?:\s?[.·_]){5,}\s*")  # dots that lead to a page number
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one row, or a table that stands in their place."""

    text: str
    box: Box
    baseline: float
    size: float
    bold: bool
    gaps: bool = False  # whether wide gaps part its words, as in a table or a list of contents
    table: bool = False

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


def lines_of(runs: Sequence[Run]) -> list[Line]:
    """The lines of a page, from the top; rows are cut at wide gaps."""
    found = [_line(part) for row in _rows(runs) for part in _close_together(row)]
    return sorted(found, key=lambda line: (line.box.top, line.box.x0))


def merged(row: Sequence[Line]) -> Line:
    """One line of lines of a row that belong together after all."""
    if len(row) == 1:
        return row[0]
    parts = sorted(row, key=lambda line: line.box.x0)
    main = max(parts, key=lambda line: len(line.text))
    box = Box(parts[0].box.x0, main.box.top, max(line.box.x1 for line in parts), main.box.bottom)
    gaps = any(b.box.x0 - a.box.x1 > 2 * main.size for a, b in pairwise(parts))
    text = " ".join(line.text for line in parts)
    return Line(text, box, main.baseline, main.size, all(line.bold for line in parts), gaps)


def same_row(one: Line, other: Line) -> bool:
    """Whether two lines stand on the same row."""
    smaller, larger = sorted((one.size, other.size))
    return smaller > 0.85 * larger and abs(one.baseline - other.baseline) < 0.35 * smaller


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Words whose middle lies within the height of the first and largest word of a row."""
    rows: list[list[Run]] = []
    near: dict[int, list[list[Run]]] = defaultdict(list)  # rows by height, so that not all are looked at
    for run in sorted(runs, key=lambda run: (-run.size, run.baseline)):
        band = int(run.baseline // _BAND)
        close = (row for step in (0, 1, -1) for row in reversed(near[band + step]))
        found = next((row for row in close if _on_row(run, row[0])), None)
        if found is None:
            found = []
            rows.append(found)
            near[band].append(found)
        found.append(run)
    return rows


def _on_row(run: Run, head: Run) -> bool:
    if abs(run.baseline - head.baseline) < 0.25 * run.size:
        return True
    small = run.size < 0.8 * head.size  # raised and lowered figures
    return small and head.box.top - 0.2 * head.size < run.box.middle[1] < head.box.bottom + 0.1 * head.size


def _close_together(row: Sequence[Run]) -> list[list[Run]]:
    ordered = sorted(row, key=lambda run: run.box.x0)
    parts = [[ordered[0]]]
    edge = ordered[0].box.x1
    for run in ordered[1:]:
        if run.box.x0 - edge > _WIDE * max(run.size, parts[-1][-1].size):
            parts.append([])
        parts[-1].append(run)
        edge = max(edge, run.box.x1)
    return parts


def _line(runs: list[Run]) -> Line:
    if _runs_to_the_left(runs):
        runs = sorted(runs, key=lambda run: run.index)
    text = runs[0].text
    for before, run in pairwise(runs):
        text += (" " if _is_space(before, run) else "") + run.text
    letters = sum(len(run.text) for run in runs)
    size = mode(round(run.size, 1) for run in runs for _ in run.text)
    main = next(run for run in runs if round(run.size, 1) == size)
    bold = sum(len(run.text) for run in runs if run.bold) > 0.9 * letters
    box = Box(min(r.box.x0 for r in runs), main.box.top, max(r.box.x1 for r in runs), main.box.bottom)
    leads = _LEADER.search(text) is not None
    return Line(_LEADER.sub(" … ", text).strip(), box, main.baseline, size, bold, gaps=leads)


def _is_space(before: Run, run: Run) -> bool:
    """Whether a space stands between: PDFium tells where it read one after the other, else the gap does."""
    gap = max(run.box.x0 - before.box.x1, before.box.x0 - run.box.x1) / min(run.size, before.size)
    if run.index == before.index + 1:
        return run.spaced or gap > 0.5
    return gap > 0.13


def _runs_to_the_left(runs: Sequence[Run]) -> bool:
    """Whether the words are of a script that runs from right to left; PDFium tells those in the order of speech."""
    letters = [letter for run in runs for letter in run.text if letter.isalpha()]
    foreign = [letter for letter in letters if letter > "\u0590"]
    return 2 * sum(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in foreign) > len(letters)
