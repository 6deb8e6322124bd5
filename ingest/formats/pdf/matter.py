"""What stands on a page of a PDF, asked of PDFium: words with place, size and ink, and what is drawn.

PDFium is not safe to use from two threads: whoever calls holds the loader's lock.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.formats.pdf.drawn import Drawing, Surveyor
from ingest.formats.pdf.geometry import Box, Point, box_around, turned

_LINE_ENDS = "\r\n"
_UNPRINTABLE = frozenset(chr(code) for code in (*range(9), *range(11, 32), 0xFFFE, 0xFFFF)) - {"\x02"}
HYPHEN = "\x02"  # PDFium's sign for a hyphen that breaks a word at a line's end
_MOST_CHARACTERS = 400_000  # of a page; a page of a newspaper has 20,000
_BOLD_NAMES = ("bold", "black", "heavy", "demi", "cmbx")  # the last is LaTeX's own


@dataclass(frozen=True, slots=True)
class Ink:
    """How words are put on the page."""

    mode: int = 0  # PDF's text rendering mode; 3 draws nothing
    colour: tuple[int, int, int] | None = (0, 0, 0)  # None: a pattern, or not to be known
    alpha: int = 255
    order: int = 0  # when it is drawn, among all that the page draws


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one font on one line."""

    text: str
    box: Box
    baseline: float
    size: float  # height of the font as it appears, in points
    bold: bool
    index: int  # place in the order in which PDFium tells the page's words
    spaced: bool  # whether PDFium tells a space or a line's end before it
    upright: bool  # whether it runs as most words of the page do
    ink: Ink


@dataclass(frozen=True, slots=True)
class Page:
    """All that stands on a page."""

    box: Box
    runs: list[Run]
    drawing: Drawing


def matter_of(page: Any) -> Page:
    """The words and drawings of a page, turned as most of its words run."""
    drawing = Surveyor().survey(page)
    raw = _RawRuns(page, drawing.orders)
    runs = raw.read()
    angles = Counter[int]()
    for run in runs:
        angles[run.turn] += len(run.text)
    turn = angles.most_common(1)[0][0] if angles else int(page.get_rotation())
    left, bottom, right, top = page.get_cropbox()
    move = turned(left, bottom, right, top, turn)
    return Page(
        box_around(move((left, bottom)), move((right, top))),
        [run.placed(move, turn, index) for index, run in enumerate(runs)],
        drawing.placed(move),
    )


@dataclass(slots=True)
class _RawRun:
    """A run as PDFium tells it, in PDF's own places."""

    text: str
    corners: tuple[Point, Point]
    origin: Point
    size: float
    bold: bool
    spaced: bool
    turn: int  # degrees that a page would have to be turned clockwise by to read it, in quarters; -1: aslant
    ink: Ink

    def placed(self, move: Any, turn: int, index: int) -> Run:
        """The run on the page as it is read."""
        box = box_around(*map(move, self.corners))
        upright = self.turn == turn
        baseline = move(self.origin)[1] if upright else box.bottom
        if upright:  # letters differ in height, lines should not
            box = Box(box.x0, baseline - 0.75 * self.size, box.x1, baseline + 0.2 * self.size)
        return Run(self.text, box, baseline, self.size, self.bold, index, self.spaced, upright, self.ink)


@dataclass(slots=True)
class _Growing:
    """A run that letters are still added to."""

    owner: Any = None
    address: int = 0  # of the owner
    spaced: bool = True
    letters: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # of the letters, spaces apart

    def add(self, letter: str, place: int, *, spaced: bool) -> None:
        """Add a letter, after a space where one was told."""
        if spaced and self.letters:
            self.letters.append(" ")
        self.letters.append(letter)
        self.places.append(place)


