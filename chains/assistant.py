"""The assistant: a LangChain Runnable from a question to an answer; invoke, stream, batch and their async forms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

from langchain_core.callbacks import CallbackManagerForChainRun
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import run_in_executor

from chains.answering import Answering, face_of
from chains.parts import Parts
from core.clock import new_id
from core.domain import Answer, AnswerChunk, Question
from core.errors import ParapetError
from core.telemetry import Telemetry

NO_FACE = "program"


class Assistant(Runnable[str | Question, Answer | AnswerChunk]):
    """Answers questions from the library, through the guards.

    `invoke` gives the Answer. `stream` gives AnswerChunks: the step the turn is in, sentences that the output rail has
    released, and on the last chunk the whole Answer.
    """

    def __init__(self, parts: Parts, telemetry: Telemetry | None = None) -> None:
        """An assistant of these parts; it keeps no state between turns but counts, and may be shared by threads."""
        self.parts = parts
        self._telemetry = telemetry or Telemetry()

    def invoke(self, input: str | Question, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """The answer to a question."""
        answer: Answer | None = None
        for chunk in self.stream(input, config, **kwargs):
            answer = chunk.answer or answer
        if answer is None:
            raise ParapetError("The turn ended without an answer.")
        return answer

    def stream(
        self,
        input: str | Question,
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> Iterator[AnswerChunk]:
        """The turn as it goes on."""
        chunks = self._transform_stream_with_config(
            iter([as_question(input)]),
            self._turn,  # type: ignore[arg-type]  # a question in, chunks out: the narrower side of what is declared
            config,
            run_type="chain",
            **kwargs,
        )
        yield from cast("Iterator[AnswerChunk]", chunks)

    async def astream(
        self,
        input: str | Question,
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[AnswerChunk]:
        """The turn as it goes on; each step runs in a thread, the event loop stays free."""
        chunks = self.stream(input, config, **kwargs)
        while (chunk := await run_in_executor(config, next, chunks, None)) is not None:
            yield chunk

    def _turn(
        self, questions: Iterator[Question], run_manager: CallbackManagerForChainRun, config: RunnableConfig
    ) -> Iterator[AnswerChunk]:
        face = face_of(config)
        for question in questions:
            if face:
                self.parts.activity.note(question.asker)
            yield from self._counted(Answering(self.parts, question, config).run(), face or NO_FACE)

    def _counted(self, chunks: Iterator[AnswerChunk], face: str) -> Iterator[AnswerChunk]:
        try:
            for chunk in chunks:
                if chunk.answer is not None:
                    self._telemetry.turn_ended(chunk.answer, face)
                    self.parts.tally.count(chunk.answer.verdicts)
                yield chunk
        except Exception:
            self._telemetry.turn_broke(face)
            raise


def as_question(asked: str | Question) -> Question:
    """A question with a turn of its own."""
    return asked if isinstance(asked, Question) else Question(text=asked, turn=new_id())
