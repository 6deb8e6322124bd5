"""The citations of an answer, and where in which stored document each stands."""

from __future__ import annotations

from core.domain import Answer, Citation, Outcome
from eval.stretches import Stretch


def citations(answer: Answer) -> list[tuple[Citation, Stretch]]:
    """Every citation with the stretch it claims; one of a passage that the answer has not is of no collection."""
    collections = {passage.rank: passage.chunk.collection for passage in answer.passages}
    return [
        (citation, (collections.get(citation.passage, ""), citation.source, citation.start, citation.end))
        for sentence in answer.sentences
        for citation in sentence.citations
    ]


def stopped(answer: Answer) -> str:
    """Why there is no answer to score: a guard stopped the turn, or it failed; empty when neither."""
    if answer.outcome in {Outcome.ANSWERED, Outcome.ABSTAINED}:
        return ""
    return f"the question was {answer.outcome.value}"
