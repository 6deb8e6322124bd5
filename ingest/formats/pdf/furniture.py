"""Running heads, feet and page numbers: lines at the edge of pages, in one place, the same but for numbers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from ingest.formats.pdf.lines import Line

_Placed = tuple[int, float, Line]  # page, height, line

_FEWEST_PAGES = 3
_LEAST_SHARE = 0.4  # of the pages: left and right pages often differ
_ROWS = 2  # at each edge
_GAP = 1.6  # sizes of the font
_PLACE = 9.0  # points that the place may differ by
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")
_PAGE_WORDS = frozenset("page p pg of seite s von page sur pagina di de página strona z".split())
_ROMAN = re.compile(r"[ivxlc]{1,7}", re.IGNORECASE)


def without_furniture(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """The pages without their furniture; words that are the same on every page stay where they first stand."""
    places: dict[str, list[_Placed]] = defaultdict(list)
    for number, lines in enumerate(pages):
        for line in _at_the_edges(lines):
            places[_pattern(line.text)].append((number, line.baseline, line))
    most = _LEAST_SHARE * sum(bool(lines) for lines in pages)
    dropped: set[int] = set()
    for pattern, found in places.items():
        standing = _in_one_place(found)
        count = len({number for number, _, _ in standing})
        if count >= _FEWEST_PAGES and _counts_pages(pattern, standing):
            dropped.update(id(line) for _, _, line in standing)
        elif count >= max(_FEWEST_PAGES, most) and len({line.text for _, _, line in standing}) == 1:
            dropped.update(id(line) for number, _, line in standing[1:] if len(pages[number]) > 1)
    return [[line for line in lines if id(line) not in dropped] for lines in pages]


def _counts_pages(pattern: str, standing: Sequence[_Placed]) -> bool:
    """Whether a line counts the pages, alone or beside a title: `Page 3 of 9`, `Yearly report 3`; not `Lesson 3`."""
    words = _WORD.findall(pattern)
    if "#" not in pattern or (len(words) == 1 and words[0].lower() not in _PAGE_WORDS):
        return False
    if pattern == "#" and not any(_NUMBER.search(line.text) for _, _, line in standing):
        return True  # Roman numbers
    offsets = Counter(
        int(digits) - page
        for page, _, line in standing
        for digits in set(_NUMBER.findall(line.text))
        if len(digits) < 5
    )
    return bool(offsets) and offsets.most_common(1)[0][1] > 0.7 * len(standing)


def _at_the_edges(lines: Sequence[Line]) -> list[Line]:
    """The lines of the first and last rows of a page, as far as a gap parts them from the rest."""
    rows = sorted({round(line.baseline) for line in lines})
    usual = median(line.size for line in lines) if lines else 0.0
    small = [line for line in lines if not line.table and line.size <= 1.1 * usual]  # a title is no running head
    edges = {*_apart(rows, usual), *_apart(rows[::-1], usual)}
    return [line for line in small if round(line.baseline) in edges]


def _apart(rows: Sequence[int], size: float) -> Sequence[int]:
    """The first of these rows, up to the last gap among them that is wider than between lines."""
    for count in range(min(_ROWS, len(rows) - 1), 0, -1):
        if abs(rows[count] - rows[count - 1]) > _GAP * size:
            return rows[:count]
    return rows[:1] if len(rows) == 1 else []


def _pattern(text: str) -> str:
    """The words with every number as a sign; a Roman number alone is one too."""
    return "#" if _ROMAN.fullmatch(text) else _NUMBER.sub("#", " ".join(text.split()))


def _in_one_place(found: Sequence[_Placed]) -> list[_Placed]:
    """Those that stand at the height at which most stand."""
    best: list[_Placed] = []
    for height in sorted({round(baseline) for _, baseline, _ in found}):
        near = [entry for entry in found if abs(entry[1] - height) <= _PLACE]
        best = near if len(near) > len(best) else best
    return best
