"""Stretches of documents as sets of characters: what gold, passages and citations cover, apart and together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.domain import Passage
from eval.cases import Gold

Stretch = tuple[str, str, int, int]  # collection, source, first character, one past the last


def of_gold(gold: Iterable[Gold]) -> list[Stretch]:
    """Where the gold words stand."""
    return [(one.collection, one.source, one.start, one.end) for one in gold]


def of_passage(passage: Passage) -> Stretch:
    """Where a passage stands."""
    chunk = passage.chunk
    return (chunk.collection, chunk.source, chunk.start, chunk.end)


def holds(outer: Stretch, inner: Stretch) -> bool:
    """Whether one stretch holds another whole."""
    return outer[:2] == inner[:2] and outer[2] <= inner[2] and inner[3] <= outer[3]


def overlaps(one: Stretch, other: Stretch) -> bool:
    """Whether two stretches have a character in common."""
    return one[:2] == other[:2] and one[2] < other[3] and other[2] < one[3]


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same characters, each once: in order, none touching another."""
    found: list[Stretch] = []
    for stretch in sorted(stretches):
        last = found[-1] if found else None
        if last is not None and last[:2] == stretch[:2] and stretch[2] <= last[3]:
            found[-1] = (*last[:3], max(last[3], stretch[3]))
        else:
            found.append(stretch)
    return found


def shared(ones: Iterable[Stretch], others: Iterable[Stretch]) -> list[Stretch]:
    """The characters that both cover, each once."""
    second = merged(others)
    return [
        (*one[:2], max(one[2], other[2]), min(one[3], other[3]))
        for one in merged(ones)
        for other in second
        if overlaps(one, other)
    ]


def characters(stretches: Sequence[Stretch]) -> int:
    """How many characters stretches have that don't overlap."""
    return sum(end - start for _, _, start, end in stretches)


def share_covered(gold: Iterable[Gold], covering: Iterable[Stretch]) -> float:
    """Share of the gold characters that these stretches cover, from 0 to 1."""
    wanted = merged(of_gold(gold))
    return characters(shared(wanted, covering)) / characters(wanted)
