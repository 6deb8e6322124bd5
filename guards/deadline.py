"""Running steps under a time limit each. A thread can't be stopped: one that hangs is left behind.

Threads are kept and used again; each is a daemon, so that a step that never ends does not keep a program from ending.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

MOST_LEFT_BEHIND = 32  # threads that hang; beyond them nothing is begun that could hang as well
T = TypeVar("T")


class Run:
    """Steps that run in a thread, and what they have yielded so far."""

    def __init__(self, bench: Bench, steps: Callable[[], Iterator[Any]]) -> None:
        """Not begun."""
        self.out: SimpleQueue[tuple[str, Any]] = SimpleQueue()
        self._context = contextvars.copy_context()
        self._bench = bench
        self._steps = steps
        self._lock = threading.Lock()
        self._left = self._over = False

    def go(self) -> None:
        """Hand over what the steps yield, until nobody waits for it any more."""
        try:
            self._context.run(self._hand_over)
        finally:
            with self._lock:
                self._over = True
                back = self._left
            if back:
                self._bench.count(-1)

    def leave(self) -> None:
        """Wait for it no more."""
        with self._lock:
            self._left = not self._over
            hangs = self._left
        if hangs:
            self._bench.count(1)

    def _hand_over(self) -> None:
        try:
            for value in self._steps():
                self.out.put(("step", value))
                if self._left:
                    return
            self.out.put(("end", None))
        except BaseException as error:  # noqa: BLE001  the edge of a thread: it is raised where it is waited for
            self.out.put(("error", error))


class Bench:
    """Threads that wait for work."""

    def __init__(self) -> None:
        """None yet."""
        self._idle: list[SimpleQueue[Run]] = []
        self._lock = threading.Lock()
        self._left_behind = 0

    @property
    def is_full(self) -> bool:
        """Whether so many threads hang that no other may be begun."""
        return self._left_behind >= MOST_LEFT_BEHIND

    def start(self, steps: Callable[[], Iterator[Any]]) -> Run:
        """Run these steps in a thread, with the caller's context."""
        run = Run(self, steps)
        with self._lock:
            inbox = self._idle.pop() if self._idle else None
        if inbox is None:
            inbox = SimpleQueue()
            threading.Thread(target=self._work, args=(inbox,), name="guards", daemon=True).start()
        inbox.put(run)
        return run

    def count(self, change: int) -> None:
        """One more thread hangs, or one less."""
        with self._lock:
            self._left_behind += change

    def _work(self, inbox: SimpleQueue[Run]) -> None:
        while True:
            inbox.get().go()
            with self._lock:
                self._idle.append(inbox)


_BENCH = Bench()


def each_within(
    steps: Callable[[int], Iterator[T]], seconds: Sequence[float], late: Callable[[int], T], bench: Bench = _BENCH
) -> list[T]:
    """What the steps yield, one after the other; `late(i)` stands in for step i when it takes more than `seconds[i]`.

    `steps(i)` runs them from the i-th on and may end early. An error of a step is raised here.
    """
    done: list[T] = []
    while len(done) < len(seconds) and not bench.is_full:
        first = len(done)
        run = bench.start(lambda first=first: steps(first))  # type: ignore[misc]
        while len(done) < len(seconds):
            try:
                kind, value = run.out.get(timeout=seconds[len(done)])
            except Empty:
                run.leave()
                done.append(late(len(done)))
                break
            if kind == "end":
                return done
            if kind == "error":
                raise value
            done.append(value)
    return done + [late(i) for i in range(len(done), len(seconds))]
