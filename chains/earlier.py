"""What a caller says was asked and answered before: nothing of it reaches a model that the input guards refuse.

The pages take earlier turns from the database, where each was judged when it was asked. A program sends them along,
and could send anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.domain import Decision, Stage, Subject
from guards.rail import Rail

MOST_EARLIER = 3  # turns that a follow-up question is understood by

Pairs = Sequence[tuple[str, str]]


def screened(rail: Rail, earlier: Pairs) -> tuple[tuple[str, str], ...]:
    """The last few (question, answer) pairs as a model may read them, redacted; a pair that is refused is left out."""
    kept = []
    for pair in earlier[-MOST_EARLIER:]:
        question, answer = (rail.screen(Subject(text, Stage.INPUT)) for text in pair)
        if max(question.decision, answer.decision) < Decision.HOLD:
            kept.append((question.text, answer.text))
    return tuple(kept)
