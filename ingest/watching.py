"""Follows folders: each change is in the library within about a second. Changes are told by the system, not sought."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

from core.errors import ParapetError
from ingest.pipeline import Ingester
from ingest.report import IngestReport

_GATHER_MS = 300  # changes within this are taken in together
_STEP_MS = 50


def watch(
    ingester: Ingester, folders: Sequence[str | Path], *, stop: Event, failed: Callable[[ParapetError], None]
) -> Iterator[IngestReport]:
    """Sync at once, then after each change, until `stop` is set; what a sync came to each time.

    A sync that fails is told to `failed`, and the next change is waited for: the library stays as it was.
    """
    from watchfiles import DefaultFilter
    from watchfiles import watch as changes

    yield ingester.sync(folders)  # the first one may raise: a folder that is not there is not worth waiting for
    hidden = DefaultFilter(ignore_dirs=(), ignore_entity_patterns=(), ignore_paths=())
    for _ in changes(
        *folders,
        watch_filter=hidden,
        stop_event=stop,
        debounce=_GATHER_MS,
        step=_STEP_MS,
        yield_on_timeout=False,
        raise_interrupt=True,
    ):
        try:
            yield ingester.sync(folders)
        except ParapetError as error:
            failed(error)
