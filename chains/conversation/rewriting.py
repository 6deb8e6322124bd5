"""A follow-up question put so that it stands alone, by a language model; what it says is checked before it is used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from chains.conversation import lexicon as lex
from chains.conversation.leaning import is_english
from chains.prompt import Prompt, fenced, load_prompt, new_boundary
from chains.writing import short_text
from core.domain import Tokens
from core.words import content_stems, words

SECONDS = 5.0  # the asker waits; the rule is there at once
MOST_TURNS = 6  # that a follow-up question reaches back
MOST_CHARACTERS = 400  # of a question
MOST_ANSWER_CHARACTERS = 600  # of an earlier answer: what a question leans on stands at its beginning
LEAST_KEPT = 0.5  # of the words of content of the question
_BEGINNING = 5  # letters by which words of other languages than English are compared
_QUOTES = "\"'“”‘’`* "
_LABEL = re.compile(
    r"^(?:the )?(?:rewritten|standalone|stand-alone|last|final)?\s*(?:question|query)\s*:\s*", re.IGNORECASE
)
# words that state no fact, which a rewriting may need
_PLAIN = frozenset(
    content_stems(
        "use used using get set setting mean happen work regard concerning relate respect instead same document thing"
        " case value kind there here one two many much first place question answer exactly still happen please"
    )
)


def rewritten(
    question: str, earlier: Sequence[tuple[str, str]], model: BaseChatModel, config: RunnableConfig
) -> tuple[str, Tokens]:
    """The question as the model puts it, and what that took; empty when it gave none that may be used."""
    boundary = new_boundary(question, *(text for pair in earlier for text in pair))
    turns = [(asked, answered[:MOST_ANSWER_CHARACTERS]) for asked, answered in earlier[-MOST_TURNS:]]
    messages = _prompt().template.format_messages(
        conversation="\n\n".join(
            fenced(f"Asked: {asked}\nAnswered: {answered}", f"turn {n}", f"turn {n}", boundary)
            for n, (asked, answered) in enumerate(turns, 1)
        ),
        question=fenced(question, "question", "the question", boundary),
        boundary=boundary,
    )
    said, tokens = short_text(model, messages, config, seconds=SECONDS, most_characters=2 * MOST_CHARACTERS)
    said = _LABEL.sub("", said.strip(_QUOTES)).strip(_QUOTES)
    return (said if is_fair(said, question, turns) else ""), tokens


def is_fair(said: str, question: str, earlier: Sequence[tuple[str, str]]) -> bool:
    """Whether a rewritten question is one line of bearable length, still that question, and brings in nothing new."""
    if not said or "\n" in said or len(said) > max(MOST_CHARACTERS, 2 * len(question)):
        return False
    known = set(content_stems(question)) | _PLAIN | set(content_stems(" ".join(lex.FOREIGN)))
    numbers = _numbers(question)
    for text in (text for pair in earlier for text in pair):
        known |= set(content_stems(text))
        numbers |= _numbers(text)
    asked = set(content_stems(question))
    kept = asked & set(content_stems(said))
    if not is_english(question):  # words of other languages change their endings, not their beginnings
        beginnings = {stem[:_BEGINNING] for stem in known}
        return all(stem in known or stem[:_BEGINNING] in beginnings for stem in content_stems(said)) and (
            _numbers(said) <= numbers
        )
    return set(content_stems(said)) <= known and _numbers(said) <= numbers and len(kept) >= LEAST_KEPT * len(asked)


def _numbers(text: str) -> set[str]:
    return {word for word in words(text) if word[0].isdigit()}


@cache
def _prompt() -> Prompt:
    return load_prompt("followup", frozenset({"conversation", "question", "boundary"}))