class _RawRuns:
    """Gathers characters to runs: one font and size, one line, no wide gap."""

    def __init__(self, page: Any, orders: dict[int, int]) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium = pdfium
        self._page = page
        self._orders = orders
        self._bold: dict[int, bool] = {}  # by font

    def read(self) -> list[_RawRun]:
        """The runs, in PDFium's order."""
        text_page = self._page.get_textpage()
        try:
            self._text = text_page.raw
            return self._gathered()
        finally:
            text_page.close()

    def _gathered(self) -> list[_RawRun]:
        pdfium, text = self._pdfium, self._text
        runs: list[_RawRun] = []
        run = _Growing()
        spaced = True
        for place in range(min(pdfium.FPDFText_CountChars(text), _MOST_CHARACTERS)):
            letter = chr(pdfium.FPDFText_GetUnicode(text, place))
            found = pdfium.FPDFText_GetTextObject(text, place)
            address = ctypes.cast(found, ctypes.c_void_p).value or 0
            if letter.isspace():
                spaced = True
                goes_on = run.places and letter not in _LINE_ENDS and self._goes_on(place, run)
                if not goes_on:
                    self._finish(runs, run)
                    run = _Growing()
            elif address and letter not in _UNPRINTABLE:
                if address != run.address:
                    self._finish(runs, run)
                    run = _Growing(found, address, spaced)
                run.add(letter, place, spaced=spaced)
                spaced = False
        self._finish(runs, run)
        return runs

    def _goes_on(self, place: int, run: _Growing) -> bool:
        """Whether the same words go on after a space, and close by."""
        following = self._pdfium.FPDFText_GetTextObject(self._text, place + 1)
        if (ctypes.cast(following, ctypes.c_void_p).value or 0) != run.address:
            return False
        last = run.places[-1]
        (x0, y0), (x1, y1) = self._corners([last])
        (x2, y2), (x3, y3) = self._corners([place + 1])
        size = max(x1 - x0, y1 - y0, 1.0)
        return max(x2 - x1, x0 - x3, y2 - y1, y0 - y3) < 3 * size

    def _finish(self, runs: list[_RawRun], run: _Growing) -> None:
        if not run.places:
            return
        first = run.places[0]
        size, turn = self._size_and_turn(first)
        x, y = ctypes.c_double(), ctypes.c_double()
        self._pdfium.FPDFText_GetCharOrigin(self._text, first, x, y)
        # PDFium tells a letter beyond the first 65,536 as two halves; a half alone is no letter.
        text = "".join(run.letters).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        # Where words run to the left, or both ways, the first and the last letter are not the outermost.
        straight = text.isascii() or not any("\u0590" <= letter < "\u0900" for letter in text)
        runs.append(
            _RawRun(
                text=text,
                corners=self._corners([first, run.places[-1]] if straight else run.places),
                origin=(x.value, y.value),
                size=size,
                bold=self._is_bold(first, run.owner),
                spaced=run.spaced,
                turn=turn,
                ink=self._ink(run.owner),
            )
        )

    def _corners(self, places: Sequence[int]) -> tuple[Point, Point]:
        """Opposite corners of the box around these characters."""
        edges = []
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        for place in places:
            self._pdfium.FPDFText_GetCharBox(self._text, place, left, right, bottom, top)
            edges.append((left.value, bottom.value, right.value, top.value))
        lefts, bottoms, rights, tops = zip(*edges, strict=True)
        return (min(lefts), min(bottoms)), (max(rights), max(tops))

    def _size_and_turn(self, place: int) -> tuple[float, int]:
        matrix = self._pdfium.FS_MATRIX()
        self._pdfium.FPDFText_GetMatrix(self._text, place, matrix)
        size = self._pdfium.FPDFText_GetFontSize(self._text, place) * math.hypot(matrix.c, matrix.d)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        turn = round(angle / 90) * 90
        return abs(size), turn % 360 if abs(angle - turn) < 10 else -1

    def _is_bold(self, place: int, owner: Any) -> bool:
        font = ctypes.cast(self._pdfium.FPDFTextObj_GetFont(owner), ctypes.c_void_p).value or 0
        if font not in self._bold:
            name = ctypes.create_string_buffer(256)
            self._pdfium.FPDFText_GetFontInfo(self._text, place, name, 256, ctypes.c_int())
            told = name.value.decode("utf-8", "replace").lower()
            self._bold[font] = any(word in told for word in _BOLD_NAMES)
        return self._bold[font]

    def _ink(self, owner: Any) -> Ink:
        mode = self._pdfium.FPDFTextObj_GetTextRenderMode(owner)
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        ask = self._pdfium.FPDFPageObj_GetStrokeColor if mode == 1 else self._pdfium.FPDFPageObj_GetFillColor
        known = ask(owner, red, green, blue, alpha)
        order = self._orders.get(ctypes.cast(owner, ctypes.c_void_p).value or 0, 0)
        if not known:
            return Ink(mode, None, 255, order)
        return Ink(mode, (red.value, green.value, blue.value), alpha.value, order)
