"""Follows folders: each change is in the library within about a second. Changes are told by the system, not sought."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

from core.errors import ParapetError, UsageError
from ingest.finding.gathering import is_address
from ingest.pipeline import Ingester
from ingest.report import IngestReport

_GATHER_MS = 300  # changes within this are taken in together
_STEP_MS = 50
_PATIENCE_MS = 500  # how soon `stop` is seen
_AGAIN_SECONDS = 2.0  # after a sync that failed


def watch(
    ingester: Ingester, folders: Sequence[str | Path], *, stop: Event, failed: Callable[[ParapetError], None]
) -> Iterator[IngestReport]:
    """Sync at once, then after each change, until `stop` is set; what a sync came to each time.

    A sync that fails is told to `failed`, once for the same reason, and tried again until it works: a folder may be
    away for a while. Only the first may raise: what is not there when the watch begins is not worth waiting for.
    """
    for one in folders:
        if is_address(str(one)):
            raise UsageError(f"{one}: watch follows folders; `parapet ingest sync` asks a site what changed.")
    began, told = False, ""
    while not stop.is_set():
        for _ in _changes(folders, ingester.library.settings.home, stop):
            try:
                report = ingester.sync(folders)
            except ParapetError as error:
                if not began:
                    raise
                if str(error) != told:
                    failed(error)
                told = str(error)
                break
            if not began:
                ingester.warm()
            began, told = True, ""
            yield report
        stop.wait(_AGAIN_SECONDS)


def _changes(folders: Sequence[str | Path], home: Path, stop: Event) -> Iterator[None]:
    """Now, as soon as changes are heard of, and after each; it ends when it can't hear any (more)."""
    import watchfiles

    library = str(home.resolve())
    heard = watchfiles.watch(
        *folders,
        watch_filter=lambda _kind, path: not Path(path).is_relative_to(library),
        stop_event=stop,
        debounce=_GATHER_MS,
        step=_STEP_MS,
        rust_timeout=_PATIENCE_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
    )
    began = False
    try:
        for changes in heard:
            if changes or not began:
                yield
            began = True
    except FileNotFoundError:
        yield  # for the sync to say so
