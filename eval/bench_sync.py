"""How long `parapet ingest sync` takes over unchanged files: `python -m eval.bench_sync [--files 10000] [--times 5]`.

The files are short and all different; they are made and ingested in a temporary folder first, which takes longer than
what is measured. The figures are of the whole command, its start included.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_LONG_AGO = 1_700_000_000
_WORDS = "otter heron beaver badger fox river reed dam wood stone winter summer morning night north south".split()


def main() -> None:
    """Make, ingest, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000, help="how many files")
    parser.add_argument("--times", type=int, default=5, help="how often sync is run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = _made(Path(place) / "docs", options.files)
        home = Path(place) / "home"
        began = time.perf_counter()
        _ran(home, "add", folder)
        print(f"{options.files:,} files ingested in {time.perf_counter() - began:.0f} s")
        for _ in range(options.times):
            print(_measured(home, folder))


def _made(folder: Path, count: int) -> Path:
    for number in range(count):
        path = folder / f"{number // 500:03}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        words = " ".join(_WORDS[number * step % len(_WORDS)] for step in (3, 5, 7, 11))
        path.write_text(f"Note {number}: {words}.\n", encoding="utf-8")
        os.utime(path, (_LONG_AGO, _LONG_AGO))
    return folder


def _measured(home: Path, folder: Path) -> str:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    told = _ran(home, "sync", folder)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"sync: {wall:.2f} s, {cpu:.2f} s of CPU; it said: {told.strip()}"


def _ran(home: Path, verb: str, folder: Path) -> str:
    command = [sys.executable, "-m", "ui.command.main", "ingest", verb, str(folder)]
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=_environment(home), stdout=subprocess.PIPE, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    return done.stdout


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "PARAPET_HOME": str(home)}


if __name__ == "__main__":
    main()
