"""Wordings that several sub-commands share."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 chunk`, `1,200 chunks`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
