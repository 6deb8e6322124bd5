"""What a guard is: one protocol for every stage, its finding, and what it may borrow. No decisions are taken here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.domain import Span, Subject
from core.errors import GuardFailure
from core.ports import Embedder, Vectors


@dataclass(frozen=True, slots=True)
class Finding:
    """What a guard measured: pure measure, no decision."""

    score: float | None  # risk from 0 to 1; None: could not judge
    reason: str  # in plain words, for the asker
    spans: tuple[Span, ...] = ()  # the characters that it points at, within the text


class Guard(Protocol):
    """Judges one text in its circumstances; keeps no state between calls."""

    def judge(self, subject: Subject) -> Finding:
        """How risky the text is, and why; GuardFailure when that can't be told."""
        ...


class Kit:
    """What guards may borrow. Safe to share between threads when its embedder is."""

    def __init__(self, embedder: Embedder | None = None) -> None:
        """A kit around this embedder; without one, guards fall back on words alone."""
        self._embedder = embedder

    @property
    def embedder(self) -> Embedder | None:
        """The embedding model, when there is one."""
        return self._embedder

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; GuardFailure when there is no embedding model."""
        if self._embedder is None:
            raise GuardFailure("No embedding model is at hand for this guard.")
        return self._embedder.embed([storable(text) for text in texts])


def storable(text: str) -> str:
    """The text with every lone surrogate replaced: neither a tokenizer nor a vendor's data class takes them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def shown(text: str, most: int = 80) -> str:
    """Words of a text as a reason quotes them: on one line, cut to length."""
    line = " ".join(storable(text[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
