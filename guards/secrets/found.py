"""What a recogniser of secrets found. Which recogniser runs first is `find.py`'s matter."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """Characters of a text that are a secret."""

    start: int  # first character, in the text that was searched
    end: int  # one past the last
    label: str  # what it is, in a few plain words
    risk: float  # how sure it is that this is one: 0 to 1
