"""Turns that outlive a page: kept in the database, made in worker threads, followed by whoever looks.

A page that reloads, or a second one, follows the same live turn; closing every page lets it finish.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from langchain_core.runnables import RunnableConfig
from sqlalchemy import Connection, insert, select, update

from chains.answering import FACE, STOP
from chains.assistant import Assistant
from core.clock import now
from core.database import Database
from core.domain import Answer, AnswerChunk, Outcome, Question
from core.scrubbing import scrub
from core.tables import turns
from core.wire import answer_from_json, answer_json

WORKERS = 8
TICK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as the database keeps it."""

    id: str
    question: str
    state: str  # running, done, stopped or interrupted
    answer: Answer | None
    asked_at: datetime


class TurnStore:
    """The turns of every conversation."""

    def __init__(self, database: Database) -> None:
        """The turns in this database."""
        self._database = database

    def begin(self, question: Question) -> None:
        """Note that a turn is running."""
        row = {
            "id": question.turn,
            "conversation": question.conversation,
            "asker": question.asker,
            "question": question.text,
            "state": "running",
            "asked_at": now(),
        }
        with self._database.write() as connection:
            connection.execute(insert(turns).values(row))

    def finish(self, turn: str, answer: Answer, state: str = "done") -> None:
        """Keep what came of a turn."""
        with self._database.write() as connection:
            connection.execute(update(turns).where(turns.c.id == turn).values(state=state, answer=answer_json(answer)))

    @property
    def kept(self) -> str:
        """What is kept here, as a receipt of an erasure names it."""
        return "answers"

    def forget(self, connection: Connection, collection: str, source: str) -> int:
        """Take a document's words out of every answer that was written from it; how many."""
        return scrub(connection, turns, collection, source)

    def interrupt_running(self) -> int:
        """Mark the turns that a stopped program left running; how many there were."""
        with self._database.write() as connection:
            done = connection.execute(update(turns).where(turns.c.state == "running").values(state="interrupted"))
            return done.rowcount

    def history(self, conversation: str, asker: str = "local", limit: int = 30) -> list[Turn]:
        """The last turns of an asker's conversation, oldest first."""
        wanted = (
            select(turns)
            .where(turns.c.conversation == conversation, turns.c.asker == asker)
            .order_by(turns.c.asked_at.desc(), turns.c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return [
            Turn(
                row.id,
                row.question,
                row.state,
                None if row.answer is None else answer_from_json(row.answer),
                row.asked_at,
            )
            for row in reversed(rows)
        ]


class LiveTurn:
    """A turn in the making: chunks so far, to be followed from any number of pages."""

    def __init__(self, question: Question) -> None:
        """A turn that has not begun."""
        self.question = question
        self._chunks: list[AnswerChunk] = []
        self._over = False
        self._changed = threading.Condition()
        self._cancelled = threading.Event()

    def tail(self, tick: Callable[[], object] = lambda: None) -> Iterator[AnswerChunk]:
        """Every chunk from the first, as they come; `tick` is called at least ten times a second."""
        seen = 0
        while True:
            with self._changed:
                if seen == len(self._chunks) and not self._over:
                    self._changed.wait(TICK_SECONDS)
                fresh, over = self._chunks[seen:], self._over
            tick()
            yield from fresh
            seen += len(fresh)
            if over and not fresh:
                return

    def cancel(self) -> None:
        """Ask the turn to stop at the next sentence; what was released is kept."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether someone asked it to stop."""
        return self._cancelled.is_set()

    def add(self, chunk: AnswerChunk) -> None:
        """One more chunk."""
        with self._changed:
            self._chunks.append(chunk)
            self._changed.notify_all()

    def end(self) -> None:
        """No more chunks."""
        with self._changed:
            self._over = True
            self._changed.notify_all()


class TurnRunner:
    """Makes turns in worker threads."""

    def __init__(self, assistant: Assistant, store: TurnStore) -> None:
        """Turns of this assistant, kept in this store."""
        self._assistant = assistant
        self._store = store
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="turn")
        self._live: dict[str, LiveTurn] = {}
        self._lock = threading.Lock()

    def submit(self, question: Question) -> LiveTurn:
        """Begin a turn; a conversation has one at a time: a second submit gives the one that runs."""
        with self._lock:
            running = self._live.get(question.conversation)
            if running is not None:
                return running
            live = self._live[question.conversation] = LiveTurn(question)
        self._store.begin(question)
        self._pool.submit(self._make, live)
        return live

    def running(self, conversation: str) -> LiveTurn | None:
        """The turn that a conversation waits for, if any."""
        with self._lock:
            return self._live.get(conversation)

    def close(self) -> None:
        """Let running turns end, take no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _make(self, live: LiveTurn) -> None:
        config: RunnableConfig = {"configurable": {STOP: lambda: live.cancelled, FACE: "page"}}
        try:
            for chunk in self._assistant.stream(live.question, config):
                if chunk.answer is not None:
                    state = "stopped" if live.cancelled else "done"
                    self._store.finish(live.question.turn, chunk.answer, state)
                live.add(chunk)
        except Exception as error:  # noqa: BLE001  the edge of a thread: a fault must reach the page, not vanish
            self._fail(live, error)
        finally:
            with self._lock:
                self._live.pop(live.question.conversation, None)
            live.end()

    def _fail(self, live: LiveTurn, error: Exception) -> None:
        """Keep and show that something broke."""
        question = live.question
        reason = f"Something broke while answering: {error}"
        answer = Answer(turn=question.turn, question=question.text, outcome=Outcome.FAILED, text=reason)
        self._store.finish(question.turn, answer)
        live.add(AnswerChunk(step="done", answer=answer))
