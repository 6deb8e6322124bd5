"""The rail as one turn uses it: who asks, which collections are concerned, and every verdict so far."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from threading import Thread

from langchain_core.runnables import RunnableConfig, RunnableLambda

from core.domain import Decision, Passage, Question, Screening, Stage, Subject, Verdict
from guards.rail import Rail

_log = logging.getLogger(__name__)


class TurnScreening:
    """The guards' part of one turn."""

    def __init__(self, rail: Rail, question: Question, asker: str, config: RunnableConfig) -> None:
        """Nothing screened yet; `asker` is empty where nobody in particular asks."""
        self._rail = rail
        self._question = question
        self._asker = asker
        self._config = config
        self.asked = question.text  # as it goes on: redacted where a guard says so
        self.canary = ""  # of the prompt that the model was sent
        self.verdicts: list[Verdict] = []
        self.gravest = Decision.ALLOW  # among what was let through: a flag asks a person at the end
        self.originals: dict[int, Passage] = {}  # by rank, those that a guard changed

    def question(self) -> Screening:
        """What the guards make of the question; from now on it is asked as they leave it."""
        screening = self._screen(self._subject(self.asked, Stage.INPUT, self._question.filters.collections))
        self.asked = screening.text
        return screening

    def admitted(self, passages: Iterable[Passage]) -> tuple[Passage, ...]:
        """The passages as the model may read them, without those that a guard keeps out."""
        return tuple(kept for kept in map(self._admitted, passages) if kept is not None)

    def sentence(self, text: str, number: int, passages: Sequence[Passage]) -> Screening:
        """What the guards make of a sentence of the answer, the how-many-eth from 1."""
        return self._screen(self._written(text, passages), number)

    def prepare(self, passages: Sequence[Passage]) -> None:
        """Let guards get ready for the answer's sentences while the model begins to write; nobody waits for it."""
        subject = self._written("", passages)
        Thread(target=self._prepared, args=(subject,), name="guards-prepare", daemon=True).start()

    def _prepared(self, subject: Subject) -> None:
        try:
            self._rail.prepare(subject)
        except Exception:  # noqa: BLE001  what fails here fails again, and is told, when a sentence is judged
            _log.debug("Guards could not prepare.", exc_info=True)

    def _admitted(self, passage: Passage) -> Passage | None:
        text, rank = passage.chunk.text, passage.rank
        screening = self._screen(self._subject(text, Stage.CONTEXT, (passage.chunk.collection,)), rank)
        if screening.decision >= Decision.HOLD:
            self.gravest = max(self.gravest, Decision.FLAG)  # a person should see that document
            return None
        if screening.text == text:
            return passage
        self.originals[rank] = passage
        return replace(passage, chunk=replace(passage.chunk, text=screening.text))

    def _written(self, text: str, passages: Sequence[Passage]) -> Subject:
        """A part of the answer as guards see it: with what it was written from."""
        collections = dict.fromkeys(passage.chunk.collection for passage in passages)
        subject = self._subject(text, Stage.OUTPUT, tuple(collections))
        return replace(subject, passages=tuple(p.chunk.embedded for p in passages), canary=self.canary)

    def _subject(self, text: str, stage: Stage, collections: Sequence[str]) -> Subject:
        question = "" if stage is Stage.INPUT else self.asked
        return Subject(text, stage, question=question, asker=self._asker, collections=tuple(collections))

    def _screen(self, subject: Subject, about: int | None = None) -> Screening:
        name = f"{subject.stage}_guards"
        screening = RunnableLambda(self._rail.screen, name=name).invoke(subject, {**self._config, "run_name": name})
        self.verdicts.extend(replace(verdict, about=about) for verdict in screening.verdicts)
        if screening.decision is Decision.FLAG:
            self.gravest = max(self.gravest, Decision.FLAG)
        return screening
