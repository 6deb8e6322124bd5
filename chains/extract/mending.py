"""Sentences that can't stand alone: those that begin with a word whose meaning lies in the sentence before."""

from __future__ import annotations

import re

from chains.extract.asking import Asked
from chains.extract.candidates import Candidate
from chains.extract.layout import Shape
from chains.extract.reading import read

_GOES_ON = r"(?!,?\s+(?:of|to|than|with|as)\b)"  # `as a result of`, `rather than`: nothing is pointed at
_CONNECTIVE = re.compile(
    r"(?:otherwise|then|or|that is|as such|the (?:latter|former)(?=,| (?:is|was|are|were|has|have|had|can|may)\b))\b"
    + _GOES_ON,
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(r"(?:this|these|those|such|that|the same)\b", re.IGNORECASE)
_PERSONAL = re.compile(r"(?:he|she|it|they|his|her|its|their|others|some of (?:them|these|those))\b", re.IGNORECASE)
# `It is known that`, `It takes a minute to`: the word points at nothing
_EXPLETIVE = re.compile(
    r"it (?:took|takes|seems|appears)\b|it(?:'s| is| was| has been| can be| may be)"
    r"(?:(?: [\w']+){0,4} that|(?: [\w']+){0,2} (?:to|for|if|whether))\b",
    re.IGNORECASE,
)
# those that can be left off: what follows says the same without them
_LEFT_OFF = re.compile(
    r"(?:however|thus|hence|therefore|also|but|and|so|yet)(?:,\s+|\s+(?!as\b|that\b|much\b|many\b|far\b|long\b|called\b))"
    r"|(?:similarly|moreover|furthermore|instead|consequently|nevertheless|nonetheless|additionally|besides|likewise"
    r"|conversely|meanwhile|accordingly|rather|indeed|for example|for instance|in addition|in contrast|by contrast"
    r"|on the other hand|on the contrary|as a result|in fact),\s+",
    re.IGNORECASE,
)


def without_connective(text: str) -> str:
    """The sentence without `However,` and its like at the beginning, its first letter then a capital."""
    match = _LEFT_OFF.match(text)
    if match is None:
        return text
    rest = text[match.end() :]
    return rest[:1].upper() + rest[1:]


def dangles(candidate: Candidate, asked: Asked, known: bool = False) -> bool:
    """Whether a reader of the question and of this sentence alone would ask what its first words point at.

    A pronoun whose meaning the question itself names (`When was Tesla born?` - `He was born in 1856.`) does not dangle,
    nor does one whose meaning is `known` from what is quoted right before it.
    """
    if candidate.shape is not Shape.PROSE:
        return False
    text = without_connective(candidate.text).lstrip("\"'“‘(*_ ")
    if _CONNECTIVE.match(text):
        return True
    if match := _DEMONSTRATIVE.match(text):
        # `This act`: the question has named the act
        following = read(text[match.end() :]).content[:3]
        return not (following and following[0] and any(stem in asked.stems for stem in following if stem))
    if known or not _PERSONAL.match(text) or _EXPLETIVE.match(text):
        return False
    before = read(candidate.context).held | read(" ".join(candidate.passage.heading)).held
    return not (before & set(asked.stems)) - read(candidate.text).held
