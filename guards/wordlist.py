"""Frequent English words by rank, from words.txt: whether letters read like English, and how much a word tells."""

import math
from functools import cache
from pathlib import Path

from core.words import stem

WORDS = Path(__file__).with_name("words.txt")  # one a line, most frequent first


@cache
def known() -> frozenset[str]:
    """The frequent words of two letters and more, and `a` and `i`."""
    return frozenset(WORDS.read_text(encoding="utf-8").split())


def rarity(word_stem: str) -> float:
    """How much a stem tells, 0 to 1: the logarithm of its rank; 1 for what is not frequent."""
    ranks = _ranks()
    return math.log2(2 + ranks.get(word_stem, len(ranks))) / math.log2(2 + len(ranks))


@cache
def _ranks() -> dict[str, int]:
    ranks: dict[str, int] = {}
    for word in WORDS.read_text(encoding="utf-8").split():
        ranks.setdefault(stem(word), len(ranks))
    return ranks
