"""Candidates that say the same as a better one: the same words but for a few, and never another number or a "not"."""

from __future__ import annotations

from collections.abc import Sequence

from core.words import stems
from ingest.searching.terms import Terms

SAME = 0.9  # share of all their words that both hold
# What turns a meaning, "t" being what is left of "isn't"; and numbers in words.
_TURNS = frozenset(
    stems(
        """
        no not t nor never none without cannot except unless neither only one two three four five six seven eight nine
        ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty
        seventy eighty ninety dozen hundred thousand million billion half third quarter twice once double
        """.split()
    )
)


def repeated(held: Sequence[Terms]) -> list[int | None]:
    """For each text, best first, the number of the better one that says the same; None for those that are kept."""
    words = [frozenset(terms.every) for terms in held]
    marks = [list(filter(_marks, one.every)) for one in held]
    found: list[int | None] = []
    for number, mine in enumerate(words):
        same = (
            other
            for other in range(number)
            if found[other] is None and marks[other] == marks[number] and _shared(words[other], mine) >= SAME
        )
        found.append(next(same, None))
    return found


def _marks(stem: str) -> bool:
    """Whether a stem turns a meaning or has a digit."""
    return stem in _TURNS or (not stem.isalpha() and any(map(str.isdigit, stem)))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's index."""
    both = len(one & other)
    every = len(one) + len(other) - both
    return both / every if every else 1.0
