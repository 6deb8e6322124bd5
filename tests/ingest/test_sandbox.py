"""The sandbox with real processes: each way to fail has a name, the jobs after it go on, and nothing is left behind."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.sandbox.pool import Failure, Limits, Sandbox
from tests.ingest import chores

Chore = tuple[str, float]
MEGABYTE = 1_000_000
SMALL = Limits(memory_bytes=200 * MEGABYTE, seconds=2, cpu_seconds=1, total_seconds=20, output_bytes=MEGABYTE)
needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="no other system holds a process to its memory")


def ran(*jobs: Chore, limits: Limits = SMALL, workers: int = 1) -> list[bytes | str]:
    """What came of each job: the result, or the code of the failure."""
    with Sandbox(chores.chore, limits=limits, workers=workers) as sandbox:
        return [result.code if isinstance(result, Failure) else result for _, result in sandbox.map(jobs)]


def failure_of(*job: str | float, limits: Limits = SMALL) -> Failure:
    """The failure of a job, after which the next one must do well."""
    with Sandbox(chores.chore, limits=limits) as sandbox:
        (_, failure), (_, after) = sandbox.map([job, ("answer", 1)])  # type: ignore[list-item]
    assert after == b"1"
    assert isinstance(failure, Failure)
    return failure


def children() -> set[int]:
    """The processes that this one has started and not yet seen end."""
    return {int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


def test_results_come_in_the_order_of_the_jobs() -> None:
    """A slow job holds its place before quick ones, whichever worker finishes first."""
    jobs: list[Chore] = [("sleep", 0.3), ("answer", 1), ("sleep", 0.1), ("answer", 2), ("answer", 3)]
    assert ran(*jobs, workers=2) == [b"0.3", b"1", b"0.1", b"2", b"3"]


def test_many_small_jobs_share_few_workers() -> None:
    """A thousand jobs are done by a process that is replaced every 500 jobs, and no more."""
    results = ran(*[("pid", 0)] * 1000)
    assert len(results) == 1000
    assert len(set(results)) == 2


@pytest.mark.parametrize(
    ("job", "code", "told"),
    [
        (("sleep", 600), "timeout", "PARAPET_READING_SECONDS"),
        (("busy", 600), "timeout", "PARAPET_READING_CPU_SECONDS"),
        (("hanging_program", 1), "timeout", "2 s"),
        pytest.param(("greedy", 400 * MEGABYTE), "memory", "PARAPET_READING_MEMORY_BYTES", marks=on_linux),
        (("exit", 0), "crashed", "status 0"),
        (("exit", 3), "crashed", "status 3"),
        (("leave", 4), "crashed", "status 4"),
        (("segfault", 0), "crashed", "Segmentation fault"),
        (("kill", signal.SIGABRT), "crashed", "Abort"),
        (("kill", signal.SIGKILL), "crashed", "from outside"),
        (("close", 0), "crashed", ""),
        (("large", MEGABYTE + 1), "output", "1,000,001"),
        (("raise", 0), "crashed", "ValueError: half a ? character"),
        (("no_such_chore", 0), "crashed", "KeyError"),
        (("forge", 0), "output", "18,446,744,073,709,551,615"),
    ],
)
def test_each_failure_has_a_name_and_the_next_job_goes_on(job: Chore, code: str, told: str) -> None:
    """Whatever a job does to its worker, its failure is told by code and reason, and another worker takes over."""
    limits = Limits(SMALL.memory_bytes, 2 if job[0] != "busy" else 60, 1, 60, MEGABYTE)
    failure = failure_of(*job, limits=limits)
    assert failure.code == code
    assert told in failure.reason
    assert len(failure.reason) < 1000


def test_a_sign_of_life_gives_more_time() -> None:
    """A job that lasts longer than the limit goes on as long as it says so, by the wall and by the processor."""
    assert ran(("lively", 25), ("lively_and_busy", 3)) == [b"done", b"done"]


def test_the_whole_time_of_a_job_is_bounded() -> None:
    """Signs of life don't help for ever."""
    failure = failure_of("lively", 600, limits=Limits(seconds=2, total_seconds=1))
    assert failure.code == "timeout"
    assert "PARAPET_READING_TOTAL_SECONDS" in failure.reason


def test_a_large_result_waits_for_its_consumer() -> None:
    """Results far larger than a pipe holds are taken in while the consumer is busy, for longer than a job may take."""
    with Sandbox(chores.chore, limits=Limits(seconds=2), workers=2) as sandbox:
        for number, (_, result) in enumerate(sandbox.map([("large", 50 * MEGABYTE)] * 6)):
            assert isinstance(result, bytes)
            assert len(result) == 50 * MEGABYTE
            time.sleep(0 if number else 2.5)


