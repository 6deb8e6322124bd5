"""However the parent of the sandbox's workers ends, none of them stays behind, and none says a word."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A parent as an operator starts one: a script of its own, which must not run again in its workers.
PARENT = """
import sys
from ingest.sandbox.pool import Sandbox
from tests.ingest import chores
print("started", flush=True)
with Sandbox(chores.chore, workers=2) as sandbox:
    for job, result in sandbox.map([("pid", 0), ("pid", 0), ("{last}", 60), ("{last}", 60)]):
        print(result.decode(), flush=True)
"""
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")


def is_running(pid: int) -> bool:
    """Whether a process is there and not only waits to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually_gone(*pids: int) -> bool:
    """Whether these processes end, given time."""
    for _ in range(200):
        if not any(is_running(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_parent_leaves_no_worker(end: signal.Signals) -> None:
    """Workers in the midst of a job end with their parent, however it ended."""
    with started("sleep") as parent:
        pids = [read_number(parent), read_number(parent)]
        parent.send_signal(end)
        parent.wait()
        assert eventually_gone(*pids)


def test_a_busy_worker_ends_with_its_parent() -> None:
    """A worker that never looks at its pipe ends as well."""
    with started("busy") as parent:
        pids = [read_number(parent), read_number(parent)]
        parent.kill()
        parent.wait()
        assert eventually_gone(*pids)


def test_an_interrupt_in_the_terminal_is_the_parents_alone() -> None:
    """Ctrl-C reaches the whole process group: the parent ends with its one traceback, workers without a word."""
    with started("sleep") as parent:
        pids = [read_number(parent), read_number(parent)]
        os.killpg(parent.pid, signal.SIGINT)
        _, errors = parent.communicate(timeout=60)
        assert eventually_gone(*pids)
    assert parent.returncode == -signal.SIGINT
    assert errors.count("KeyboardInterrupt") == 1
    assert errors.count("Traceback") == 1


def started(last: str) -> "subprocess.Popen[str]":
    """A parent with a process group of its own, whose last two jobs are so named; it has printed that it started."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT.format(last=last)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "started\n"
    return parent


def read_number(parent: "subprocess.Popen[str]") -> int:
    """The next number that the parent prints."""
    assert parent.stdout is not None
    return int(parent.stdout.readline())
