"""One worker process, seen from its parent: starts it, hands it jobs, watches its time, ends it and what it started."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from select import POLLIN, POLLOUT, poll
from typing import IO

from ingest.sandbox import limits as bounds
from ingest.sandbox.child import ALIVE, HEADER, LAST_RESULT, NO_MEMORY, RAISED, RESULT
from ingest.sandbox.limits import Failure, Limits

# Not multiprocessing: its spawn runs the parent's main script anew, its forkserver too; a fork beside threads may hang.
_START = "import sys; sys.path[:] = sys.argv[1:]; from ingest.sandbox.child import serve; serve()"
_JOBS = 500  # a worker is replaced after so many, whatever they leaked
_TICK_MS = 100  # how soon a run that was given up is noticed
_PIECE_BYTES = 1 << 16  # what a pipe holds
_ERROR_BYTES = 4_000  # the most that an error's message takes
ABANDONED = Failure("crashed", "nobody waits for it any more")


class _Ended(Exception):
    """The job is over without a result."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure.reason)


class Worker:
    """A process that works for one thread of the parent, on one job at a time."""

    def __init__(self, limits: Limits) -> None:
        self.fit = True  # whether it may be given another job
        self._limits = limits
        self._jobs = 0
        # Its own session: a Ctrl-C in the terminal doesn't reach it, and whatever it starts can be ended with it.
        self._process = subprocess.Popen(  # noqa: S603 - this Python, this program
            [sys.executable, "-I", "-c", _START, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        self._in, self._out = _pipe(self._process.stdin), _pipe(self._process.stdout)
        os.set_blocking(self._in.fileno(), False)
        self._writable, self._readable = poll(), poll()
        self._writable.register(self._in, POLLOUT)
        self._readable.register(self._out, POLLIN)
        self._greeting = pickle.dumps((os.getpid(), limits))

    def run(self, task: object, job: object, given_up: Callable[[], bool]) -> bytes | Failure:
        """What comes of a job. A worker whose job failed is not fit for another."""
        self.fit = False
        self._given_up = given_up
        self._began = self._heard = time.monotonic()
        self._jobs += 1
        try:
            self._send(self._greeting)
            self._greeting = b""
            self._send(pickle.dumps((task, job)))
            return self._result()
        except _Ended as ended:
            return ended.failure

    def end(self) -> None:
        """Kill the process with all that it started, and wait for its end."""
        self._kill()
        self._process.wait()
        self._in.close()
        self._out.close()

    def _result(self) -> bytes:
        while True:
            kind, size = HEADER.unpack(self._receive(HEADER.size))
            if kind == RAISED and size <= _ERROR_BYTES:
                raise _Ended(Failure("crashed", f"its reader broke: {self._receive(size).decode('utf-8', 'replace')}"))
            if kind == NO_MEMORY:
                raise _Ended(bounds.out_of_memory(self._limits))
            if kind in {RESULT, LAST_RESULT}:
                return self._take(kind, size)
            if kind != ALIVE or size:
                raise _Ended(Failure("crashed", "its reader sent something that is no answer"))

    def _take(self, kind: bytes, size: int) -> bytes:
        if size > self._limits.output_bytes:
            raise _Ended(bounds.too_much_output(self._limits, size))
        content = self._receive(size)
        self.fit = kind == RESULT and self._jobs < _JOBS
        return content

    def _send(self, content: bytes) -> None:
        left = memoryview(content)
        while left:
            self._await(self._writable)
            try:
                left = left[os.write(self._in.fileno(), left[:_PIECE_BYTES]) :]
            except BrokenPipeError as error:
                raise _Ended(self._death()) from error

    def _receive(self, size: int) -> bytes:
        content = BytesIO()
        while size:
            self._await(self._readable)
            piece = os.read(self._out.fileno(), min(size, _PIECE_BYTES))
            if not piece:
                raise _Ended(self._death())
            self._heard = time.monotonic()
            size -= content.write(piece)
        return content.getvalue()

    def _await(self, pipe: poll) -> None:
        """Return when the pipe is ready; end the job when its time is over or nobody waits for it."""
        while True:
            now = time.monotonic()
            if self._given_up():
                raise _Ended(ABANDONED)
            if now - self._began > self._limits.total_seconds:
                raise _Ended(bounds.out_of_total_time(self._limits))
            # Judged before looking: this thread may have slept through the worker's word, and must not blame it.
            overdue = now - self._heard > self._limits.seconds
            if pipe.poll(_TICK_MS):
                return
            if overdue:
                raise _Ended(bounds.out_of_time(self._limits))

    def _death(self) -> Failure:
        """Why the process closed its pipe: it died, or it is of no use and dies now."""
        self._kill()  # changes nothing for one that is dying already
        status = self._process.wait()
        if status == -signal.SIGXCPU:
            return bounds.out_of_processor_time(self._limits)
        if status == -signal.SIGKILL:
            return Failure("crashed", "its reader was killed from outside, as by a machine that is short of memory")
        if status < 0:
            what = signal.strsignal(-status) or f"signal {-status}"
            # A C++ library that gets no memory aborts, and one that doesn't look crashes: from here both look alike.
            return Failure(
                "crashed",
                f"its reader crashed ({what}): the file is damaged, or needs more than {self._limits.memory_bytes:,} "
                "bytes of memory; PARAPET_READING_MEMORY_BYTES allows more",
            )
        return Failure("crashed", f"its reader ended by itself with status {status}")

    def _kill(self) -> None:
        if self._process.returncode is None:  # later, its number may be another's
            with suppress(ProcessLookupError, PermissionError):  # macOS forbids where Linux finds only the dead
                os.killpg(self._process.pid, signal.SIGKILL)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None, "asked for above"
    return pipe
