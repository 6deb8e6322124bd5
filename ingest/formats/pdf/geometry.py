"""Places on a page as it is read: x grows to the right, y downwards, in points; the page's corner is the origin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]  # a b c d e f, as PDF writes it
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def middle(self) -> Point:
        """The point in its middle."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    def holds(self, point: Point, margin: float = 0.0) -> bool:
        """Whether a point lies within, or no further outside than the margin."""
        x, y = point
        return self.x0 - margin <= x <= self.x1 + margin and self.top - margin <= y <= self.bottom + margin

    def meets(self, other: Box) -> bool:
        """Whether the two have a place in common."""
        apart = self.x1 < other.x0 or other.x1 < self.x0 or self.bottom < other.top or other.bottom < self.top
        return not apart


def box_around(*points: Point) -> Box:
    """The smallest box with these points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def applied(matrix: Matrix, point: Point) -> Point:
    """Where a matrix moves a point."""
    (a, b, c, d, e, f), (x, y) = matrix, point
    return a * x + c * y + e, b * x + d * y + f


def combined(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that does what the inner one does and then the outer."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def turned(left: float, bottom: float, right: float, top: float, turn: int) -> Callable[[Point], Point]:
    """From PDF's places, whose y grows upwards, to those of the page turned clockwise by so many degrees."""
    turns: dict[int, Callable[[Point], Point]] = {
        0: lambda point: (point[0] - left, top - point[1]),
        90: lambda point: (point[1] - bottom, point[0] - left),
        180: lambda point: (right - point[0], point[1] - bottom),
        270: lambda point: (top - point[1], right - point[0]),
    }
    return turns[turn % 360]
