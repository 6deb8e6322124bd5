"""What a guard is: one protocol for every stage, its finding, and what it may borrow. No decisions are taken here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from core.domain import Span, Subject
from core.errors import GuardFailure
from core.ports import Activity, Classifier, Embedder, Judge, Nearness, Vectors


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


@runtime_checkable
class Preparing(Protocol):
    """A guard that can do beforehand what does not depend on the text: the passages are known before the answer."""

    def prepare(self, subject: Subject) -> None:
        """Get ready for texts that come with these passages and this question; the subject's own text is empty."""
        ...


@dataclass(frozen=True, slots=True)
class Kit:
    """What guards may borrow. As safe to share between threads as what is in it."""

    embedder: Embedder | None = None  # without one, guards fall back on words alone
    judge: Judge | None = None  # a language model that is asked, where the policy says so
    nearness: Nearness | None = None  # to the documents
    activity: Activity | None = None  # of askers
    hidden: tuple[str, ...] = ()  # texts that the model is told and the asker must not read
    classifier: Callable[[str], Classifier] | None = None  # by its name in the list of trusted models

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; GuardFailure when there is no embedding model."""
        if self.embedder is None:
            raise GuardFailure("No embedding model is at hand for this guard.")
        return self.embedder.embed([storable(text) for text in texts])


def storable(text: str) -> str:
    """The text with every lone surrogate replaced: neither a tokenizer nor a vendor's data class takes them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def shown(text: str, most: int = 80) -> str:
    """Words of a text as a reason quotes them: on one line, cut to length."""
    line = " ".join(storable(text[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
