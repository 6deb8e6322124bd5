"""What stands on a page of a PDF, asked of PDFium: words with place, size and ink, and what is drawn.

PDFium is not safe to use from two threads: whoever calls holds the loader's lock.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from ingest.pdf.drawn import Drawing, Surveyor
from ingest.pdf.geometry import Box, Point, box_around, turned

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
    turn: int  # degrees that a page would have to be turned clockwise by to read it, in quarters; -1: aslant
    ink: Ink

    def placed(self, move: Any, turn: int, index: int) -> Run:
        """The run on the page as it is read."""
        box = box_around(*map(move, self.corners))
        upright = self.turn == turn
        baseline = move(self.origin)[1] if upright else box.bottom
        if upright:  # letters differ in height, lines should not
            box = Box(box.x0, baseline - 0.75 * self.size, box.x1, baseline + 0.2 * self.size)
        return Run(self.text, box, baseline, self.size, self.bold, index, upright, self.ink)


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
        letters: list[str] = []
        first = last = 0
        owner: Any = None
        address = 0
        for place in range(min(pdfium.FPDFText_CountChars(text), _MOST_CHARACTERS)):
            letter = chr(pdfium.FPDFText_GetUnicode(text, place))
            found = pdfium.FPDFText_GetTextObject(text, place)
            here = ctypes.cast(found, ctypes.c_void_p).value or 0
            if letter in _LINE_ENDS or here != address or (letter == " " and not here):
                if letter == " " and address and self._goes_on(place, address, last):
                    letters.append(" ")
                    continue
                self._finish(runs, letters, first, last, owner)
                letters, owner, address = [], found, here
            if here and letter not in _LINE_ENDS and letter not in _UNPRINTABLE:
                if letter.isspace():
                    letters += [" "] if letters else []
                else:
                    first = place if not letters else first
                    last = place
                    letters.append(letter)
        self._finish(runs, letters, first, last, owner)
        return runs

    def _goes_on(self, place: int, address: int, last: int) -> bool:
        """Whether the same words go on after a space that PDFium put in, and close by."""
        following = self._pdfium.FPDFText_GetTextObject(self._text, place + 1)
        if (ctypes.cast(following, ctypes.c_void_p).value or 0) != address:
            return False
        before, after = self._corners(last, last), self._corners(place + 1, place + 1)
        size = max(abs(before[1][1] - before[0][1]), abs(before[1][0] - before[0][0]), 1.0)
        gap = math.dist(before[1], after[0])
        return gap < 3 * size

    def _finish(self, runs: list[_RawRun], letters: list[str], first: int, last: int, owner: Any) -> None:
        words = "".join(letters).strip()
        if not words or not owner:
            return
        size, turn = self._size_and_turn(first)
        x, y = ctypes.c_double(), ctypes.c_double()
        self._pdfium.FPDFText_GetCharOrigin(self._text, first, x, y)
        runs.append(
            _RawRun(
                text=words,
                corners=self._corners(first, last),
                origin=(x.value, y.value),
                size=size,
                bold=self._is_bold(first, owner),
                turn=turn,
                ink=self._ink(owner),
            )
        )

    def _corners(self, first: int, last: int) -> tuple[Point, Point]:
        """Opposite corners of the box around these characters."""
        edges = []
        for place in (first, last):
            left, right, bottom, top = (ctypes.c_double() for _ in range(4))
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
