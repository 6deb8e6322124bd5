"""Counting what an asker asked lately: the last question allowed, the first that is not, and how long to wait."""

import pytest

from core.domain import Decision, Stage, Subject
from core.errors import SettingsError
from guards.checks import rate
from guards.guard import Finding, Kit
from guards.policy import read_policy
from guards.rail import Rail


class Asked:
    """An asker's questions, by how many seconds ago they came; nobody else asked anything."""

    def __init__(self, *ago: float) -> None:
        self.ago = ago

    def __call__(self, asker: str, seconds: float) -> int:
        """Those within the last seconds."""
        return sum(ago <= seconds for ago in self.ago) if asker == "ann" else 0


def judge(activity: Asked | None, asker: str = "ann", **options: int) -> Finding:
    """What the guard finds in a question of this asker."""
    return rate.build(options, Kit(activity=activity)).judge(Subject("When?", Stage.INPUT, asker=asker))


def test_the_last_question_allowed_passes_and_the_next_does_not() -> None:
    """By default the thirtieth question within a minute is below the threshold, the next one has full risk."""
    minute = tuple(float(second) for second in range(30))
    allowed, refused = judge(Asked(*minute)), judge(Asked(*minute, 30.0))
    assert allowed.score is not None
    assert 0.4 < allowed.score < 0.5
    assert refused.score == 1.0
    assert "31 questions within a minute; 30 are answered" in refused.reason


def test_older_questions_and_those_of_others_do_not_count() -> None:
    """What was asked before that time, or by somebody else, is no risk."""
    many = Asked(0.0, *(61.0,) * 100)
    assert judge(many).reason == "1 of 30 questions within a minute."
    assert judge(Asked(*(1.0,) * 100), asker="bob").score == 0.0


@pytest.mark.parametrize(
    ("ago", "options", "wait"),
    [
        ((0, 1, 50, 55), {"questions": 3, "minutes": 1}, range(9, 13)),  # until the one of 50 s ago is a minute old
        ((0,) * 5, {"questions": 3, "minutes": 1}, range(61, 62)),
        ((0, 1), {"questions": 1, "minutes": 1}, range(61, 62)),
    ],
)
def test_the_reason_says_when_to_ask_again(ago: tuple[float, ...], options: dict[str, int], wait: range) -> None:
    """After the time that it names, one more question is within the limit."""
    reason = judge(Asked(*ago), **options).reason
    seconds = int(reason.split("Ask again in ")[1].split()[0])
    assert seconds in wait
    assert judge(Asked(0.0, *(one + seconds for one in ago)), **options).score != 1.0


def test_long_times_are_told_in_minutes() -> None:
    """A limit over an hour names minutes."""
    reason = judge(Asked(*range(0, 600, 60)), questions=5, minutes=60).reason
    assert "10 questions within 60 minutes" in reason
    assert reason.endswith("Ask again in 57 minutes.")


def test_without_an_asker_or_a_count_everything_is_allowed_and_said() -> None:
    """No risk, and the reason says that nothing was counted."""
    assert judge(Asked(*(0.0,) * 99), asker="") == Finding(
        0.0, "Nobody in particular asks, so questions are not counted."
    )
    assert judge(None) == Finding(0.0, "Questions are not counted here.")


def test_more_than_a_day_is_refused() -> None:
    """What was asked is remembered for a day."""
    with pytest.raises(SettingsError, match=r"minutes: must be at most 1,440 \(a day\), not 1441"):
        rate.build({"minutes": 1441}, Kit())


def test_a_flood_reaches_no_guard_that_costs_more() -> None:
    """In the default policy nothing runs after it, and a count that fails lets the question through."""

    def broken(asker: str, seconds: float) -> int:
        raise OSError("no database")

    flood = Rail(read_policy({}), Kit(activity=Asked(*(0.0,) * 99)))
    screening = flood.screen(Subject("When?", Stage.INPUT, asker="ann"))
    assert screening.decision is Decision.BLOCK
    assert screening.verdicts[-1].guard == "rate"
    failing = Rail(read_policy({}), Kit(activity=broken)).screen(Subject("When?", Stage.INPUT, asker="ann")).verdicts
    assert [(v.decision, v.score) for v in failing if v.guard == "rate"] == [(Decision.ALLOW, None)]
    assert failing[-1].guard != "rate"
