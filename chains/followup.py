"""Follow-up questions: what is searched for when a question leans on the ones before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from core.domain import Tokens
from core.words import content_stems

# a word that stands for something said before, or an opening that goes on from it
_LEANING = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|ones?)\b"
    r"|\b(?:this|that|these|those)(?=\s*(?:[?.!,]|$))"
    r"|^\s*(?:and|but|or|so|then|also|(?:what|how) about)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 2  # a question with fewer words of content says too little by itself


@dataclass(frozen=True, slots=True)
class Standing:
    """A question as it stands alone."""

    text: str  # what is searched for
    by: str = ""  # who put it so: "rule", the name of a model, or empty when it is the question itself
    tokens: Tokens = field(default_factory=Tokens)  # what a model read and wrote for it


def standing_alone(
    question: str,
    earlier: Sequence[tuple[str, str]],
    model: BaseChatModel | None = None,  # noqa: ARG001
    *,
    name: str = "",  # noqa: ARG001
    config: RunnableConfig | None = None,  # noqa: ARG001
) -> Standing:
    """The question so that it is understood without the (question, answer) pairs before it."""
    leans = _LEANING.search(question) or len(content_stems(question)) < _FEW_WORDS
    return Standing(f"{earlier[-1][0]} {question}", "rule") if earlier and leans else Standing(question)
