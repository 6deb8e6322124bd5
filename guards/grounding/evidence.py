"""The passages that may support a sentence, cut and counted once, and what can be told of a sentence by words alone.

The numbers that a learnt head weighs are made of it in features.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core import sentences
from core.words import content_stems
from guards.grounding.anchors import Anchor, initials, name_words, names, number_keys, numbers

_NEGATION = re.compile(
    r"(?i)\b(?:no|not|never|none|nobody|nothing|neither|nor|without|cannot|\w{1,12}n['’]t|un(?:able|likely))\b"
)
_SPACE = re.compile(r"\s+")
NEIGHBOURS = 3  # sentences that make a window


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages, cut and counted once for all sentences of a text."""

    passages: tuple[str, ...]
    flat: tuple[str, ...]  # passages in lower case with single blanks
    pieces: tuple[str, ...]  # their sentences
    stems: tuple[frozenset[str], ...]  # of each piece
    window_stems: tuple[frozenset[str], ...]  # of each piece with those that follow it in its passage
    every: frozenset[str]  # stems of all
    pairs: frozenset[tuple[str, str]]  # neighbouring stems
    numbers: frozenset[str]  # numbers of all by their value, as anchors.number_keys gives them
    names: frozenset[str]  # words of all and the initials of their names


def gather(passages: Sequence[str]) -> Evidence:
    """What the passages hold; that of the latest few is remembered."""
    return _gathered(tuple(passages))


@lru_cache(maxsize=8)
def _gathered(passages: tuple[str, ...]) -> Evidence:
    groups = [sentences.split(passage) for passage in passages]
    pieces = tuple(piece for group in groups for piece in group)
    stems = [[frozenset(content_stems(piece)) for piece in group] for group in groups]
    whole = [content_stems(passage) for passage in passages]
    return Evidence(
        passages=passages,
        flat=tuple(flat(passage) for passage in passages),
        pieces=pieces,
        stems=tuple(piece for group in stems for piece in group),
        window_stems=tuple(frozenset().union(*group[i : i + NEIGHBOURS]) for group in stems for i in range(len(group))),
        every=frozenset(stem for part in whole for stem in part),
        pairs=frozenset(pair for part in whole for pair in pairwise(part)),
        numbers=frozenset().union(*map(number_keys, passages)),
        names=frozenset().union(*(name_words(passage) | initials(passage) for passage in passages)),
    )


def flat(text: str) -> str:
    """The text in lower case, its white space and quotation marks made equal: for finding exact quotes."""
    straight = text.translate(str.maketrans("“”‘’–—", "\"\"''--"))
    return _SPACE.sub(" ", straight).strip().strip("\"'").lower()


def quoted(sentence: str, evidence: Evidence) -> bool:
    """Whether the sentence stands word for word in a passage."""
    sought = flat(sentence)
    return len(sought) > 1 and any(sought in passage or sought.rstrip(".!?… ") in passage for passage in evidence.flat)


def pointed(sentence: str, evidence: Evidence) -> Mapping[str, list[tuple[int, int]]]:
    """Where the sentence holds numbers and names that stand in no passage."""
    return {
        "number": [(a.start, a.end) for a in absent(numbers(sentence), evidence.numbers)],
        "name": [(a.start, a.end) for a in absent(names(sentence), evidence.names)],
    }


def absent(anchors: Sequence[Anchor], held: frozenset[str]) -> list[Anchor]:
    """The anchors of which none of these stands for any."""
    return [anchor for anchor in anchors if not anchor.keys & held]


def negated(text: str) -> bool:
    """Whether the text denies something, by one of the usual words."""
    return _NEGATION.search(text) is not None
