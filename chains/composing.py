"""The messages that a model is sent, within its budget: instructions, earlier turns, passages, question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.runnables import RunnableConfig

from chains.budget import Budget
from chains.memory import Memory, Recollection
from chains.prompt import Prompt, asked, data, fence, new_boundary, remembered, with_evidence
from chains.trimming import fitted
from chains.writing import has_language
from core.domain import Passage, Question, Tokens
from core.errors import ModelFailure

TOO_LONG = "too_long"  # kind of ModelFailure: more than the model reads at once


@dataclass(frozen=True, slots=True)
class Composed:
    """What a model is sent."""

    messages: list[BaseMessage]
    shown: tuple[Passage, ...]  # as the messages show them: some trimmed, some left out
    evidence: str  # those, as the last message holds them
    boundary: str  # the mark around data, which no answer may hold
    tokens: Tokens  # what a model read and wrote to remember earlier turns


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes prompts; one serves every turn."""

    prompt: Prompt
    budget: Budget
    memory: Memory

    def compose(
        self,
        model: BaseChatModel,
        question: Question,
        standing: str,
        passages: Sequence[Passage],
        config: RunnableConfig,
        most: int | None = None,
    ) -> Composed:
        """The messages for this model; ModelFailure when not one sentence of the passages fits.

        `standing` is the question as it stands alone, for models that read no conversation. `most` bounds the tokens of
        the passages further. A model without language reads everything as data, whatever its length.
        """
        bounded = has_language(model)
        recalled = self._recalled(question, config) if bounded else Recollection(question.earlier)
        boundary = new_boundary(question.text, recalled.notes, *(p.chunk.text for p in passages))
        filled: dict[str, Any] = {
            "question": asked(question.text, boundary, earlier=bool(question.earlier)),
            "boundary": boundary,
            "memory": remembered(recalled.notes, boundary),
            "earlier": [message for q, a in recalled.turns for message in (HumanMessage(data(q)), AIMessage(data(a)))],
        }
        shown = self._shown(filled, standing, passages, most) if bounded else tuple(passages)
        if not shown:
            raise ModelFailure(
                TOO_LONG, f"No passage fits into the {self.budget.window:,} tokens that the model reads."
            )
        evidence = fence(shown, boundary)
        prompt = self.prompt.template.invoke({**filled, "passages": evidence}, config)
        return Composed(with_evidence(prompt, standing, passages), shown, evidence, boundary, recalled.tokens)

    def _shown(
        self, filled: dict[str, Any], standing: str, passages: Sequence[Passage], most: int | None
    ) -> tuple[Passage, ...]:
        """The passages that fit beside the rest of the prompt."""
        messages = self.prompt.template.format_messages(**filled, passages="")
        around = [message.text for message in messages]
        if most is None and self.budget.surely_fits(*around, fence(passages, filled["boundary"])):
            return tuple(passages)  # the tables for counting need not be loaded
        room = self.budget.reading(*around)
        return fitted(passages, standing, room if most is None else min(room, most), self.budget.count)

    def _recalled(self, question: Question, config: RunnableConfig) -> Recollection:
        if not question.earlier:
            return Recollection()
        bare = self.prompt.template.format_messages(question=question.text, boundary="", memory="", passages="")
        room = self.budget.remembering(*(message.text for message in bare))
        return self.memory.recall(question.earlier, room, {**config, "run_name": "memory"})
