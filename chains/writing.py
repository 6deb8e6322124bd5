"""One call of a model as a stream of text, within a deadline of its own, its end checked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.utils import count_tokens_approximately
from langchain_core.runnables import RunnableConfig

from chains.tokens import rough
from core.domain import Tokens
from core.errors import ModelFailure

WITHOUT_LANGUAGE = frozenset({"extractive", "scripted"})
LEAST_READ = 0.45  # of the tokens by a rough count, which are about .7 of it; fewer: the server cut the prompt
LEAST_JUDGED_TOKENS = 1_000  # a shorter prompt fits everywhere


class Writing:
    """What a model writes to these messages; after `pieces` is through, `tokens` and `cut` tell the rest."""

    def __init__(
        self,
        model: BaseChatModel,
        messages: list[BaseMessage],
        config: RunnableConfig,
        seconds: float,
        *,
        brief: bool = False,
    ) -> None:
        """Prepare the call; it begins with the first piece. `seconds` bounds it as a whole.

        `brief` also bounds each wait for the server by it, where the provider's own bound is longer.
        """
        self._model = model
        self._messages = messages
        self._config = config
        self._seconds = seconds
        self._waits: dict[str, Any] = {"timeout": seconds} if brief else {}
        self._written = ""
        self._begun = False
        self._usage: tuple[int, int] | None = None
        self.cut = False  # the model stopped at its token limit

    def pieces(self) -> Iterator[str]:
        """The text as it comes; ModelFailure when the stream fails, ends too early, or is no answer."""
        deadline = time.monotonic() + self._seconds
        reason: str | None = None
        for chunk in self._model.stream(self._messages, self._config, **self._waits):
            self._begun = True
            if time.monotonic() > deadline:
                raise ModelFailure("timeout", f"The model did not end its answer within {self._seconds:g} seconds.")
            if isinstance(chunk, AIMessageChunk):
                self._note_usage(chunk)
            reason = chunk.response_metadata.get("finish_reason") or reason
            if text := chunk.text:
                self._written += text
                yield text
        self._check_end(reason)

    @property
    def tokens(self) -> Tokens:
        """Tokens read and written; counted roughly where the server did not say, none when it did not begin."""
        if self._usage is not None:
            return Tokens(*self._usage)
        if not self._begun or not has_language(self._model):
            return Tokens()
        read = count_tokens_approximately(self._messages)
        return Tokens(read, count_tokens_approximately([self._written]), estimated=True)

    @property
    def read_too_little(self) -> bool:
        """Whether the server says that it read far less than it was sent: some cut long prompts without a word."""
        sent = sum(rough(message.text) for message in self._messages)
        return self._usage is not None and sent > LEAST_JUDGED_TOKENS and self._usage[0] < LEAST_READ * sent

    def _note_usage(self, chunk: AIMessageChunk) -> None:
        if usage := chunk.usage_metadata:
            # the largest, not the sum: some servers report the running total with every chunk
            read, written = self._usage or (0, 0)
            self._usage = max(read, usage["input_tokens"]), max(written, usage["output_tokens"])

    def _check_end(self, reason: str | None) -> None:
        if reason == "content_filter":
            raise ModelFailure("filtered", "The model's provider withheld its answer (content filter).")
        if reason is None:
            raise ModelFailure("cut", "The model's answer broke off before its end.")
        self.cut = reason == "length"
        if not self._written.strip():
            raise ModelFailure("empty", "The model gave an empty answer.")


def has_language(model: BaseChatModel) -> bool:
    """Whether there is a language model behind it, which can be asked for other things than answers."""
    return model._llm_type not in WITHOUT_LANGUAGE


def short_text(
    model: BaseChatModel, messages: list[BaseMessage], config: RunnableConfig, *, seconds: float, most_characters: int
) -> tuple[str, Tokens]:
    """A short text of a model and what it took; empty when it fails, is late, or does not end in these characters."""
    writing = Writing(model, messages, config, seconds, brief=True)
    said = ""
    try:
        with closing(writing.pieces()) as pieces:  # type: ignore[type-var]  # a generator, which can be closed
            for piece in pieces:
                said += piece
                if len(said) > most_characters:
                    return "", writing.tokens
    except ModelFailure:
        return "", writing.tokens
    return ("" if writing.cut else said.strip()), writing.tokens


def together(one: Tokens, other: Tokens) -> Tokens:
    """The tokens of two calls; estimated when either is."""
    return Tokens(one.into + other.into, one.out + other.out, one.estimated or other.estimated)
