"""The progress of an ingest on a terminal: how far, how fast, how long still."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ui.command import terminal

if TYPE_CHECKING:
    from ingest.pipeline import Progress


@contextmanager
def bar(*, shown: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A progress bar on stderr, when that is a terminal."""
    if not shown or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as drawn:
        task = drawn.add_task("", total=None)

        def advance(progress: Progress) -> None:
            name = terminal.one_line(progress.source, 40).replace("[", "\\[")  # not a mark-up of rich's
            of = f"/{progress.total_files:,}" if progress.total_files else ""
            drawn.update(
                task,
                total=progress.total_bytes or None,
                completed=progress.done_bytes,
                description=f"{progress.done_files:,}{of} {name}",
            )

        yield advance
