"""How random a value looks: by the mix of its characters, by how its letters follow each other, by words in it.

The letter pairs come from the project's list of frequent words; nothing was trained.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from functools import cache

from guards import wordlist

LIKELY = -4.35  # mean log2 probability of a letter after another, below which letters follow no language
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}")
_LETTERS = re.compile(r"[a-z]{2,}")
_LONGEST = 400


def entropy(text: str) -> float:
    """Bits a character, going by how often each occurs; 0 for an empty text."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values()) if text else 0.0


def is_random(value: str) -> bool:
    """Whether a value of eight characters or more looks drawn by chance rather than made of words."""
    value = value[:_LONGEST]
    letters = sum(c.isalpha() for c in value)
    digits = sum(c.isdigit() for c in value)
    if len(value) < 8 or entropy(value) < min(3.0, 0.75 * math.log2(len(value))):
        return False
    if letters and digits and set(value.lower()) <= set("0123456789abcdef"):
        return switches(value) >= 3
    if _in_words(value) > 0.5 * max(letters, 1):
        return False
    mixed = switches(value) >= 0.2 * len(value)
    return (mixed and digits > 0) or (letters >= 8 and likelihood(value) < LIKELY)


def switches(value: str) -> int:
    """How often the kind of character changes: lower case, upper case, digit, other."""
    kinds = [(c.islower(), c.isupper(), c.isdigit()) for c in value]
    return sum(a != b for a, b in itertools.pairwise(kinds))


def likelihood(value: str) -> float:
    """Mean log2 probability of each letter after the one before; about -3.4 for English words, -5 for chance."""
    pairs = _pairs()
    scores = [pairs[a + b] for run in _LETTERS.findall(value.lower()) for a, b in itertools.pairwise(run)]
    return sum(scores) / len(scores) if scores else 0.0


def _in_words(value: str) -> int:
    """Letters that stand in frequent words of four letters or more."""
    known = wordlist.known()
    return sum(len(word) for word in _WORD.findall(value) if len(word) >= 4 and word.lower() in known)


@cache
def _pairs() -> dict[str, float]:
    """log2 of the probability of the second letter after the first, over the frequent words, smoothed."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    counts = Counter(a + b for word in wordlist.known() for a, b in itertools.pairwise(word))
    totals = {a: sum(counts[a + b] for b in alphabet) for a in alphabet}
    return {a + b: math.log2((counts[a + b] + 1) / (totals[a] + 26)) for a in alphabet for b in alphabet}
