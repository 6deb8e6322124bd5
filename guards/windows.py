"""Cutting a text into overlapping windows of words, so that a small model sees every part of a long one."""

import re
from collections.abc import Iterator

WORDS, STRIDE = 48, 32
STRETCH, ONWARD = 180, 140  # what the embedding of a question reaches: most questions are one stretch
_WORD = re.compile(r"\S{1,200}")  # a run without blanks is cut, so that no window grows without bound
_BEYOND_TYPOGRAPHY = re.compile("[^\\x00-\\x7f\u00a0-\u017f\u2010-\u2015\u2018-\u201f\u2022\u2026\u20ac]")


def windows(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each window."""
    return _cut(text, WORDS, STRIDE)


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each stretch; a text that is one is whole, so that its embedding is the question's own."""
    found = list(_cut(text, STRETCH, ONWARD))
    yield from [(0, len(text))] if len(found) == 1 else found


def _cut(text: str, size: int, onward: int) -> Iterator[tuple[int, int]]:
    words = [match.span() for match in _WORD.finditer(text)]
    for first in range(0, max(1, len(words) - (size - onward)), onward):
        part = words[first : first + size]
        if part:
            yield part[0][0], part[-1][1]


def as_written(view: str, original: str) -> str:
    """The original where the view only made typographic signs and accents plain: its vector is there already."""
    if view != original and len(view) == len(original) and not _BEYOND_TYPOGRAPHY.search(original):
        return original
    return view
