"""Whether quoted words agree with a sentence: its numbers, its names, what it denies, and what each belongs to.

A rule, and in words alone: the meaning as a whole is weighed by the guard `groundedness`. What agrees here may still
not support the sentence; what disagrees never does.
"""

from __future__ import annotations

import re

from guards.grounding.anchors import Anchor, anchors, initials, name_words, names, number_keys, numbers, said, terms
from guards.grounding.contrast import clauses, contradicts
from guards.wordlist import rarity

_I = re.compile(r"(?i:(?<![\w'’.])(?:i|my|me|mine|i['’](?:m|ve|d|ll))(?![\w.'’]))")
# what may stand for a name or number of another clause: who is meant is then not told by the clause
_LEANING = re.compile(
    r"(?i)\b(?:he|him|his|she|her|it|its|they|them|their|this|these|that|those|such|who|which|both)\b"
)
_DENYING = re.compile(
    r"(?i)\b(?:no longer|not (?:true|the case|correct)|never|false|untrue|wrong(?:ly)?|myth|den(?:y|ies|ied)|"
    r"(?:do|does|did|is|was|are|were|has|have|had|can|could|will|would|should)(?:\s+not|n['’]t))\b"
)
# ends of clauses that have a subject of their own, more surely than those below
_FAR_APART = re.compile(
    r"[.!?;:|\n]+(?=\s|$)|,\s(?=(?:and|but|or|while|whereas|although|though)\b)|\s(?=(?:but|while|whereas)\b)"
    r"|\sand\s(?=\d|[A-Z]\w+\s[a-z])"
)


def agrees(sentence: str, quote: str, context: str = "") -> bool:
    """Whether the quote holds every number and name of the sentence, each where it belongs, and denies what it denies.

    `context` is what stands over the quote: headings, a table's header, what introduces a list. Names and numbers may
    come from there.
    """
    around = f"{context}\n{quote}"
    return (
        all(_held(number, number_keys(around)) for number in numbers(sentence))
        and all(_named(name, sentence, around) for name in names(sentence))
        and (_speaker(quote) or not _speaker(sentence))
        and not contradicts(sentence, quote)
        and all(_belongs(anchor, sentence, quote) for anchor in anchors(sentence))
    )


def denies(text: str, start: int) -> bool:
    """Whether the clause of the text that goes on at this offset denies or doubts what follows, by a word before it."""
    line = text[:start]
    begin = max((match.end() for match in re.finditer(r"[.!?;:|]\s|\n\s*\n|,\s(?:but|and)\s", line)), default=0)
    return _DENYING.search(line[begin:]) is not None


def _held(anchor: Anchor, keys: frozenset[str]) -> bool:
    return bool(anchor.keys & keys)


def _named(anchor: Anchor, sentence: str, text: str) -> bool:
    """Whether a name stands in the text: the word, the initials that it is made of, or the family name alone."""
    if anchor.keys & (name_words(text) | initials(text)):
        return True
    family = next((other for other in names(sentence) if sentence[anchor.end : other.start] == " "), None)
    if family is None or not family.keys & name_words(text):
        return False
    held = [other for other in names(text) if other.keys & family.keys]
    return not any(text[other.end : name.start] == " " for name in held for other in names(text))


def _speaker(text: str) -> bool:
    """Whether whoever speaks speaks of themselves: `I` and `my`."""
    return _I.search(text) is not None


def _belongs(anchor: Anchor, sentence: str, quote: str) -> bool:
    """Whether a number or name stands in the quote with the words that it stands with in the sentence.

    It does not when those words rather stand in another clause of the quote, beside another number or name.
    """
    parts = [quote[a:b] for a, b in clauses(quote, _FAR_APART)]
    home = [part for part in parts if anchor.keys & terms(part)]
    if len(home) != 1 or len(parts) < 2 or _LEANING.search(quote):
        return True
    mine = said(home[0])
    beside = {key for other in anchors(home[0]) for key in other.keys}
    if len(mine - beside) < 2:  # an apposition or the end of a list, no clause of its own
        return True
    around = _around(anchor, sentence) - {key for other in _run(anchor, sentence) for key in other.keys}
    if around and not around & mine:  # it stands there in another matter
        return False
    for part in parts:
        if part is home[0] or not any(not other.keys & anchor.keys for other in anchors(part)):
            continue
        theirs = said(part)
        if _weight(around & theirs - mine) > _weight(around & mine - theirs):
            return False
    return True


def _weight(stems: set[str]) -> float:
    return sum(map(rarity, stems))


def _run(anchor: Anchor, sentence: str) -> list[Anchor]:
    """The names that it stands together with, such as a first and a family name; itself among them."""
    found = [anchor]
    if anchor not in names(sentence):
        return found
    for other in names(sentence):
        if sentence[found[-1].end : other.start] == " ":
            found.append(other)
    for other in reversed(names(sentence)):
        if sentence[other.end : found[0].start] == " ":
            found.insert(0, other)
    return found


def _around(anchor: Anchor, sentence: str) -> set[str]:
    """What stands with it in its clause of the sentence."""
    a, b = next(((a, b) for a, b in clauses(sentence, _FAR_APART) if a <= anchor.start < b), (0, len(sentence)))
    return said(sentence[a:b])
