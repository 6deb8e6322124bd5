"""What a page of a PDF draws besides words: filled shapes, pictures, and straight lines that may rule a table."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.formats.pdf.geometry import IDENTITY, Box, Matrix, Point, applied, box_around, combined

_MOST_OBJECTS = 30_000  # of a page; more is a map or a plan, no table
_MOST_SEGMENTS = 5_000  # of all paths of a page
_DEEPEST = 8  # forms within forms
_STRAIGHT = 1.0  # points that the ends of a straight line may differ by


@dataclass(frozen=True, slots=True)
class Shape:
    """Something that covers a part of the page."""

    box: Box
    order: int  # when it is drawn, among all that the page draws
    colour: tuple[int, int, int] | None  # None: a picture or a pattern


@dataclass(slots=True)
class Drawing:
    """All that a page draws."""

    grounds: list[Shape] = field(default_factory=list)  # filled shapes and pictures, in the order drawn
    rules: list[tuple[Point, Point]] = field(default_factory=list)  # straight lines and the sides of rectangles
    pictures: list[Box] = field(default_factory=list)
    orders: dict[int, int] = field(default_factory=dict)  # when each text object is drawn, by its address

    def placed(self, move: Callable[[Point], Point]) -> Drawing:
        """The same on the page as it is read."""

        def moved(box: Box) -> Box:
            return box_around(move((box.x0, box.top)), move((box.x1, box.bottom)))

        return Drawing(
            [Shape(moved(shape.box), shape.order, shape.colour) for shape in self.grounds],
            [(move(start), move(end)) for start, end in self.rules],
            [moved(box) for box in self.pictures],
            self.orders,
        )


class Surveyor:
    """Walks through what a page draws, forms within it too."""

    def __init__(self) -> None:
        """Nothing is seen yet."""
        import pypdfium2.raw as pdfium

        self._pdfium = pdfium
        self._drawing = Drawing()
        self._seen = 0
        self._segments = 0

    def survey(self, page: Any) -> Drawing:
        """All that the page draws, in PDF's own places."""
        pdfium = self._pdfium
        count = pdfium.FPDFPage_CountObjects(page.raw)
        for index in range(min(count, _MOST_OBJECTS)):
            self._look(pdfium.FPDFPage_GetObject(page.raw, index), IDENTITY, 0)
        return self._drawing

    def _look(self, thing: Any, outer: Matrix, depth: int) -> None:
        pdfium = self._pdfium
        self._seen += 1
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            self._drawing.orders[ctypes.cast(thing, ctypes.c_void_p).value or 0] = self._seen
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._path(thing, outer)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = self._box(thing, outer)
            self._drawing.pictures.append(box)
            self._drawing.grounds.append(Shape(box, self._seen, None))
        elif kind == pdfium.FPDF_PAGEOBJ_SHADING:
            self._drawing.grounds.append(Shape(self._box(thing, outer), self._seen, None))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            matrix = combined(self._matrix(thing), outer)
            for index in range(pdfium.FPDFFormObj_CountObjects(thing)):
                if self._seen < _MOST_OBJECTS:
                    self._look(pdfium.FPDFFormObj_GetObject(thing, index), matrix, depth + 1)

    def _path(self, path: Any, outer: Matrix) -> None:
        pdfium = self._pdfium
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
            return
        if fill.value:
            red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
            known = pdfium.FPDFPageObj_GetFillColor(path, red, green, blue, alpha)
            if not known or alpha.value > 127:  # what is nearly clear does not hide what lies beneath
                colour = (red.value, green.value, blue.value) if known else None
                self._drawing.grounds.append(Shape(self._box(path, outer), self._seen, colour))
        self._drawing.rules.extend(self._straights(path, combined(self._matrix(path), outer)))

    def _straights(self, path: Any, matrix: Matrix) -> Iterator[tuple[Point, Point]]:
        """The level and upright lines of a path."""
        pdfium = self._pdfium
        begin: Point | None = None
        here: Point | None = None
        for index in range(pdfium.FPDFPath_CountSegments(path)):
            self._segments += 1
            if self._segments > _MOST_SEGMENTS:
                return
            segment = pdfium.FPDFPath_GetPathSegment(path, index)
            x, y = ctypes.c_float(), ctypes.c_float()
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            there = applied(matrix, (x.value, y.value))
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_LINETO and here is not None and _is_straight(here, there):
                yield here, there
            begin = there if kind == pdfium.FPDF_SEGMENT_MOVETO else begin
            here = there
            if pdfium.FPDFPathSegment_GetClose(segment) and begin is not None and _is_straight(here, begin):
                yield here, begin

    def _box(self, thing: Any, outer: Matrix) -> Box:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        self._pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
        xs, ys = (left.value, right.value), (bottom.value, top.value)
        return box_around(*(applied(outer, (x, y)) for x in xs for y in ys))

    def _matrix(self, thing: Any) -> Matrix:
        found = self._pdfium.FS_MATRIX()
        if not self._pdfium.FPDFPageObj_GetMatrix(thing, found):
            return IDENTITY
        return found.a, found.b, found.c, found.d, found.e, found.f


def _is_straight(one: Point, other: Point) -> bool:
    return (abs(one[0] - other[0]) < _STRAIGHT) != (abs(one[1] - other[1]) < _STRAIGHT)
