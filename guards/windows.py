"""Cutting a text into overlapping windows of words, so that a small model sees every part of a long one."""

import re
from collections.abc import Iterator

WORDS, STRIDE = 48, 32
STRETCH, ONWARD = 180, 140  # what the embedding of a question reaches: most questions are one stretch
_WORD = re.compile(r"\S{1,200}")  # a run without blanks is cut, so that no window grows without bound


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
