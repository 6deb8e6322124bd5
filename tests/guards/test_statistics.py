"""How guards did: counts of verdicts and what people made of them."""

import pytest

from core.database import Database
from core.domain import Answer, Decision, Mode, Outcome, Stage, Verdict
from guards.flags import FlagDesk
from guards.statistics import GuardTally, wilson


def verdict(
    decision: Decision, *, guard: str = "injection", mode: Mode = Mode.ENFORCE, score: float | None = 0.7
) -> Verdict:
    """A verdict at the input."""
    return Verdict(guard, Stage.INPUT, decision, score, 0.5, "because", mode=mode)


def decided(database: Database, *verdicts: Verdict, review: str) -> None:
    """A flagged answer of which a person has decided."""
    desk = FlagDesk(database)
    answer = Answer(turn="t", question="q", outcome=Outcome.BLOCKED, text="", verdicts=verdicts)
    desk.decide(desk.raise_flag(answer, "", "ann", Decision.BLOCK), review, "", "rita")


def test_verdicts_are_counted_by_guard_and_outcome(database: Database) -> None:
    """What was judged, what fired, what only would have, and what could not be judged."""
    tally = GuardTally(database)
    tally.count([verdict(Decision.ALLOW), verdict(Decision.BLOCK), verdict(Decision.ALLOW, guard="harmful")])
    tally.count(
        [verdict(Decision.BLOCK), verdict(Decision.BLOCK, mode=Mode.SHADOW), verdict(Decision.HOLD, score=None)]
    )
    tally.count([])
    harmful, injection = tally.statistics()
    assert (harmful.guard, harmful.judged, harmful.outcomes) == ("harmful", 1, {"allow": 1})
    assert injection.judged == 5
    assert injection.outcomes == {"allow": 1, "block": 2, "unjudged": 1}
    assert injection.shadow == 1
    assert injection.precision is None
    assert injection.false_positive_rate is None


def test_what_people_decide_tells_how_often_a_guard_errs(database: Database) -> None:
    """A released item is a false alarm of every guard that had fired on it, an upheld one is not."""
    tally = GuardTally(database)
    tally.count([verdict(Decision.ALLOW)] * 96 + [verdict(Decision.BLOCK)] * 4)
    fired = verdict(Decision.BLOCK)
    decided(database, fired, fired, verdict(Decision.ALLOW, guard="secrets"), review="released")
    for _ in range(3):
        decided(database, fired, verdict(Decision.BLOCK, guard="harmful", mode=Mode.SHADOW), review="upheld")
    (injection,) = tally.statistics()
    assert (injection.released, injection.upheld) == (1, 3)
    assert injection.precision is not None
    assert injection.precision[0] == 0.75
    assert injection.false_positive_rate is not None
    rate, (low, high) = injection.false_positive_rate
    assert rate == pytest.approx(1 / 97)
    assert 0 < low < rate < high < 0.04


def test_counts_live_in_the_database(database: Database) -> None:
    """Another process sees the same counts."""
    GuardTally(database).count([verdict(Decision.FLAG)])
    other = Database(str(database.engine.url))
    assert GuardTally(other).statistics()[0].outcomes == {"flag": 1}
    other.close()


def test_intervals_are_wilsons() -> None:
    """The interval of 95 % as the textbook's example gives it, and within 0 to 1 at the ends."""
    low, high = wilson(2, 10)
    assert (round(low, 3), round(high, 3)) == (0.057, 0.510)
    assert wilson(0, 5)[0] == 0.0
    assert wilson(5, 5)[1] == 1.0
    assert wilson(0, 0) == (0.0, 1.0)
