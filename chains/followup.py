"""Follow-up questions: what is searched for when a question leans on the one before it. A rule, no language model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.words import content_stems

# a word that stands for something said before, or an opening that goes on from it
_LEANING = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|ones?)\b"
    r"|\b(?:this|that|these|those)(?=\s*(?:[?.!,]|$))"
    r"|^\s*(?:and|but|or|so|then|also|(?:what|how) about)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 2  # a question with fewer words of content says too little by itself


def standing_alone(question: str, earlier: Sequence[tuple[str, str]]) -> str:
    """The question with the one before it where it leans on that; both together find the passages of either."""
    leans = _LEANING.search(question) or len(content_stems(question)) < _FEW_WORDS
    return f"{earlier[-1][0]} {question}" if earlier and leans else question
