"""How long the command takes, measured in child processes as a user meets it, next to what is promised."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Protocol

from core.errors import ParapetError

RUNS = 3
QUESTION = "What is this about?"


class Line(Protocol):
    """Where progress is shown."""

    def show(self, text: str) -> None:
        """Put this on the line."""
        ...

    def clear(self) -> None:
        """Leave the line empty."""
        ...


@dataclass(frozen=True, slots=True)
class Timing:
    """A measured time and what it should stay under."""

    name: str
    seconds: float  # the median
    target: float

    @property
    def ok(self) -> bool:
        """Whether the target is met."""
        return self.seconds < self.target

    @property
    def line(self) -> str:
        """For people."""
        return f"{self.seconds:.2f} s (target under {self.target:g} s{'' if self.ok else ', MISSED'})"


def measure(progress: Line) -> list[Timing]:
    """Measure each; the first run of a command only warms the caches and isn't counted."""
    found = []
    for name, arguments, target in (("parapet --help", ["--help"], 0.5), ("parapet ask", ["ask", QUESTION], 4.0)):
        seconds = []
        for run in range(RUNS + 1):
            progress.show(f"Measuring {name} ({run}/{RUNS}) …")
            seconds.append(_seconds(arguments))
        found.append(Timing(name, round(statistics.median(seconds[1:]), 3), target))
    progress.clear()
    return found


def _seconds(arguments: list[str]) -> float:
    command = [sys.executable, "-m", "ui.command.main", *arguments]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    seconds = time.perf_counter() - began
    if done.returncode not in {0, 1}:
        raise ParapetError(f"`parapet {' '.join(arguments)}` could not be measured: {done.stderr.strip()[-300:]}")
    return seconds
