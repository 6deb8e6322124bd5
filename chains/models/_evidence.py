"""What rides beside the last message of a prompt: the question and the passages as plain data."""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import BaseMessage

from chains.extract.evidence import Evidence, EvidencePassage
from core.errors import ModelFailure

__all__ = ["Evidence", "EvidencePassage", "read_evidence"]


def read_evidence(messages: Sequence[BaseMessage]) -> Evidence:
    """The evidence of the last message; ModelFailure when the prompt carries none."""
    data: dict[str, Any] | None = messages[-1].additional_kwargs.get("evidence") if messages else None
    if data is None:
        raise ModelFailure("no_evidence", "This model answers from passages, and the prompt carries none.")
    return Evidence(
        data["question"],
        tuple(
            EvidencePassage(p["number"], p["text"], tuple(p["heading"]), p["score"], tuple(p.get("cosines", ())))
            for p in data["passages"]
        ),
    )
