"""How long the command takes, measured in child processes as a user meets it, next to what is promised."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.errors import ParapetError

RUNS = 3
DOCUMENT = """# Bridges

## Parapets

A parapet is the low wall at the edge of a bridge. It keeps people from falling off. Most parapets are of stone.

## Arches

An arch carries the weight of a bridge to its piers. The Romans built arches of dressed stone without mortar.
"""
QUESTION = "What is a parapet?"


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
    """Measure each; the first run of a command only warms the caches and isn't counted.

    The question is asked of a small document in a home of its own, so that the figure means the same everywhere.
    """
    found = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PARAPET_HOME": f"{folder}/home", "PARAPET_MODEL": "extractive"}
        (Path(folder) / "note.md").write_text(DOCUMENT, encoding="utf-8")
        progress.show("Preparing …")
        _seconds(["ingest", "add", f"{folder}/note.md"], environment)
        for name, arguments, target in (("parapet --help", ["--help"], 0.5), ("parapet ask", ["ask", QUESTION], 4.0)):
            seconds = []
            for run in range(RUNS + 1):
                progress.show(f"Measuring {name} ({run}/{RUNS}) …")
                seconds.append(_seconds(arguments, environment))
            found.append(Timing(name, round(statistics.median(seconds[1:]), 3), target))
    progress.clear()
    return found


def _seconds(arguments: list[str], environment: dict[str, str]) -> float:
    command = [sys.executable, "-m", "ui.command.main", *arguments]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603 - ours
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise ParapetError(f"`parapet {' '.join(arguments)}` could not be measured: {done.stderr.strip()[-300:]}")
    return seconds
