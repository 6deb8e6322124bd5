"""How often each guard fired, and what people made of it: its precision and its false alarms, with intervals.

Every verdict is counted by day, guard and outcome; no text is kept for that. A reviewer who releases what a guard
flagged, held or blocked says that it was a false alarm; who upholds it, that it was right.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import now
from core.database import Database
from core.domain import Decision, Mode, Stage, Verdict
from core.tables import flags, guard_counts, reviews

UNJUDGED = "unjudged"
Z95 = 1.96  # standard normal quantile of a two-sided interval of 95 %
_KEY = ("day", "guard", "stage", "mode", "outcome")
_Guard = tuple[str, str]  # name and stage
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class GuardStatistics:
    """One guard at one stage, over some days."""

    guard: str
    stage: Stage
    judged: int  # texts: questions, passages, sentences
    outcomes: Mapping[str, int]  # by decision in force, and how many it could not judge
    shadow: int  # texts on which it would have fired
    released: int  # reviewed items on which it had fired and which a person released
    upheld: int  # those that a person upheld

    @property
    def asked(self) -> int:
        """Texts that it had a person look at."""
        return sum(self.outcomes.get(d.label, 0) for d in (Decision.FLAG, Decision.HOLD, Decision.BLOCK))

    @property
    def reviewed(self) -> int:
        """Items on which it had fired and of which a person has decided."""
        return self.released + self.upheld

    @property
    def precision(self) -> tuple[float, Interval] | None:
        """Share of its alarms that people upheld, with its interval of 95 %; None before any review."""
        if not self.reviewed:
            return None
        return self.upheld / self.reviewed, wilson(self.upheld, self.reviewed)

    @property
    def false_positive_rate(self) -> tuple[float, Interval] | None:
        """Estimated share of harmless texts on which it fires, with its interval of 95 %; None before any review.

        The share of released items among those reviewed is taken for that among all on which it fired.
        """
        if not self.reviewed or not self.judged:
            return None
        low, high = wilson(self.released, self.reviewed)
        return self._rate(self.released / self.reviewed), (self._rate(low), self._rate(high))

    def _rate(self, false: float) -> float:
        harmless = self.judged - self.asked * (1 - false)
        return self.asked * false / harmless if harmless > 0 else 0.0


class GuardTally:
    """The counts in this database."""

    def __init__(self, database: Database) -> None:
        """Those of this database."""
        self._database = database

    def count(self, verdicts: Iterable[Verdict]) -> None:
        """Count the verdicts of a turn."""
        day = now().strftime("%Y-%m-%d")
        counted = Counter((day, v.guard, v.stage.value, v.mode.value, _outcome(v)) for v in verdicts)
        if not counted:
            return
        with self._database.write() as connection:
            for key, number in sorted(counted.items()):
                _add(connection, guard_counts, dict(zip(_KEY, key, strict=True)), number)

    def statistics(self, days: int = 30) -> list[GuardStatistics]:
        """One entry a guard and stage that judged anything in the last days, in the order of stages and names."""
        since = now() - timedelta(days=days)
        query = (
            select(*(guard_counts.c[name] for name in _KEY[1:]), func.sum(guard_counts.c.number))
            .where(guard_counts.c.day > since.strftime("%Y-%m-%d"))
            .group_by(*(guard_counts.c[name] for name in _KEY[1:]))
        )
        decided = (
            select(reviews.c.verdict, flags.c.answer)
            .select_from(flags.join(reviews))
            .where(reviews.c.reviewed_at >= since)
        )
        with self._database.read() as connection:
            counts = [(*row[:4], int(row[4])) for row in connection.execute(query)]
            verdicts = _reviewed(connection.execute(decided))
        stages = list(Stage)
        found = sorted({(row[0], row[1]) for row in counts}, key=lambda key: (stages.index(Stage(key[1])), key[0]))
        return [_statistics(key, [row for row in counts if row[:2] == key], verdicts) for key in found]


def wilson(hits: int, tries: int) -> Interval:
    """The interval of 95 % of a share (Wilson 1927, "Probable inference"): also right for few tries and for 0 and 1."""
    if not tries:
        return 0.0, 1.0
    share, spread = hits / tries, Z95**2 / tries
    middle = share + spread / 2
    half = Z95 * math.sqrt(share * (1 - share) / tries + spread / (4 * tries))
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def _outcome(verdict: Verdict) -> str:
    return UNJUDGED if verdict.score is None else verdict.decision.label


def _add(connection: Connection, table: Table, key: Mapping[str, str], number: int) -> None:
    """Add to a row, or make it."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = dialect.insert(table).values(**key, number=number)
    more = {"number": table.c.number + number}
    connection.execute(row.on_conflict_do_update(index_elements=list(key), set_=more))


def _reviewed(rows: Iterable[Any]) -> Counter[tuple[_Guard, str]]:
    """How often people released and upheld what a guard had fired on, each guard once an item."""
    found: Counter[tuple[_Guard, str]] = Counter()
    for verdict, answer in rows:
        fired = {
            (v["guard"], v["stage"])
            for v in answer["verdicts"]
            if Decision.named(v["decision"]) >= Decision.FLAG and v["mode"] == Mode.ENFORCE
        }
        found.update((guard, verdict) for guard in fired)
    return found


def _statistics(key: _Guard, rows: list[tuple[Any, ...]], verdicts: Counter[tuple[_Guard, str]]) -> GuardStatistics:
    enforced, shadow = Counter[str](), 0
    for _, _, mode, outcome, number in rows:
        if mode == Mode.ENFORCE:
            enforced[outcome] += number
        elif outcome not in {Decision.ALLOW.label, UNJUDGED}:
            shadow += number
    return GuardStatistics(
        guard=key[0],
        stage=Stage(key[1]),
        judged=sum(row[4] for row in rows),
        outcomes=dict(enforced),
        shadow=shadow,
        released=verdicts[key, "released"],
        upheld=verdicts[key, "upheld"],
    )
