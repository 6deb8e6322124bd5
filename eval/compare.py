"""Two runs of the same questions: what changed beyond noise.

Only cases that both runs asked, with the same question, are compared, each with itself: the bootstrap draws cases and
takes both runs' scores of each. A change counts when the 95 % interval of the difference doesn't hold 0. With a dozen
figures, one such change in a comparison of equals is no surprise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import UsageError
from eval.bootstrap import Interval, interval
from eval.cases import Case
from eval.measures import Combine, Kind, combine_named
from eval.runs import CaseResult, Run

LEAST = 10  # cases; fewer can't tell a change from chance
BETTER, WORSE, SAME, FEW = "better", "worse", "no change beyond noise", "too few cases to tell"
Pair = tuple[CaseResult, CaseResult]  # a case in the old run and in the new one


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in both runs, over the cases that both scored; every figure is better when higher."""

    name: str
    old: float
    new: float
    difference: float
    interval: Interval | None  # of the difference, 95 %
    cases: int
    verdict: str  # BETTER, WORSE, SAME or FEW


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to another."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...]  # what else differs, and what could not be compared
    cases: int  # that both runs asked

    @property
    def is_worse(self) -> bool:
        """Whether any figure got worse beyond noise."""
        return any(change.verdict == WORSE for change in self.changes)


def check_comparable(old: Run, kind: Kind, cases: Sequence[Case]) -> None:
    """UsageError when a run of this kind over these cases can't be compared with the old one."""
    if old.kind != kind:
        raise UsageError(f"The old run is of {old.kind}, the new one of {kind}: compare runs of the same command.")
    known = {(case.id, case.question) for case in old.cases}
    if not any((case.id, case.question) in known for case in cases):
        raise UsageError(f"The old run asked none of these {len(cases):,} cases: it is of another set, {old.set}.")


def compare(old: Run, new: Run) -> Comparison:
    """The changes from the old run to the new, which `check_comparable` allows."""
    before = {case.id: case for case in old.cases}
    pairs = [
        (before[case.id], case) for case in new.cases if case.id in before and before[case.id].question == case.question
    ]
    changes, notes = [], list(_differences(old, new, len(pairs)))
    for name in dict.fromkeys(name for case in new.cases for name in case.scores):
        change, note = _change(name, pairs, combine_named(new.kind, name))
        changes += [change] if change else []
        notes += [note] if note else []
    return Comparison(tuple(changes), tuple(notes), len(pairs))


def _change(name: str, pairs: list[Pair], combine: Combine) -> tuple[Change | None, str]:
    """How one figure changed, if it can be told, and what must be said beside it."""
    was = [_value(pair[0], name) for pair in pairs]
    now = [_value(pair[1], name) for pair in pairs]
    lost = sum(a is not None and b is None for a, b in zip(was, now, strict=True))
    gained = sum(a is None and b is not None for a, b in zip(was, now, strict=True))
    note = f"{name}: {lost:,} cases were scored only in the old run, {gained:,} only in the new one."
    both = [at for at, (a, b) in enumerate(zip(was, now, strict=True)) if a is not None and b is not None]
    old, new = (np.array([side[at] for at in both], dtype=float) for side in (was, now))
    labels = np.array([pairs[at][1].answerable for at in both], dtype=bool)
    if not both or np.isnan(combine(new, labels)):
        return None, note if lost or gained else ""

    def difference(a: npt.NDArray[Any], b: npt.NDArray[Any], answerable: npt.NDArray[Any]) -> float:
        return combine(b, answerable) - combine(a, answerable)

    found = interval(difference, old, new, labels)
    change = Change(
        name=name,
        old=combine(old, labels),
        new=combine(new, labels),
        difference=difference(old, new, labels),
        interval=found,
        cases=len(both),
        verdict=_verdict(found, len(both)),
    )
    return change, note if lost or gained else ""


def _verdict(found: Interval | None, cases: int) -> str:
    if found is None or cases < LEAST:
        return FEW
    return BETTER if found[0] > 0 else WORSE if found[1] < 0 else SAME


def _value(case: CaseResult, name: str) -> float | None:
    return case.scores[name].value if name in case.scores else None


def _differences(old: Run, new: Run, common: int) -> Iterator[str]:
    if old.set_sha256 != new.set_sha256:
        yield f"The sets differ: {old.set} then, {new.set} now."
    if common < max(len(old.cases), len(new.cases)):
        yield f"{common:,} cases are compared: the old run asked {len(old.cases):,}, the new one {len(new.cases):,}."
    for what in ("asked", "library", "settings", "versions"):
        then, now = getattr(old, what), getattr(new, what)
        changed = [
            f"{name} {then.get(name, 'not told')} -> {now.get(name, 'not told')}"
            for name in sorted(then.keys() | now.keys())
            if then.get(name) != now.get(name)
        ]
        if changed:
            yield f"Other {what if what != 'asked' else 'options'}: {', '.join(changed)}."
