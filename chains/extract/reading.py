"""The words of a sentence as the ranker reads them: forms, stems, and what kind of thing each one is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from core.words import STOP_WORDS, stem

_TOKEN = re.compile(r"[^\W_]+(?:[.,:/'’–-][^\W_]+)*|[%$£€]")
_PART = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:1\d{3}|20\d\d)(?:s|[–-]\d+)?")
_NUMBER = re.compile(r"\d[\d.,:/–-]*(?:st|nd|rd|th|s|m|km|bn)?")
GRAM = 4  # characters of a word's fragment
_NUMBER_WORDS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty forty fifty
    sixty seventy eighty ninety dozen hundred hundreds thousand thousands million millions billion billions trillion
    half third thirds quarter quarters twice once double triple several few pair both single none zero""".split()
)
_TIME_WORDS = frozenset(
    """century centuries decade decades year years month months day days week weeks hour hours minute minutes second
    seconds era ago today morning night spring summer autumn winter monday tuesday wednesday thursday friday saturday
    sunday""".split()
)
_MONTHS = frozenset("january february march april may june july august september october november december".split())


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, in order; every tuple has one entry a word."""

    forms: tuple[str, ...]  # as written
    lower: tuple[str, ...]  # in lower case, without a final 's
    stems: tuple[str, ...]
    content: tuple[str, ...]  # the stem, or nothing for a stop word
    held: frozenset[str]  # stems that carry content, parts of compounds too
    grams: frozenset[str]  # fragments of four letters of the words that carry content, to match words of one family

    def is_name(self, at: int) -> bool:
        """Whether the word is capitalised where a sentence does not begin."""
        return at > 0 and self.forms[at][0].isupper()

    def is_number(self, at: int) -> bool:
        """Whether the word is a number, in digits or letters."""
        return self.lower[at] in _NUMBER_WORDS or _NUMBER.fullmatch(self.lower[at]) is not None

    def is_year(self, at: int) -> bool:
        """Whether the word is a year or a span of years."""
        return _YEAR.fullmatch(self.lower[at]) is not None

    def is_time(self, at: int) -> bool:
        """Whether the word tells a time: a year, a month, a unit of time."""
        month = self.lower[at] in _MONTHS and self.forms[at][0].isupper()
        return month or self.lower[at] in _TIME_WORDS or self.is_year(at)


@lru_cache(maxsize=8192)
def read(text: str) -> Words:
    """The words of a text."""
    forms = tuple(_TOKEN.findall(text))
    lower = tuple(form.lower().replace("’", "'").removesuffix("'s") or form for form in forms)
    stems = tuple(stem(word) for word in lower)
    content = tuple("" if word in STOP_WORDS else stemmed for word, stemmed in zip(lower, stems, strict=True))
    parts = {
        stem(part)
        for word in lower
        if not word.isalnum()
        for part in _PART.findall(word)
        if len(part) > 1 and part not in STOP_WORDS
    }
    grams = frozenset(
        gram for word in lower if len(word) >= GRAM and word not in STOP_WORDS for gram in _grams(f"^{word}")
    )
    return Words(forms, lower, stems, content, frozenset(content) - {""} | parts, grams)


def _grams(word: str) -> list[str]:
    return [word[at : at + GRAM] for at in range(len(word) - GRAM + 1)]
