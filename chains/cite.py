"""Citations: from `[2]` behind a sentence to the exact words of passage 2 that support it, verified to stand there.

A reference to a passage that was not given, or to one whose words don't support the sentence, is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.domain import Citation, Passage
from core.sentences import spans
from core.words import content_stems

_MARK = re.compile(r"[ \t]*\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_QUOTES = "\"'“”‘’«»"
LEAST_OVERLAP = 0.34  # share of the sentence's content words that the quoted words hold


def without_marks(text: str) -> str:
    """The sentence as it is shown and judged: without citation marks."""
    return _MARK.sub("", text)


def marks(text: str) -> list[int]:
    """The passage numbers that a sentence cites, in order, each once."""
    numbers = (int(n) for match in _MARK.finditer(text) for n in match[1].split(","))
    return list(dict.fromkeys(numbers))


def cite(text: str, passages: Sequence[Passage]) -> tuple[Citation, ...]:
    """The verified citations of a sentence: those it names; without any, the passage that says it best."""
    shown = without_marks(text).strip()
    named = {number: p for p in passages for number in [p.rank]}
    chosen = [named[number] for number in marks(text) if number in named]
    found = [citation for passage in chosen if (citation := quote_in(shown, passage))]
    if not found:
        rest = [citation for p in passages if p not in chosen and (citation := quote_in(shown, p))]
        found = sorted(rest, key=lambda c: -_overlap(shown, c.quote))[:1]
    return tuple(found)


def quote_in(sentence: str, passage: Passage) -> Citation | None:
    """The words of the passage that support a sentence: itself where it stands there, else the nearest sentence."""
    text = passage.chunk.text
    span = _verbatim(sentence.strip(_QUOTES + " "), text) or _nearest(sentence, text)
    if span is None:
        return None
    start, end = span
    return Citation(
        passage=passage.rank,
        source=passage.chunk.source,
        title=passage.chunk.title,
        page=passage.chunk.page,
        quote=text[start:end],
        start=passage.chunk.start + start,
        end=passage.chunk.start + end,
    )


def _verbatim(sentence: str, text: str) -> tuple[int, int] | None:
    """Where the sentence stands word for word, whatever white space lies between the words."""
    at = text.find(sentence)
    if sentence and at >= 0:
        return at, at + len(sentence)
    words = sentence.split()
    if not 3 <= len(words) <= 200:
        return None
    match = re.search(r"\s+".join(re.escape(word) for word in words), text, re.IGNORECASE)
    return match.span() if match else None


def _nearest(sentence: str, text: str) -> tuple[int, int] | None:
    """The sentence of the text that shares most content words, when it shares enough."""
    best, found = LEAST_OVERLAP, None
    for span in spans(text):
        share = _overlap(sentence, text[slice(*span)])
        if share > best or (found is None and share == best):
            best, found = share, span
    return found


def _overlap(sentence: str, quote: str) -> float:
    said, held = set(content_stems(sentence)), set(content_stems(quote))
    return len(said & held) / len(said) if said else 0.0