def test_a_large_job_goes_down() -> None:
    """Jobs far larger than a pipe holds reach the worker, a task that doesn't fit the job is told as its error."""
    with Sandbox(len_of, limits=SMALL) as sandbox:
        assert [result for _, result in sandbox.map([b"x" * 30 * MEGABYTE] * 2)] == [b"30000000"] * 2


def len_of(job: bytes, alive: chores.Alive) -> bytes:
    """How long the job is."""
    return str(len(job)).encode()


@on_linux
def test_memory_counts_from_where_the_worker_stands() -> None:
    """What earlier jobs left in a worker is not held against a later one; a worker that has grown is replaced."""
    results = ran(*[("growing", 20 * MEGABYTE)] * 12, ("greedy", 150 * MEGABYTE))
    assert results[-1] == b"150000000"
    assert 1 < len(set(results[:-1])) < 12


def test_nothing_disturbs_the_answers() -> None:
    """What a library prints, or writes to its input, reaches neither the terminal nor the parent."""
    assert ran(("chatter", 0), ("answer", 1)) == [b"done", b"1"]


def test_the_small_limits_are_set() -> None:
    """No core dumps, files of bounded size, few open files."""
    assert ran(("limits", 0)) == [b"[0, 200000000, 256]"]


def test_a_worker_imports_what_its_task_needs() -> None:
    """Starting a worker costs no vendor's import."""
    (modules,) = ran(("modules", 0), limits=Limits())
    assert isinstance(modules, bytes)
    assert not {"numpy", "chromadb", "multiprocessing", "pytest", "lxml", "core.settings"} & set(
        modules.decode().split()
    )


@needs_proc
def test_nothing_starts_without_a_job() -> None:
    """A sandbox that gets no job starts no process, and its workers start with the first job only."""
    before = children()
    with Sandbox(chores.chore, workers=2) as sandbox:
        assert list(sandbox.map([])) == []
        assert children() == before
        assert [result for _, result in sandbox.map([("answer", 1)])] == [b"1"]
        assert len(children() - before) == 1
    assert children() == before


@needs_proc
def test_workers_stay_for_the_next_map() -> None:
    """A second run over other jobs uses the worker of the first."""
    with Sandbox(chores.chore) as sandbox:
        first = [result for _, result in sandbox.map([("pid", 0)])]
        assert [result for _, result in sandbox.map([("pid", 0)])] == first


@needs_proc
def test_a_consumer_that_stops_early_leaves_no_process() -> None:
    """Workers end with the consumer's loop, those in the midst of a job and those without one."""
    before = children()
    sandbox = Sandbox(chores.chore, workers=2)
    results = sandbox.map([("answer", 1), ("sleep", 50), ("sleep", 50), ("sleep", 50)])
    assert next(results)[1] == b"1"
    results.close()  # type: ignore[attr-defined]
    assert children() == before
    assert [result for _, result in sandbox.map([("answer", 2)])] == [b"2"]
    sandbox.close()
    assert children() == before


@needs_proc
def test_closing_ends_workers_in_the_midst_of_a_job() -> None:
    """An error in the consumer ends the workers through the sandbox's `with`, though the loop is still held."""
    before = children()
    with Sandbox(chores.chore, workers=2) as sandbox:
        results = sandbox.map([("answer", 1), ("sleep", 50), ("sleep", 50), ("sleep", 50)])
        assert next(results)[1] == b"1"
    assert children() == before


@needs_proc
def test_a_hung_program_of_a_worker_dies_with_it() -> None:
    """What a task started is ended too when its time is over."""
    number = os.getpid()
    assert ran(("hanging_program", number)) == ["timeout"]
    mark = f"time.sleep({600 + float(number)})".encode()
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not [line for line in lines if mark in line]


def test_an_error_of_the_jobs_reaches_the_caller() -> None:
    """What goes wrong while jobs are found is raised where the results are consumed."""

    def jobs() -> Iterator[Chore]:
        yield "answer", 1
        raise LookupError("no more")

    with Sandbox(chores.chore) as sandbox, pytest.raises(LookupError, match="no more"):
        list(sandbox.map(jobs()))


def test_jobs_are_pulled_as_results_are_consumed(tmp_path: Path) -> None:
    """However many jobs there are, few are worked on ahead of the consumer, and one more is pulled."""
    pulled = 0

    def jobs() -> Iterator[tuple[int, str]]:
        nonlocal pulled
        for number in range(50):
            pulled += 1
            yield number, str(tmp_path)

    with Sandbox(chores.stamp, workers=2, look_ahead=3) as sandbox:
        for consumed, _ in enumerate(sandbox.map(jobs()), 1):
            assert pulled <= consumed + 6
            assert len(list(tmp_path.iterdir())) <= consumed + 6
    assert pulled == 50
