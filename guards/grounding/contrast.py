"""What makes one text deny another: negations and opposite words, in the clause that both speak of.

A rule, and in words alone. Numbers and names are compared in difference.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from core.words import content_stems, stem, words
from guards.grounding.evidence import negated

_CLAUSE_END = re.compile(
    r"[.!?;:|\n]+(?=\s|$)|,\s|\s[–—-]\s|\s(?=(?:and|but|or|while|whereas|although|though|which|who|because|if|unless)\b)"
)
# two sides that can't both be so; a text that holds both sides tells nothing
_OPPOSITES = tuple(
    (frozenset(map(stem, a.split())), frozenset(map(stem, b.split())))
    for a, b in (
        ("allowed permitted may welcome", "forbidden prohibited banned disallowed"),
        ("increase rise rose grow grew raise", "decrease fall fell drop decline shrink lower"),
        ("open", "closed close"),
        ("before", "after"),
        ("first", "last"),
        ("more", "less fewer"),
        ("most maximum", "least minimum"),
        ("above over", "below under"),
        ("include", "exclude"),
        ("accept approve", "reject refuse deny"),
        ("win won", "lose lost"),
        ("enable", "disable"),
        ("start begin began", "end stop finish"),
        ("buy bought", "sell sold"),
        ("mandatory compulsory required obligatory", "optional voluntary"),
        ("north northern", "south southern"),
        ("east eastern", "west western"),
        ("early earlier", "late later"),
        ("cheap cheaper", "expensive"),
        ("arrive arrival", "depart departure leave"),
    )
)


def contradicts(sentence: str, quote: str) -> bool:
    """Whether one of them denies what the other says, by a negation or by an opposite word."""
    near = nearest_clause(sentence, quote)
    told, held = set(map(stem, words(sentence))), set(map(stem, words(near)))
    return (negated(sentence) != negated(near)) != bool(len(opposites(told, held)) % 2)


@cache
def opposable() -> frozenset[str]:
    """The stems of every word that has an opposite here."""
    return frozenset().union(*(side for pair in _OPPOSITES for side in pair))


def opposites(told: set[str], held: set[str]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """The stems said on one side and their opposites on the other; a side that holds both tells nothing."""
    return [
        (one & told, other & held)
        for pair in _OPPOSITES
        for one, other in (pair, pair[::-1])
        if told & one and held & other and not held & one and not told & other
    ]


def nearest_clause(sentence: str, quote: str) -> str:
    """The clauses of the quote that the sentence speaks of: those that hold its words; all when none does."""
    told = set(content_stems(sentence))
    parts = [quote[a:b] for a, b in clauses(quote)]
    shares = [len(told & set(content_stems(part))) for part in parts]
    best = max(shares, default=0)
    return " ".join(
        part for part, share in zip(parts, shares, strict=True) if share >= 0.5 * best and (share or not best)
    )


def clauses(text: str, ends: re.Pattern[str] = _CLAUSE_END) -> Iterator[tuple[int, int]]:
    """Start and end of each clause of a text, by its punctuation and conjunctions; a rough cut."""
    begin = 0
    for match in ends.finditer(text):
        if text[begin : match.end()].strip():
            yield begin, match.end()
        begin = match.end()
    if text[begin:].strip():
        yield begin, len(text)
