"""Steps under a time limit: late ones are left behind, the others go on."""

import threading
from collections.abc import Iterator

import pytest

from guards import deadline
from guards.deadline import Bench, each_within


def steps(*calls: object) -> object:
    """Steps that yield what they are given, or what a call gives."""

    def run(first: int) -> Iterator[object]:
        for call in calls[first:]:
            yield call() if callable(call) else call

    return run


def late(place: int) -> str:
    """What stands in for a step that is late."""
    return f"late {place}"


def test_steps_come_in_order() -> None:
    """What the steps yield is handed back in order."""
    assert each_within(steps("a", "b", "c"), [5, 5, 5], late) == ["a", "b", "c"]  # type: ignore[arg-type]


def test_steps_may_end_early() -> None:
    """Steps that end before all are through give what there is."""
    assert each_within(steps("a"), [5, 5, 5], late) == ["a"]  # type: ignore[arg-type]


def test_a_step_that_hangs_is_left_behind() -> None:
    """A step that does not come back in its time is stood in for, and those after it still run."""
    gate = threading.Event()
    bench = Bench()
    found = each_within(steps("a", gate.wait, "c"), [5, 0.05, 5], late, bench)  # type: ignore[arg-type]
    gate.set()
    assert found == ["a", "late 1", "c"]


def test_an_error_of_a_step_is_raised() -> None:
    """What breaks in the thread is raised where it is waited for."""

    def broken() -> None:
        raise ZeroDivisionError("here")

    with pytest.raises(ZeroDivisionError, match="here"):
        each_within(steps(broken), [5], late)  # type: ignore[arg-type]


def test_too_many_that_hang_stop_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """While as many threads hang as may, nothing is begun; when they come back, it is again."""
    monkeypatch.setattr(deadline, "MOST_LEFT_BEHIND", 1)
    bench, gate = Bench(), threading.Event()
    assert each_within(steps(gate.wait), [0.05], late, bench) == ["late 0"]  # type: ignore[arg-type]
    assert bench.is_full
    assert each_within(steps("a", "b"), [5, 5], late, bench) == ["late 0", "late 1"]  # type: ignore[arg-type]
    gate.set()
    while bench.is_full:
        pass
    assert each_within(steps("a", "b"), [5, 5], late, bench) == ["a", "b"]  # type: ignore[arg-type]
