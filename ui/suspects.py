"""Where the words that speak against a document stand in its text, and what stands around them."""

from __future__ import annotations

import re

from core.domain import Span

AROUND = 160  # characters of an excerpt on each side
CUT = "…"  # ends words that were kept only in part


def places(text: str, words: str) -> list[Span]:
    """Where these words stand, whatever white space lies between them; none when they are hidden or disguised."""
    pieces = [re.escape(piece) for piece in words.removesuffix(CUT).split()]
    if not pieces:
        return []
    found = re.finditer(r"\s+".join(pieces), text, re.IGNORECASE)
    return [Span(match.start(), match.end()) for match in found]


def excerpt(text: str, place: Span) -> tuple[str, Span]:
    """The text around a place, cut at words, and where the place is in it."""
    before = text[max(0, place.start - AROUND) : place.start]
    after = text[place.end : place.end + AROUND]
    if place.start > AROUND:
        before = f"{CUT} {before.partition(' ')[2]}"
    if place.end + AROUND < len(text):
        after = f"{after.rpartition(' ')[0]} {CUT}"
    words = text[place.start : place.end]
    return before + words + after, Span(len(before), len(before) + len(words))
