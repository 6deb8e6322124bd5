"""What was asked and answered before, as a model may read it: nothing reaches it that the input guards refuse.

The pages take earlier turns from the database, where each was judged when it was asked. A program sends them along,
and could send anything. How many tokens of them a prompt holds is the matter of memory.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from chains.memory import MOST_TURNS
from chains.turns import Turn
from core.domain import Answer, Decision, Outcome, Stage, Subject
from core.sentences import split
from guards.rail import Rail

Pairs = Sequence[tuple[str, str]]


def answered(history: Sequence[Turn]) -> tuple[tuple[str, str], ...]:
    """The last turns that no guard refused, each question as it was used: without what a guard took out of it.

    Of a turn to which the documents held no answer, only that is said: the next question may lean on it all the same.
    """
    answers = [turn.answer for turn in history if turn.answer is not None]
    pairs = [pair for answer in answers if (pair := _pair(answer)) is not None]
    return tuple(pairs[-MOST_TURNS:])


def screened(rail: Rail, earlier: Pairs) -> tuple[tuple[str, str], ...]:
    """The last (question, answer) pairs as a model may read them, redacted; a pair that is refused is left out."""
    kept = []
    for pair in earlier[-MOST_TURNS:]:
        question, answer = (rail.screen(Subject(text, Stage.INPUT)) for text in pair)
        if max(question.decision, answer.decision) < Decision.HOLD:
            kept.append((question.text, answer.text))
    return tuple(kept)


def _pair(answer: Answer) -> tuple[str, str] | None:
    if answer.outcome is Outcome.ANSWERED:
        return answer.question, answer.text
    if answer.outcome is Outcome.ABSTAINED:
        return answer.question, next(iter(split(answer.text)), "")
    return None
