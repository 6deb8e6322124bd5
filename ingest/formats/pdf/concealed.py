"""Which words of a page its reader would not see: no ink, the colour of the ground, too small, off the page."""

from __future__ import annotations

from ingest.formats.pdf.drawn import Drawing
from ingest.formats.pdf.geometry import Box
from ingest.formats.pdf.matter import Page, Run

_SMALLEST = 1.5  # points; the smallest print of contracts has 4
_NEAR = 24  # of 255, in each channel: less can't be read
_FEWEST_LETTERS = 12  # fewer say nothing
_NO_INK = 3  # PDF's rendering mode of text that is not drawn


def parted(page: Page) -> tuple[list[Run], list[str]]:
    """The words that are seen, and what the others say, neighbours joined."""
    drawing = page.drawing
    drawing.grounds = [shape for shape in drawing.grounds if _could_hide(shape.box)]
    seen: list[Run] = []
    hidden: list[list[str]] = []
    last = -2
    for run in page.runs:
        if not _is_unseen(run, page):
            seen.append(run)
            continue
        if run.index != last + 1:
            hidden.append([])
        hidden[-1].append(run.text)
        last = run.index
    said = (" ".join(words) for words in hidden)
    return seen, [text for text in said if sum(map(str.isalpha, text)) >= _FEWEST_LETTERS]


def _could_hide(box: Box) -> bool:
    """Whether words fit on it; rules of tables are shapes too."""
    return box.x1 - box.x0 > _SMALLEST and box.bottom - box.top > _SMALLEST


def _is_unseen(run: Run, page: Page) -> bool:
    if run.size < _SMALLEST or not run.box.meets(page.box):
        return True
    if run.ink.mode == _NO_INK:  # a scan that was made searchable has such words over its picture
        return not any(picture.holds(run.box.middle, margin=2) for picture in page.drawing.pictures)
    return run.ink.alpha < 13 or _blends(run, page.drawing)


def _blends(run: Run, drawing: Drawing) -> bool:
    """Whether the words have the colour of what was last drawn beneath them, or of bare paper."""
    ink = run.ink.colour
    if ink is None:
        return False
    ground: tuple[int, int, int] | None = (255, 255, 255)
    if min(ink) > 255 - _NEAR or drawing.grounds:
        under = (s for s in reversed(drawing.grounds) if s.order < run.ink.order and s.box.holds(run.box.middle))
        beneath = next(under, None)
        ground = beneath.colour if beneath else ground
    return ground is not None and all(abs(a - b) < _NEAR for a, b in zip(ink, ground, strict=True))
