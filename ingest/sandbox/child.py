"""The inside of a worker process: takes jobs from its parent one by one, holds itself to the limits, sends bytes back.

It bounds what a hostile file can use up; it is no jail: whoever takes over a parser has the rights of this user.
Imports little, so that a worker starts fast; the task's own module comes with the first job.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ingest.sandbox.limits import Limits

Task = Callable[[object, Callable[[], None]], bytes]

# What goes up: a kind, a length, and as many bytes. The parent reads no further than it allows, and unpickles nothing.
HEADER = struct.Struct(">cQ")
ALIVE = b"a"  # the job goes on
RESULT = b"r"  # what the job gave
LAST_RESULT = b"l"  # the same, by a worker that has grown and wants no other job
NO_MEMORY = b"m"  # the job ran out of memory
RAISED = b"e"  # the task raised this

_FILE_BYTES = 200_000_000  # parsers write nothing, but the programs that they start may need scratch files
_OPEN_FILES = 256
_MESSAGE_CHARACTERS = 500
_SIGNS_PER_LIMIT = 20  # how finely signs of life are told: a parser may call `alive` thousands of times a second
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def serve() -> None:
    """Work for the parent until it closes the pipe or ends this process."""
    jobs, results = _take_pipes()
    parent, limits = pickle.load(jobs)  # noqa: S301 - from the parent, which is trusted; nothing goes up like this
    _end_with(parent)
    _confine()
    worker = _Worker(results, limits)
    while True:
        try:
            task, job = pickle.load(jobs)  # noqa: S301
        except EOFError:
            return
        except Exception as error:
            worker.raised(error)
            raise
        worker.work(task, job)
        del job


class _Worker:
    """Runs tasks within the limits. A task that fails ends the process with it: what it left behind is unknown."""

    def __init__(self, results: BinaryIO, limits: Limits) -> None:
        self._results = results
        self._limits = limits
        self._interval = min(limits.seconds, limits.cpu_seconds) / _SIGNS_PER_LIMIT
        self._next_sign = 0.0
        self._resident_at_start = _memory()[1]

    def work(self, task: Task, job: object) -> None:
        """Run one job and send what came of it."""
        self._allow_processor_time()
        _allow_memory(_memory()[0] + self._limits.memory_bytes)
        try:
            result = task(job, self.alive)
        except MemoryError:
            _allow_memory(None)
            self._send(NO_MEMORY)
            raise
        except Exception as error:
            _allow_memory(None)
            self.raised(error)
            raise
        _allow_memory(None)  # the limit is the task's, not the sending's
        grown = _memory()[1] - self._resident_at_start > self._limits.memory_bytes // 4
        self._send(LAST_RESULT if grown else RESULT, result)

    def alive(self) -> None:
        """Tell the parent that the job goes on, and allow it more processor time."""
        now = time.monotonic()
        if now >= self._next_sign:
            self._next_sign = now + self._interval
            self._allow_processor_time()
            self._send(ALIVE)

    def raised(self, error: Exception) -> None:
        """Tell the parent what the task raised."""
        text = f"{type(error).__name__}: {error}"[:_MESSAGE_CHARACTERS]
        self._send(RAISED, text.encode("utf-8", "replace"))

    def _send(self, kind: bytes, content: bytes = b"") -> None:
        self._results.write(HEADER.pack(kind, len(content)))
        self._results.write(content)
        self._results.flush()

    def _allow_processor_time(self) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + self._limits.cpu_seconds) + 1)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes of jobs and results, out of reach of libraries that print and of programs that they start."""
    # Python's own end must not close the pipe of results: the parent would take the process for broken and kill it.
    pipes = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", closefd=False)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    return pipes


def _end_with(parent: int) -> None:
    """Die when the parent does, even in the midst of a job. Elsewhere than on Linux the pipe's end has to tell."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before that
        raise SystemExit


def _confine() -> None:
    """The limits that stay the same for every job."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit(resource.RLIMIT_FSIZE, _FILE_BYTES)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    with suppress(OSError):  # only Linux has it: a machine out of memory ends this process before its parent
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def _allow_memory(size: int | None) -> None:
    """Bound the address space, or lift the bound. macOS doesn't hold to such a bound, so none is set there."""
    if sys.platform == "linux":
        _limit(resource.RLIMIT_AS, size)


def _limit(kind: int, wanted: int | None) -> None:
    """Set a soft limit, as far as the hard limit lets it; None is as much as that lets."""
    hard = resource.getrlimit(kind)[1]
    soft = hard if wanted is None else wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (soft, hard))


def _memory() -> tuple[int, int]:
    """Bytes mapped and bytes resident now; nothing where the system doesn't tell."""
    if sys.platform != "linux":
        return 0, 0
    mapped, resident = Path("/proc/self/statm").read_text(encoding="ascii").split()[:2]
    return int(mapped) * resource.getpagesize(), int(resident) * resource.getpagesize()
