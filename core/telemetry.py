"""What a process counts of its turns, for whoever watches it. How it is written out is the faces' matter."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from core.domain import Answer, Outcome

BUCKETS_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts of one moment."""

    turns: Mapping[tuple[str, str], int]  # by face and outcome
    fired: Mapping[tuple[str, str, str, str], int]  # verdicts by guard, stage, decision and mode
    unjudged: Mapping[tuple[str, str], int]  # verdicts of guards that could not judge, by guard and stage
    seconds: tuple[int, ...]  # turns by bucket: within each bound but not the one before; the last beyond all bounds
    seconds_total: float


class Telemetry:
    """Counts turns and verdicts since the process began. Safe to share between threads."""

    def __init__(self) -> None:
        """Nothing counted yet."""
        self._lock = threading.Lock()
        self._turns: Counter[tuple[str, str]] = Counter()
        self._fired: Counter[tuple[str, str, str, str]] = Counter()
        self._unjudged: Counter[tuple[str, str]] = Counter()
        self._seconds = [0] * (len(BUCKETS_SECONDS) + 1)
        self._seconds_total = 0.0

    def turn_ended(self, answer: Answer, face: str) -> None:
        """Count a turn that came to an answer; `face` is where it was asked."""
        seconds = answer.ms.get("total", 0.0) / 1000
        with self._lock:
            self._turns[face, answer.outcome.value] += 1
            self._seconds[bisect_left(BUCKETS_SECONDS, seconds)] += 1
            self._seconds_total += seconds
            for verdict in answer.verdicts:
                if verdict.decision:
                    key = (verdict.guard, verdict.stage.value, verdict.decision.label, verdict.mode.value)
                    self._fired[key] += 1
                if verdict.score is None:
                    self._unjudged[verdict.guard, verdict.stage.value] += 1

    def turn_broke(self, face: str) -> None:
        """Count a turn that ended in an error and has no answer."""
        with self._lock:
            self._turns[face, Outcome.FAILED.value] += 1

    def counts(self) -> Counts:
        """All counts, of one moment."""
        with self._lock:
            return Counts(
                dict(self._turns),
                dict(self._fired),
                dict(self._unjudged),
                tuple(self._seconds),
                self._seconds_total,
            )
