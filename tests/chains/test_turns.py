"""Live turns: followed by several pages, stopped, kept, and found again after a restart."""

import time
from collections.abc import Callable

from chains.assemble import Parapet
from chains.earlier import answered
from core.clock import new_id
from core.domain import Question

ASKED = "How many days of holiday do staff get?"
Make = Callable[..., Parapet]


def question(conversation: str = "") -> Question:
    """A question in a conversation of its own."""
    return Question(ASKED, turn=new_id(), conversation=conversation or new_id())


def test_two_pages_follow_one_turn_and_it_is_kept(scripted: Make) -> None:
    """Both see every sentence; a double submit is one turn; the answer is in the history."""
    parapet = scripted({"say": "Staff get 25 days of holiday a year [1].", "delay_ms": 20})
    asked = question()
    live = parapet.runner.submit(asked)
    assert parapet.runner.submit(question(asked.conversation)) is live
    seen = [[s.text for chunk in live.tail() for s in chunk.sentences] for _ in range(2)]
    assert seen[0] == seen[1] == ["Staff get 25 days of holiday a year."]
    (turn,) = parapet.turns.history(asked.conversation)
    assert (turn.state, turn.answer and turn.answer.text) == ("done", "Staff get 25 days of holiday a year.")


def test_a_stopped_turn_keeps_what_was_released(scripted: Make) -> None:
    """Stop ends it at the next sentence; the first one stays."""
    parapet = scripted({"say": "Staff get 25 days of holiday a year [1]. " * 20, "delay_ms": 15})
    live = parapet.runner.submit(question())
    for chunk in live.tail():
        if chunk.sentences:
            live.cancel()
    (turn,) = parapet.turns.history(live.question.conversation)
    assert turn.state == "stopped"
    assert turn.answer is not None
    assert 1 <= len(turn.answer.sentences) < 20
    assert "Stopped" in turn.answer.notice


def test_the_page_is_called_while_nothing_comes(scripted: Make) -> None:
    """`tick` runs while the model is silent, so that a page can notice that it should stop."""
    parapet = scripted({"say": "Staff get 25 days.", "delay_ms": 120})
    ticks: list[float] = []
    list(parapet.runner.submit(question()).tail(lambda: ticks.append(time.monotonic())))
    assert len(ticks) > 3


def test_a_turn_that_a_crash_left_running_is_marked(scripted: Make) -> None:
    """After a restart nothing pretends to be running."""
    parapet = scripted("x")
    asked = question()
    parapet.turns.begin(asked)
    assert parapet.turns.interrupt_running() >= 1
    (turn,) = parapet.turns.history(asked.conversation)
    assert (turn.state, turn.answer) == ("interrupted", None)


def test_nobody_reads_anothers_conversation(scripted: Make) -> None:
    """History is given to its own asker only."""
    parapet = scripted("x")
    asked = question()
    parapet.turns.begin(asked)
    assert parapet.turns.history(asked.conversation, asker="someone else") == []


def test_a_follow_up_carries_the_question_as_it_was_used(scripted: Make) -> None:
    """What a guard took out of an earlier question does not reach the model with the next one."""
    parapet = scripted("Staff get 25 days of holiday a year [1].")
    asked = Question(f"{ASKED} My card is 4111 1111 1111 1111.", turn=new_id(), conversation=new_id())
    list(parapet.runner.submit(asked).tail())
    (pair,) = answered(parapet.turns.history(asked.conversation))
    assert "4111" not in pair[0]
    assert pair[1] == "Staff get 25 days of holiday a year."
