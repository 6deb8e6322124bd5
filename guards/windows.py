"""Cutting a text into overlapping windows of words, so that a small model sees every part of a long one."""

import re
from collections.abc import Iterator

WORDS, STRIDE = 48, 32
_WORD = re.compile(r"\S{1,200}")  # a run without blanks is cut, so that no window grows without bound


def windows(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each window."""
    words = [match.span() for match in _WORD.finditer(text)]
    for first in range(0, max(1, len(words) - (WORDS - STRIDE)), STRIDE):
        part = words[first : first + WORDS]
        if part:
            yield part[0][0], part[-1][1]
