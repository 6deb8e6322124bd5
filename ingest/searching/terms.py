"""The words of a text as the word index sees them, by sentence: what candidates are compared with a question by."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core import sentences
from core.words import STOP_WORDS, stems

_WORD = re.compile(r"[^\W_]+")
_STOPS = frozenset(stems([part for word in STOP_WORDS for part in _WORD.findall(word)]))
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """The stems of a text."""

    every: tuple[str, ...]  # in order, stop words too
    by_sentence: tuple[frozenset[str], ...]  # of each sentence; of a question: empty

    @property
    def content(self) -> tuple[str, ...]:
        """Those that carry content, in order."""
        return tuple(stem for stem in self.every if stem not in _STOPS)

    @property
    def pairs(self) -> frozenset[Pair]:
        """Neighbours among those that carry content."""
        return frozenset(pairwise(self.content))

    @property
    def phrases(self) -> frozenset[Pair]:
        """Neighbours, stop words too."""
        return frozenset(pairwise(self.every))


def of_question(text: str) -> Terms:
    """The stems of a question."""
    return Terms(tuple(stems(_WORD.findall(text.lower()))), ())


def of_passage(heading: Sequence[str], text: str) -> Terms:
    """The stems of a passage, headings first; those of each of its sentences apart."""
    above = stems(_WORD.findall(" ".join(heading).lower()))
    found = list(_WORD.finditer(text.lower()))
    within = stems([match.group() for match in found])
    spans = sentences.spans(text)
    ends = [end for _, end in spans]
    parts: list[set[str]] = [set() for _ in spans]
    for match, stem in zip(found, within, strict=True):
        number = bisect_right(ends, match.start())
        if number < len(parts):
            parts[number].add(stem)
    return Terms((*above, *within), tuple(map(frozenset, parts)))
