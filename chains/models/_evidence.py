"""What rides beside the last message of a prompt: the question and the passages as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import BaseMessage

from core.errors import ModelFailure


@dataclass(frozen=True, slots=True)
class EvidencePassage:
    """A passage as a model without language reads it."""

    number: int
    text: str
    heading: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The question and its passages."""

    question: str
    passages: tuple[EvidencePassage, ...]


def read_evidence(messages: Sequence[BaseMessage]) -> Evidence:
    """The evidence of the last message; ModelFailure when the prompt carries none."""
    data: dict[str, Any] | None = messages[-1].additional_kwargs.get("evidence") if messages else None
    if data is None:
        raise ModelFailure("no_evidence", "This model answers from passages, and the prompt carries none.")
    return Evidence(
        data["question"],
        tuple(EvidencePassage(p["number"], p["text"], tuple(p["heading"]), p["score"]) for p in data["passages"]),
    )
