"""The words of a text as the word index sees them, by sentence: what candidates are compared with a question by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, filterfalse, pairwise

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
        return tuple(filterfalse(_STOPS.__contains__, self.every))

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
    lines = [" ".join(heading).lower(), *(text[a:b].lower() for a, b in sentences.spans(text))]
    words = [_WORD.findall(line) for line in lines]
    every = stems([word for line in words for word in line])
    ends = list(accumulate(map(len, words)))
    return Terms(tuple(every), tuple(frozenset(every[a:b]) for a, b in pairwise(ends)))
