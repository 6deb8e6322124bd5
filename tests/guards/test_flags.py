"""Flags and the decisions on them, in a real database."""

from threading import Barrier, Thread

import pytest

from core.database import Database
from core.domain import Answer, Decision, Outcome, Sentence, Stage, Verdict
from core.errors import UsageError
from guards.flags import FlagDesk

VERDICT = Verdict("links", Stage.OUTPUT, Decision.BLOCK, 1.0, 0.5, "a picture")


def answer(turn: str = "t1") -> Answer:
    """An answer that was stopped."""
    return Answer(turn, "Where?", Outcome.BLOCKED, "Stopped.", (Sentence("Stopped."),), verdicts=(VERDICT,))


@pytest.fixture
def desk(database: Database) -> FlagDesk:
    """An empty desk."""
    return FlagDesk(database)


def test_a_flag_keeps_a_snapshot(desk: FlagDesk) -> None:
    """What the asker saw, what was withheld and why come back as they were."""
    flag = desk.get(desk.raise_flag(answer(), "the \ud800 text\x00", "ann", Decision.BLOCK))
    assert (flag.answer, flag.withheld, flag.asker, flag.review) == (answer(), "the ? text\ufffd", "ann", None)


def test_a_decision_is_stored_with_who_and_when(desk: FlagDesk) -> None:
    """The review holds verdict, note, reviewer and time."""
    flag = desk.raise_flag(answer(), "text", "ann", Decision.HOLD)
    decided = desk.decide(flag, "released", "it is fine", "rita")
    assert decided.review is not None
    assert (decided.review.verdict, decided.review.note, decided.review.reviewer) == ("released", "it is fine", "rita")
    assert decided.review.at >= decided.at
    assert desk.get(flag) == decided


def test_a_second_decision_is_refused_naming_the_first(desk: FlagDesk) -> None:
    """Whoever comes second is told who decided what."""
    flag = desk.raise_flag(answer(), "text", "ann", Decision.HOLD)
    desk.decide(flag, "upheld", "", "rita")
    with pytest.raises(UsageError, match="already upheld by rita"):
        desk.decide(flag, "released", "", "carl")
    assert desk.counts() == {"open": 0, "released": 0, "upheld": 1}


def test_of_two_decisions_at_once_one_holds(desk: FlagDesk) -> None:
    """Two reviewers who decide at the same moment: one is stored, the other is told."""
    flag = desk.raise_flag(answer(), "text", "ann", Decision.HOLD)
    barrier, refused = Barrier(2), []

    def decide(reviewer: str) -> None:
        barrier.wait()
        try:
            desk.decide(flag, "released", "", reviewer)
        except UsageError:
            refused.append(reviewer)

    threads = [Thread(target=decide, args=(name,)) for name in ("rita", "carl")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    review = desk.get(flag).review
    assert review is not None
    assert {review.reviewer, *refused} == {"rita", "carl"}


def test_open_flags_come_first_and_newest_first(desk: FlagDesk) -> None:
    """The list begins with what waits; a state narrows it; the limit cuts it."""
    first, second, third = (desk.raise_flag(answer(f"t{i}"), "", "ann", Decision.FLAG) for i in range(3))
    desk.decide(third, "released", "", "rita")
    listed = [flag.id for flag in desk.list()]
    assert set(listed[:2]) == {first, second}
    assert listed[2] == third
    assert [flag.id for flag in desk.list("released")] == [third]
    assert len(desk.list("open", limit=1)) == 1
    assert desk.counts() == {"open": 2, "released": 1, "upheld": 0}


@pytest.mark.parametrize(
    "wrong", [("nothing", "released", "rita"), ("{}", "maybe", "rita"), ("{}", "upheld", " ")], ids=str
)
def test_a_wrong_decision_is_refused(desk: FlagDesk, wrong: tuple[str, str, str]) -> None:
    """An unknown flag, an unknown verdict and a nameless reviewer are each refused; nothing is stored."""
    flag = desk.raise_flag(answer(), "", "ann", Decision.FLAG)
    with pytest.raises(UsageError):
        desk.decide(wrong[0].format(flag), wrong[1], "", wrong[2])
    with pytest.raises(UsageError, match="open, released, upheld"):
        desk.list("closed")
    assert desk.counts()["open"] == 1
