"""Finding words of one text in another, whatever white space, quotation marks, dashes or emphasis lie between them.

Offsets count characters of the text as it stands. Whether what was found supports anything is `agreement.py`'s matter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_EQUAL = str.maketrans("“”„‟«»‘’‚‛´‐‑‒–—−", '""""""\'\'\'\'\'------')
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_SKIPPED = re.compile(  # emphasis and code marks, a document's own references
    r"[*_`]+|(?<=[\w.!?,;:)\"])[ \t]*\[\d{1,3}(?:[ ,;–-]+\d{1,3})*\]"
)
_QUOTATION = "\"' "
_STOPS = ".!?…"
MOST = 4_000  # characters of a sentence that is looked for word for word


def find(sentence: str, text: str) -> tuple[int, int] | None:
    """Start and end of the sentence where it stands in the text as whole words; None where it does not.

    Quotation marks around it and the full stop at its end need not stand there; where one follows, it is taken along.
    """
    sought = _folded(sentence[:MOST])[0].strip()
    folded, places = _folded(text)
    bare = sought.strip(_QUOTATION)
    for form in dict.fromkeys((sought, bare, bare.rstrip(_STOPS + " "))):
        at = _place(form, folded)
        if at is not None:
            end = places[at + len(form) - 1] + 1
            stopped = text[end : end + 1] in tuple(_STOPS) and not text[end + 1 : end + 2].strip()
            return places[at], end + stopped
    return None


def _place(sought: str, text: str) -> int | None:
    """The first place where it stands as whole words, both folded."""
    if not any(character.isalnum() for character in sought):
        return None
    at = text.find(sought)
    while at >= 0 and not _whole(text, at, at + len(sought)):
        at = text.find(sought, at + 1)
    return at if at >= 0 else None


@lru_cache(maxsize=64)
def _folded(text: str) -> tuple[str, list[int]]:
    """The text in one plain form, and for each of its characters the offset that it comes from."""
    kept: list[str] = []
    places: list[int] = []  # as many as characters kept
    skipped = {at for match in _SKIPPED.finditer(text) for at in range(*match.span())}
    blank = True  # no blank at the beginning
    for at, character in enumerate(text):
        if at in skipped or character in _UNSEEN:
            continue
        if character.isspace():
            if not blank:
                kept.append(" ")
                places.append(at)
            blank = True
            continue
        blank = False
        plain = character.lower() if character.isascii() else _plain(character)
        kept.append(plain)
        places.extend([at] * len(plain))
    return "".join(kept), places


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    return unicodedata.normalize("NFKD", character.translate(_EQUAL)).casefold()


def _whole(text: str, start: int, end: int) -> bool:
    """Whether these characters are whole words, accents included."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if after and unicodedata.combining(after):
        return False
    return not (before.isalnum() and text[start].isalnum()) and not (after.isalnum() and text[end - 1].isalnum())
