"""What the workers of the sandbox's tests are told to do: answer, sleep, hang, crash, eat memory."""

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

Alive = Callable[[], None]


def chore(job: tuple[str, float], alive: Alive) -> bytes:
    """Do what the job names, with its number."""
    name, number = job
    result: bytes = globals()[f"_{name}"](number, alive)
    return result


def stamp(job: tuple[int, str], alive: Alive) -> bytes:
    """Lay a file named by the job into a folder, so that a test sees what has been worked on; answer the process."""
    number, folder = job
    Path(folder, str(number)).touch()
    return str(os.getpid()).encode()


def _answer(number: float, alive: Alive) -> bytes:
    return str(number).encode()


def _sleep(seconds: float, alive: Alive) -> bytes:
    time.sleep(seconds)
    return str(seconds).encode()


def _pid(number: float, alive: Alive) -> bytes:
    return str(os.getpid()).encode()


def _lively(steps: float, alive: Alive) -> bytes:
    for _ in range(int(steps)):
        time.sleep(0.1)
        alive()
    return b"done"


def _busy(seconds: float, alive: Alive) -> bytes:
    while time.process_time() < seconds:
        pass
    return b"done"


def _lively_and_busy(seconds: float, alive: Alive) -> bytes:
    while time.process_time() < seconds:
        alive()
    return b"done"


def _greedy(size: float, alive: Alive) -> bytes:
    held = bytearray(int(size))
    return str(len(held)).encode()


def _growing(size: float, alive: Alive) -> bytes:
    globals().setdefault("_kept", []).append(b"x" * int(size))
    return str(os.getpid()).encode()


def _exit(status: float, alive: Alive) -> bytes:
    os._exit(int(status))


def _leave(status: float, alive: Alive) -> bytes:
    sys.exit(int(status))


def _kill(signal: float, alive: Alive) -> bytes:
    os.kill(os.getpid(), int(signal))
    return b"survived"


def _segfault(number: float, alive: Alive) -> bytes:
    ctypes.string_at(0)
    return b"survived"


def _large(size: float, alive: Alive) -> bytes:
    return b"x" * int(size)


def _raise(number: float, alive: Alive) -> bytes:
    raise ValueError("half a \udcff character" * 1000)


def _chatter(number: float, alive: Alive) -> bytes:
    for descriptor in (0, 1, 2):
        os.write(descriptor, b"warning: font not found\n")
    return b"done"


def _forge(number: float, alive: Alive) -> bytes:
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, b"r" + b"\xff" * 8)
        except OSError:
            continue
    time.sleep(600)
    return b"done"


def _close(number: float, alive: Alive) -> bytes:
    os.closerange(3, 20)
    time.sleep(600)
    return b"done"


def _hanging_program(number: float, alive: Alive) -> bytes:
    subprocess.run([sys.executable, "-c", f"import time; time.sleep({600 + number})"], check=True)
    return b"done"


def _limits(number: float, alive: Alive) -> bytes:
    import resource

    kinds = (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
    return repr([resource.getrlimit(kind)[0] for kind in kinds]).encode()


def _modules(number: float, alive: Alive) -> bytes:
    return " ".join(sys.modules).encode()
