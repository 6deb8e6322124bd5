"""Turns that programs ask for: made in worker threads, followed from the event loop, which they never block.

A turn whose asker has gone stops at the next sentence and then ends as any other does, so that what a guard flagged in
the sentences already sent still reaches a person. Unlike the pages' turns, these are not kept in the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from core.domain import Answer, AnswerChunk, Question
from core.errors import ParapetError

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig

    from chains.assemble import Parapet

WORKERS = 8
MOST_IN_HAND = 64  # running and waiting together; beyond that a caller is asked to come back later


class Turn:
    """One turn, followed from the event loop that began it."""

    def __init__(self, question: Question) -> None:
        """A turn that has not begun; made on the event loop."""
        self.question = question
        self.stopped = False
        self._loop = asyncio.get_running_loop()
        self._chunks: asyncio.Queue[AnswerChunk | Exception | None] = asyncio.Queue()

    async def chunks(self) -> AsyncIterator[AnswerChunk]:
        """The turn as it goes on; raises what broke it."""
        while (chunk := await self._chunks.get()) is not None:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk

    async def answer(self) -> Answer:
        """What came of the turn."""
        answer: Answer | None = None
        async for chunk in self.chunks():
            answer = chunk.answer or answer
        if answer is None:
            raise ParapetError("The turn ended without an answer.")
        return answer

    def stop(self) -> None:
        """Ask the turn to stop at the next sentence."""
        self.stopped = True

    def add(self, chunk: AnswerChunk | Exception | None) -> None:
        """One more chunk, what broke the turn, or None at its end; called from the worker thread."""
        self._loop.call_soon_threadsafe(self._chunks.put_nowait, chunk)


class Turns:
    """Makes turns, a bounded number at once."""

    def __init__(self, opened: Callable[[], Parapet]) -> None:
        """Turns of the Parapet that `opened` gives; it is called in worker threads only."""
        self._opened = opened
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="asked")
        self._in_hand: set[Turn] = set()

    def begin(self, question: Question) -> Turn | None:
        """Begin a turn; None when too many are in hand. Called on the event loop."""
        if len(self._in_hand) >= MOST_IN_HAND:
            return None
        turn = Turn(question)
        self._in_hand.add(turn)
        made = asyncio.get_running_loop().run_in_executor(self._pool, self._make, turn)
        made.add_done_callback(lambda _: self._in_hand.discard(turn))
        return turn

    async def close(self) -> None:
        """Ask every turn to stop and wait until all have ended."""
        for turn in self._in_hand:
            turn.stop()
        await asyncio.to_thread(self._pool.shutdown)

    def _make(self, turn: Turn) -> None:
        from chains.answering import FACE, STOP
        from chains.earlier import screened

        config: RunnableConfig = {"configurable": {STOP: lambda: turn.stopped, FACE: "api"}}
        try:
            if not turn.stopped:  # its asker may have gone while it waited
                parapet = self._opened()
                question = replace(turn.question, earlier=screened(parapet.rail, turn.question.earlier))
                for chunk in parapet.assistant.stream(question, config):
                    turn.add(chunk)
        except Exception as error:  # noqa: BLE001  the edge of a thread: a fault must reach the caller, not vanish
            turn.add(error)
        finally:
            turn.add(None)
