"""The question and the passages that an answer is quoted from, as plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EvidencePassage:
    """A passage as a model without language reads it."""

    number: int  # by which an answer cites it, from 1
    text: str
    heading: tuple[str, ...]  # heading path, outermost first
    score: float  # of retrieval, 0 to 1, higher is better
    cosines: tuple[float, ...] = ()  # of each of its sentences to the question; empty: not known


@dataclass(frozen=True, slots=True)
class Evidence:
    """The question and its passages, best first."""

    question: str
    passages: tuple[EvidencePassage, ...]
