"""Time and identity: the one place that asks the clock and makes ids."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def now() -> datetime:
    """The present, in UTC, whole milliseconds."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def iso(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC with a Z, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_id() -> str:
    """A fresh id: 16 hexadecimal digits."""
    return uuid.uuid4().hex[:16]


class Stopwatch:
    """Milliseconds by step, filled as a turn goes on."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.ms: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time spent inside to the step of this name."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.ms[name] = round(self.ms.get(name, 0.0) + (time.perf_counter() - began) * 1000, 2)

    def mark(self, name: str) -> None:
        """Note the time since the beginning, once."""
        self.ms.setdefault(name, round((time.perf_counter() - self._began) * 1000, 2))
