"""Frequent English words by rank, from words.txt: whether letters read like English, and how much a word tells."""

import math
from functools import cache
from pathlib import Path

from core.words import stem

WORDS = Path(__file__).with_name("words.txt")  # one a line, most frequent first
MORE = Path(__file__).with_name("more_words.txt")  # of questions and orders, some German, Spanish and French; by letter


@cache
def known() -> frozenset[str]:
    """The frequent words of two letters and more, and `a` and `i`."""
    return frozenset(WORDS.read_text(encoding="utf-8").split())


def rarity(word_stem: str) -> float:
    """How much a stem tells, 0 to 1: the logarithm of its rank; 1 for what is not frequent."""
    ranks = _ranks()
    return math.log2(2 + ranks.get(word_stem, len(ranks))) / math.log2(2 + len(ranks))


@cache
def readable() -> frozenset[str]:
    """The words by which a text is known to read: the frequent ones, and those of questions and orders."""
    return known() | frozenset(MORE.read_text(encoding="utf-8").split())


@cache
def _ranks() -> dict[str, int]:
    ranks: dict[str, int] = {}
    for word in WORDS.read_text(encoding="utf-8").split():
        ranks.setdefault(stem(word), len(ranks))
    return ranks
