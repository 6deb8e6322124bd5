"""Whether letters read like English: by frequent words, and how letters without blanks are cut into such words."""

from __future__ import annotations

import re

from guards import wordlist

MOST_READ = 4000  # characters that are looked at
MOST_CUT = 20_000  # letters that are cut into words
LONGEST = 16  # letters of a word
_LETTERS = re.compile(r"[a-z]{2,}")


def englishness(text: str) -> float:
    """The share of letters that stand in frequent English words, 0 to 1; words of one letter don't count."""
    words = _LETTERS.findall(text[:MOST_READ].lower())
    known, letters = wordlist.readable(), sum(map(len, words))
    return sum(len(word) for word in words if word in known) / letters if letters else 0.0


def segmented(letters: str, least: float = 0.6) -> list[str] | None:
    """Lower-case letters cut into known words by the fewest pieces; None when less than `least` of them is in such."""
    if not letters or len(letters) > MOST_CUT:
        return None
    known = wordlist.readable()
    cost, size = [0.0], [0]
    for end in range(1, len(letters) + 1):
        best, chosen = cost[end - 1] + 5, 1
        for length in range(1, min(LONGEST, end) + 1):
            if letters[end - length : end] in known:
                found = cost[end - length] + (2 if length > 1 else 3)
                if found <= best:
                    best, chosen = found, length
        cost.append(best)
        size.append(chosen)
    words, end = [], len(letters)
    while end:
        words.append(letters[end - size[end] : end])
        end -= size[end]
    hits = sum(len(word) for word in words if word in known)
    return _joined(words[::-1], known) if hits >= least * len(letters) else None


def _joined(words: list[str], known: frozenset[str]) -> list[str]:
    """Single letters beside each other are one word that is not known."""
    result: list[str] = []
    loose = False
    for word in words:
        single = word not in known
        if single and loose:
            result[-1] += word
        else:
            result.append(word)
        loose = single
    return result
