"""Work on a library in a process that is killed: it counts the moments that it passes, so that a kill can be aimed.

Processes are forked from one that has imported everything, so that each costs a fraction of a second.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, cast

from core.database import Database
from core.errors import UsageError
from core.settings import Settings
from ingest import erasing, pipeline, reindexing, writing
from ingest.index import Library
from ingest.lexical import LexicalWriter
from ingest.rows import editions, shelf
from ingest.run import intake
from ingest.run.preparing import Job, prepare
from ingest.sandbox.pool import Sandbox
from ingest.vectors import VectorIndex
from tests.ingest.hashed import HashedEmbedder


@contextmanager
def plain_main() -> Iterator[None]:
    """While a process is started, `__main__` is a module that it need not run again: pages under test leave theirs."""
    left, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = left


# Where a process may be killed: before and after each call of these.
MOMENTS: tuple[tuple[Any, str], ...] = (
    (writing.LibraryWriter, "begin"),
    (VectorIndex, "put"),
    (LexicalWriter, "commit"),
    (shelf, "replace"),
    (shelf, "put_chunks"),
    (editions, "advance"),
    (VectorIndex, "remove"),
    (writing.LibraryWriter, "end"),
    (editions, "move"),
    (editions, "swap"),
    (Library, "sweep_folders"),
    (Database, "purge"),
)
BEFORE, DONE = "before anything", "done"
_FAR_SECONDS = 60


class Here:
    """Prepares files in the process itself: what is killed here is the writer, and a child's child costs a second."""

    def map(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, bytes]]:
        """Each job with its result."""
        for job in jobs:
            yield job, prepare(job, lambda: None)

    def close(self) -> None:
        """Nothing to end."""


def open_library(home: Path, embedder: HashedEmbedder | None = None) -> Library:
    """The library of a home, with the light embedder; older editions may be of any like it."""
    settings = Settings(home=home)
    named = {f"hashed-{number}": HashedEmbedder(f"hashed-{number}", number) for number in (48, 96)}
    return Library(settings, Database(settings.database), embedder or named["hashed-48"], named.get)


def sync(library: Library, folder: Path) -> None:
    """Mirror a folder."""
    ingester = pipeline.Ingester(library)
    ingester._sandbox = cast("Sandbox[Job]", Here())
    ingester.sync([folder], empty_too=True)


def _erase(library: Library, *sources: str) -> None:
    with suppress(UsageError):  # no longer there: the run before was killed after all was done
        erasing.erase(library, sources, collection="default")


def _reindex(library: Library) -> None:
    reindexing.reindex(library, "default")


_WORKS: dict[str, Callable[..., None]] = {"sync": sync, "erase": _erase, "reindex": _reindex}


@dataclass
class Doomed:
    """Runs work in processes that are killed, and notes where they were hit."""

    home: Path
    seed: int = 0
    dimensions: int = 48
    hit: list[str] = field(default_factory=list)  # the moment of each kill
    passed: int = 0  # moments that the last run passed

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.ingest.warmed"])

    def run(self, work: str, *arguments: object, most: int | None = None) -> str:
        """Do the work and kill it after at most so many moments, none: let it end. Where it was killed."""
        passed, at = self._context.RawValue(ctypes.c_int, 0), self._context.RawValue(ctypes.c_int, -1)
        embedder = f"hashed-{self.dimensions}", self.dimensions
        process = self._context.Process(target=_work, args=(work, self.home, embedder, arguments, passed, at))
        with plain_main():
            process.start()
        if most is not None:
            last = self._random.randrange(most)
            limit = time.monotonic() + _FAR_SECONDS
            while passed.value < last and process.is_alive() and time.monotonic() < limit:
                time.sleep(0.0005)
            time.sleep(self._random.random() * 0.01)
            process.kill()
        process.join()
        self.passed = passed.value
        ended = process.exitcode == 0
        assert ended or process.exitcode == -9, f"{work} ended with {process.exitcode}"
        self.hit.append(DONE if ended else BEFORE if at.value < 0 else _name(at.value))
        return self.hit[-1]


def _name(number: int) -> str:
    when = "after" if number % 2 else "in"
    return f"{when} {MOMENTS[number // 2][1]}"


def _work(work: str, home: Path, embedder: tuple[str, int], arguments: Sequence[Any], passed: Any, at: Any) -> None:
    intake.BATCH_CHUNKS = 8  # so that small documents make many batches
    reindexing._DOCUMENTS_AT_ONCE = 4
    reindexing._TURN_SECONDS = 0
    for number, (owner, name) in enumerate(MOMENTS):
        setattr(owner, name, _counted(getattr(owner, name), number * 2, passed, at))
    _WORKS[work](open_library(home, HashedEmbedder(*embedder)), *arguments)


def _counted(original: Callable[..., Any], number: int, passed: Any, at: Any) -> Callable[..., Any]:
    @wraps(original)
    def counted(*args: Any, **kwargs: Any) -> Any:
        at.value = number
        passed.value += 1
        result = original(*args, **kwargs)
        at.value = number + 1
        passed.value += 1
        return result

    return counted
