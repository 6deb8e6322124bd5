"""What came of asking a case: the passages retrieved, or the answer given. Metrics score these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.domain import Answer, Passage
from eval.stretches import Stretch


class Texts(Protocol):
    """The stored documents, for metrics that look at words or count tokens."""

    def text(self, collection: str, source: str) -> str:
        """The text of a document as the library stores it; empty when it has none of this name."""
        ...

    def tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text is, as the embedding model cuts it."""
        ...


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages that were retrieved for a question."""

    passages: tuple[Passage, ...]  # best first
    asked: int  # how many were asked for
    texts: Texts
    holding: tuple[Stretch, ...] = ()  # every chunk of the library that holds a gold place whole
    probability: float | None = None  # the gate's, that the passages hold the answer; None: not weighed


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer that the assistant gave."""

    answer: Answer
    texts: Texts

    @property
    def probability(self) -> float | None:
        """The gate's, that the passages hold the answer; None when the turn ended before it was weighed."""
        return None if self.answer.trace is None else self.answer.trace.evidence
