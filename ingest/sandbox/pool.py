"""Runs a task over many jobs in worker processes with limits: a hostile file takes down its worker, nothing else.

Results are bytes and are not unpickled here: a parser that was taken over must not reach the parent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event
from types import TracebackType
from typing import Generic, TypeVar

from ingest.sandbox.limits import Failure, Limits
from ingest.sandbox.worker import ABANDONED, Worker

__all__ = ["Failure", "Limits", "Sandbox", "Task"]

J = TypeVar("J")
Task = Callable[[J, Callable[[], None]], bytes]  # (job, alive) -> result; a function of a module, as pickle wants it
_DEFAULT_LIMITS = Limits()


class Sandbox(Generic[J]):
    """Worker processes for one task. They start with the first job and stay for the next `map`, until `close`.

    A thread stands behind each worker and takes in its result at once, so that a slow consumer costs a worker no time.
    """

    def __init__(
        self, task: Task[J], *, limits: Limits = _DEFAULT_LIMITS, workers: int = 1, look_ahead: int = 2
    ) -> None:
        self._task = task
        self._limits = limits
        self._room = workers * look_ahead
        # Workers die with the thread that started them (PR_SET_PDEATHSIG): these threads last as long as the sandbox.
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")
        self._idle: deque[Worker] = deque()
        self._closed = Event()

    def map(self, jobs: Iterable[J]) -> Iterator[tuple[J, bytes | Failure]]:
        """Each job with its result, in the order of the jobs; these are pulled in the caller's thread.

        At most `look_ahead` jobs a worker are being worked on or wait to be consumed, one more is pulled. A consumer
        that stops early ends all workers.
        """
        abandoned = Event()
        waiting: deque[tuple[J, Future[bytes | Failure]]] = deque()
        try:
            for job in jobs:
                done = _first(waiting) if len(waiting) == self._room else None
                waiting.append((job, self._threads.submit(self._run, job, abandoned)))
                if done is not None:
                    yield done
            while waiting:
                yield _first(waiting)
        except BaseException:  # GeneratorExit and KeyboardInterrupt too
            abandoned.set()
            wait([future for _, future in waiting])
            self._end_idle()
            raise

    def close(self) -> None:
        """End every worker, those at work too."""
        self._closed.set()
        self._threads.shutdown()
        self._end_idle()

    def __enter__(self) -> Sandbox[J]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, job: J, abandoned: Event) -> bytes | Failure:
        def given_up() -> bool:
            return abandoned.is_set() or self._closed.is_set()

        if given_up():
            return ABANDONED
        worker = self._worker()
        try:
            return worker.run(self._task, job, given_up)
        finally:
            if worker.fit:
                self._idle.append(worker)
            else:
                worker.end()

    def _worker(self) -> Worker:
        try:
            return self._idle.pop()
        except IndexError:
            return Worker(self._limits)

    def _end_idle(self) -> None:
        while self._idle:
            self._idle.pop().end()


def _first(waiting: deque[tuple[J, Future[bytes | Failure]]]) -> tuple[J, bytes | Failure]:
    """The oldest job with its result, once it is there. Stays in line until then: an interrupt must find it."""
    job, future = waiting[0]
    result = future.result()
    waiting.popleft()
    return job, result
