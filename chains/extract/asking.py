"""What a question asks for: its words, and the kind of thing that would answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from chains.extract.reading import Words, read
from core.words import STOP_WORDS


class Kind(StrEnum):
    """The kind of thing that a question asks for."""

    TIME = "time"
    AMOUNT = "amount"
    NAME = "name"  # of a person or a place
    REASON = "reason"
    WAY = "way"  # how something is done
    MEMBERS = "members"  # several things of a kind
    DEFINITION = "definition"
    OTHER = "other"


_NOUN = r"(?:[\w'-]+ )??"
_PATTERNS = (
    (
        Kind.TIME,
        r"\b(?:when|how long|how old"
        rf"|(?:what|which) {_NOUN}(?:year|date|day|decade|century|time|month|era|period)s?)\b",
    ),
    (
        Kind.AMOUNT,
        r"\bhow (?:many|much|large|far|big|tall|high|fast|often|wide|deep|heavy|hot|cold)\b"
        rf"|\b(?:what|which) {_NOUN}(?:percentage|percent|number|proportion|amount|share|population|portion|fraction"
        r"|temperature|price|cost|size|length|speed|rate|distance|area|height|width)\b",
    ),
    (
        Kind.NAME,
        r"\b(?:who|whom|whose|where)\b"
        rf"|\b(?:what|which) {_NOUN}(?:person|people|king|queen|emperor|president|leader|author|scientist|man|woman"
        r"|company|organi[sz]ation|composer|architect|ruler|country|countries|city|cities|state|place|region|location"
        r"|island|river|continent|province|county|nation|town|street|museum|school|university|building)\b",
    ),
    (Kind.REASON, rf"\b(?:why|how come|(?:what|which) {_NOUN}(?:reasons?|causes?|caused|purpose))\b"),
    (Kind.WAY, r"\bhow (?:do|can|could|should|to|would|will|must|may|does one)\b|\bsteps?\b"),
    (
        Kind.MEMBERS,
        r"\b(?:what|which) (?:are|were)\b|\b(?:what|which) [\w'-]+s (?:are|were|can|do|does|have)\b"
        r"|\blist\b|\bname (?:two|three|some|the)\b|\b(?:types|kinds|examples|options|formats) of\b",
    ),
    (
        Kind.DEFINITION,
        r"^(?:what|who) (?:is|are|was|were) (?:an? |the )?[\w'-]+(?: [\w'-]+){0,3}\??$|\bmeans?\b|\bdefin",
    ),
)
_KINDS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)
_TERM = re.compile(r"\b(?:called|named|known as|term|nickname|referred to)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the ranker reads it."""

    text: str
    words: Words
    kind: Kind
    stems: tuple[str, ...]  # of the words that carry content, each once, in order
    names: frozenset[str]  # stems of its capitalised words
    numbers: frozenset[str]
    term: bool  # whether it asks what something is called
    pairs: frozenset[tuple[str, str]]  # neighbouring words


@lru_cache(maxsize=256)
def understand(question: str, about: str = "") -> Asked:
    """What a question asks for; `about` adds words to a part of a question that leaves its topic to another part."""
    words = read(f"{question} {about}")
    return Asked(
        text=question,
        words=words,
        kind=next((kind for kind, pattern in _KINDS if pattern.search(question)), Kind.OTHER),
        stems=tuple(dict.fromkeys([*filter(None, words.content), *sorted(words.held)])),
        names=frozenset(
            words.stems[at] for at in range(len(words.forms)) if words.is_name(at) and words.lower[at] not in STOP_WORDS
        ),
        numbers=frozenset(word for word in words.lower if word[0].isdigit()),
        term=_TERM.search(question) is not None,
        pairs=frozenset(zip(words.lower, words.lower[1:], strict=False)),
    )
