"""A language model as a judge that guards may borrow: it is asked, and what it says is handed back as it stands."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from chains.prompt import data
from chains.writing import Writing, has_language
from core.ports import Judge

MOST_SECONDS = 20.0


def judge_of(model: BaseChatModel, seconds: float) -> Judge | None:
    """This model as a judge, bounded by so many seconds; None when there is no language model behind it."""
    if not has_language(model):
        return None

    def ask(instructions: str, text: str) -> str:
        messages = [SystemMessage(instructions), HumanMessage(data(text))]
        return "".join(Writing(model, messages, {}, min(seconds, MOST_SECONDS), brief=True).pieces())

    return ask
