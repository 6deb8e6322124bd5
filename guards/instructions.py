"""Hidden instructions held against the words of an answer: words in a row that stand in them, and sentences near them.

What the model is told to say (“reply with exactly: …”) is no secret, nor is what stands in a passage or the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from core import sentences

LEAST_WORDS = 5  # of a sentence that is compared
LEAST_RUN = 5  # words in a row that are looked at
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SAID = re.compile(
    r"(?i)\b(?:reply|answer|say|respond|write|output)\b[^.:\n]{0,40}:[ \t]{0,3}[\"“]?"
    r"(?P<said>[^\"”\n]{3,300}?[.!?])(?=[\"”\s]|$)"
)
_SLOT = re.compile(r"\{[a-z_]{1,40}\}")
_MOST_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row of a text that stand so in the instructions."""

    first: int  # number of the first word of the text, from 0
    words: int


@dataclass(frozen=True, slots=True)
class Instructions:
    """What a model is told, ready to be compared with."""

    units: tuple[str, ...]  # its sentences of five words and more
    said: tuple[str, ...]  # what it is told to say
    _words: tuple[str, ...] = ()
    _places: dict[tuple[str, ...], tuple[int, ...]] = field(default_factory=dict)  # of each five words in a row
    _lengths: frozenset[tuple[str, ...]] = frozenset()  # the units as words

    @classmethod
    def of(cls, texts: Sequence[str]) -> Instructions:
        """Those of these texts; without any there is nothing to compare with."""
        joined = _SLOT.sub(" ", "\n\n".join(texts)[:_MOST_CHARACTERS])
        said = tuple(match["said"].strip() for match in _SAID.finditer(joined))
        rest = _SAID.sub(lambda match: match.group()[: match.start("said") - match.start()], joined)
        lines = (line.strip(" \t-*#>0123456789.)") for line in rest.split("\n"))
        units = [unit for line in lines for unit in sentences.split(line) if len(words(unit)) >= LEAST_WORDS]
        flat: list[str] = []
        for line in rest.split("\n"):
            flat += [*words(line), ""]  # no run goes over the end of a line
        places: dict[tuple[str, ...], list[int]] = {}
        for at in range(len(flat) - LEAST_RUN + 1):
            places.setdefault(tuple(flat[at : at + LEAST_RUN]), []).append(at)
        return cls(
            tuple(dict.fromkeys(units)),
            said,
            tuple(flat),
            {row: tuple(found) for row, found in places.items()},
            frozenset(tuple(words(unit)) for unit in units),
        )

    def runs(self, text: Sequence[str], known: str) -> Iterator[Run]:
        """The longest runs of these words, from the first on, that stand here and not in what is known anyway."""
        at = 0
        while at <= len(text) - LEAST_RUN:
            length = self._longest(text, at)
            if length < LEAST_RUN:
                at += 1
                continue
            if f" {' '.join(text[at : at + length])} " not in known:
                yield Run(at, length)
            at += length

    def holds_unit(self, run: Sequence[str]) -> bool:
        """Whether these words are, but for one or two, a whole sentence of the instructions."""
        return any(len(run) >= len(unit) - 2 and " ".join(unit[1:-1]) in " ".join(run) for unit in self._lengths)

    def _longest(self, text: Sequence[str], at: int) -> int:
        """How many words from this one on stand here in a row."""
        best = 0
        for place in self._places.get(tuple(text[at : at + LEAST_RUN]), ()):
            length = LEAST_RUN
            while (
                at + length < len(text)
                and place + length < len(self._words)
                and text[at + length] == self._words[place + length]
            ):
                length += 1
            best = max(best, length)
        return best


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def placed_words(text: str) -> list[tuple[str, int, int]]:
    """(word in lower case, first character, one past the last) of each word."""
    return [(match.group().lower(), *match.span()) for match in _WORD.finditer(text)]


@lru_cache(maxsize=16)
def known_words(passages: tuple[str, ...], question: str) -> str:
    """The words of passages and question in one line, with a blank at each end: what is no secret."""
    return f" {' '.join(word for text in (*passages, question) for word in words(text[:_MOST_CHARACTERS]))} "
