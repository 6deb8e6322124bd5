"""Follow-up questions: what is searched for when a question leans on the ones before it.

Whether it leans is told by rule, so that a question that stands alone is never changed and costs no call. Then a
language model puts it anew where there is one; without, or when what it says can't be used, a rule does. The rules are
for English: of a question in another language the language model is asked in any case; without one it stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from chains.conversation.leaning import is_courtesy, is_english, leans
from chains.conversation.resolving import resolved
from chains.conversation.rewriting import MOST_TURNS, rewritten
from chains.writing import has_language
from core.domain import Tokens

RULE = "rule"
MOST_CHARACTERS = 600  # of what is searched for by rule; beyond it the question alone is the better search

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Standing:
    """A question as it stands alone."""

    text: str  # what is searched for
    by: str = ""  # who put it so: "rule", the name of a model, or empty when it is the question itself
    tokens: Tokens = field(default_factory=Tokens)  # what a model read and wrote for it


def standing_alone(
    question: str,
    earlier: Pairs,
    model: BaseChatModel | None = None,
    *,
    name: str = "",
    config: RunnableConfig | None = None,
) -> Standing:
    """The question so that it is understood without the (question, answer) pairs before it, oldest first.

    `name` is what the model is called in the trace. Never fails: at worst the question is what is searched for.
    """
    if not earlier or (is_english(question) and not leans(question)):
        return Standing(question)
    tokens = Tokens()
    if model is not None and has_language(model):
        said, tokens = rewritten(question, earlier, model, config or {})
        if said:
            return Standing(said, name if said != question else "", tokens)
    text = by_rule(question, earlier)
    return Standing(text, RULE if text != question else "", tokens)


def by_rule(question: str, earlier: Pairs) -> str:
    """The question understood from the one before, which may lean on the one before that."""
    base = answered = ""
    for asked, answer in earlier[-MOST_TURNS:]:
        if not is_courtesy(asked):  # it does not change what is spoken of
            base, answered = _understood(asked, base, answered), answer
    return _understood(question, base, answered)


def _understood(question: str, base: str, answer: str) -> str:
    if not base or not leans(question):
        return question
    text = resolved(question, base, answer)
    return text if len(text) <= MOST_CHARACTERS else question
