"""Questions of several parts, cut by rule: comparisons of two things, and several questions in one."""

from __future__ import annotations

import re

from chains.extract.asking import Asked, understand
from core.words import content_stems

MOST_PARTS = 3
_THING = r"(?:the |an? )?(?P<{}>[^?,;]+?)"
_COMPARED = tuple(
    re.compile(pattern.replace("A?", _THING.format("one")).replace("B?", _THING.format("other")), re.IGNORECASE)
    for pattern in (
        r"\b(?:differences?|distinguish|distinction|compar\w+)(?: in [^?]+?)? between A? and B?(?: in .+)?\s*[?.]?$",
        r"^how (?:do|does|did|is|are) A? (?:differ|different) from B?\s*\??$",
        r"^how (?:do|does|did) A? and B? (?:differ|compare)\s*\??$",
        r"\bcompare A? (?:and|with|to) B?\s*[?.]?$",
        r"^(?:what is |what's |which is better,? )?A? (?:versus|vs\.?|compared (?:to|with)) B?\s*\??$",
    )
)
_ASKING = r"(?:how|what|when|where|who|whom|whose|why|which|in (?:what|which)|can|is|are|do|does|did)"
_JOINT = re.compile(
    rf"\?\s+(?:and\s+)?(?={_ASKING}\b)"
    r"|,?\s+(?:and also|and|as well as|or)\s+(?=(?:how|what|when|where|who|why|which)\b)",
    re.IGNORECASE,
)
_BEGINS = re.compile(rf"\W*(?:\w+\s+){{0,2}}?{_ASKING}\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|must|may|might)\b"
    r"|\b(?:who|what) \w+s\b",
    re.IGNORECASE,
)
_POINTING = re.compile(r"\b(?:it|its|they|their|them|he|his|him|she|her|this|that|these|those|one)\b", re.IGNORECASE)


def compared(question: str) -> tuple[Asked, Asked] | None:
    """The two things that a question compares, each as a question of its own; None when it compares none."""
    for pattern in _COMPARED:
        if match := pattern.search(question.strip()):
            one, other = match["one"].strip(), match["other"].strip()
            if content_stems(one) and content_stems(other):
                return understand(f"What is {one}?"), understand(f"What is {other}?")
    return None


def parts(question: str) -> tuple[Asked, ...]:
    """The questions in a question, in order; itself alone when it is one."""
    pieces = [piece.strip(" ,;") for piece in _JOINT.split(question.strip())]
    pieces = [piece if piece.endswith("?") else f"{piece}?" for piece in pieces if piece]
    whole = (understand(question),)
    if not 2 <= len(pieces) <= MOST_PARTS or not all(_BEGINS.match(piece) for piece in pieces):
        return whole
    found = []
    for number, piece in enumerate(pieces):
        # a part that points back (`and how is it made`), or that says too little (`when and where was it`)
        lacks = not content_stems(piece) or not _VERB.search(piece) or (number and _POINTING.search(piece))
        others = " ".join(other for other in pieces if other is not piece)
        found.append(understand(piece, others if lacks else ""))
    return tuple(found)
