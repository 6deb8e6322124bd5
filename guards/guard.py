"""What a guard is: one protocol for every stage, its finding, and what it may borrow. No decisions are taken here."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np

from core.domain import Span, Subject
from core.errors import GuardFailure
from core.ports import Embedder, Vectors

REMEMBERED_TEXTS = 2048


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
    """What guards may borrow. Safe to share between threads."""

    def __init__(self, embedder: Embedder | None = None) -> None:
        """A kit around this embedder; without one, guards fall back on words alone."""
        self._embedder = embedder
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    @property
    def embedder(self) -> Embedder | None:
        """The embedding model, when there is one."""
        return self._embedder

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; texts that were seen lately (a question, a passage) cost nothing again."""
        if self._embedder is None:
            raise GuardFailure("No embedding model is at hand for this guard.")
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            known |= dict(zip(fresh, self._embedder.embed([storable(text) for text in fresh]), strict=True))
        with self._lock:
            for text in texts:
                self._vectors[text] = known[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > REMEMBERED_TEXTS:
                self._vectors.popitem(last=False)
        return np.stack([known[text] for text in texts]) if texts else np.zeros((0, 0), np.float32)


def storable(text: str) -> str:
    """The text with every lone surrogate replaced: neither a tokenizer nor a vendor's data class takes them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def shown(text: str, most: int = 80) -> str:
    """Words of a text as a reason quotes them: on one line, cut to length."""
    line = " ".join(storable(text[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
