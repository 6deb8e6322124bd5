"""Follow-up questions: when the question before is taken along, and that the answer is found."""

from collections.abc import Callable

import pytest

from chains.assemble import Parapet
from chains.followup import Standing, standing_alone
from core.clock import new_id
from core.domain import Outcome, Question

BEFORE = (("How many days of holiday do staff get?", "25 days."),)


@pytest.mark.parametrize(
    "question", ["When do they lapse?", "And the unused ones?", "Why?", "What about dogs?", "Who says that?"]
)
def test_a_question_that_leans_takes_the_one_before_along(question: str) -> None:
    """Pronouns, openings that go on, and questions of hardly a word."""
    assert standing_alone(question, BEFORE) == Standing(f"How many days of holiday do staff get? {question}", "rule")
    assert standing_alone(question, ()) == Standing(question)


@pytest.mark.parametrize(
    "question",
    ["Are dogs welcome in the office?", "Which tickets does the company pay?", "Who wrote that famous book?"],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    """Nothing is added to a question that says what it is about."""
    assert standing_alone(question, BEFORE) == Standing(question)


def test_a_follow_up_is_answered(scripted: Callable[..., Parapet]) -> None:
    """Retrieval finds the passage that the question before was about; the question itself is answered."""
    asked = Question("And when do unused ones lapse?", turn=new_id(), earlier=BEFORE)
    answer = scripted(model="extractive").assistant.invoke(asked)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.question == "And when do unused ones lapse?"
    assert "end of March" in answer.text
