"""What was asked and answered before, as a model may read it: nothing reaches it that the input guards refuse.

The pages take earlier turns from the database, where each was judged when it was asked. A program sends them along,
and could send anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from chains.turns import Turn
from core.domain import Decision, Outcome, Stage, Subject
from guards.rail import Rail

MOST_EARLIER = 3  # turns that a follow-up question is understood by

Pairs = Sequence[tuple[str, str]]


def answered(history: Sequence[Turn]) -> tuple[tuple[str, str], ...]:
    """The last few turns that were answered, each question as it was used: without what a guard took out of it."""
    answers = [turn.answer for turn in history if turn.answer is not None]
    pairs = [(answer.question, answer.text) for answer in answers if answer.outcome is Outcome.ANSWERED]
    return tuple(pairs[-MOST_EARLIER:])


def screened(rail: Rail, earlier: Pairs) -> tuple[tuple[str, str], ...]:
    """The last few (question, answer) pairs as a model may read them, redacted; a pair that is refused is left out."""
    kept = []
    for pair in earlier[-MOST_EARLIER:]:
        question, answer = (rail.screen(Subject(text, Stage.INPUT)) for text in pair)
        if max(question.decision, answer.decision) < Decision.HOLD:
            kept.append((question.text, answer.text))
    return tuple(kept)
