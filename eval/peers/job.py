"""What every side is asked to do, and how it is measured: the same for all. The standard library alone.

A side is started as `python -m eval.peers.NAME JOB RESULT`, two paths of JSON files: results don't go through standard
output, where libraries print what they like.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

Hit = tuple[str, int, int]  # source, start, end: characters of the document's text


@dataclass(frozen=True, slots=True)
class Job:
    """The work of one side."""

    documents: str  # folder of text files; a document's source is its file name
    model: str  # folder of the embedding model, in sentence-transformers' form
    questions: tuple[str, ...]
    depth: int  # hits a question

    def texts(self) -> dict[str, str]:
        """The documents by source, in order."""
        return {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(self.documents).glob("*.txt"))}


@dataclass(frozen=True, slots=True)
class Built:
    """An index that was built, ready to be asked."""

    version: str  # of the system
    chunks: int
    search: Callable[[str], list[Hit]]  # best first


@dataclass(frozen=True, slots=True)
class Result:
    """What a side found, and what it took."""

    version: str
    chunks: int
    hits: tuple[tuple[Hit, ...], ...]  # of each question, best first
    milliseconds: tuple[float, ...]  # of each question, wall clock
    peak_mb: float  # most memory of the process and of its largest child, together
    building_cpu_seconds: float  # imports and loading the model included, children too


def run(build: Callable[[Job], Built]) -> None:
    """Do the job that the command line names, each question once, and write what came of it."""
    given, target = map(Path, sys.argv[1:3])
    data = json.loads(given.read_text(encoding="utf-8"))
    job = Job(data["documents"], data["model"], tuple(data["questions"]), data["depth"])
    built = build(job)
    cpu = _cpu_seconds()
    for warming in ("What is this?", "How does it work?"):  # what is loaded or compiled at the first question
        built.search(warming)
    hits, milliseconds = [], []
    for question in job.questions:
        began = time.perf_counter()
        found = built.search(question)
        milliseconds.append((time.perf_counter() - began) * 1000)
        hits.append(tuple(found[: job.depth]))
    result = Result(built.version, built.chunks, tuple(hits), tuple(milliseconds), _peak_mb(), cpu)
    target.write_text(json.dumps(asdict(result)), encoding="utf-8")


def read_result(path: Path) -> Result:
    """What a side wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    hits = tuple(tuple((source, start, end) for source, start, end in found) for found in data["hits"])
    return Result(**data | {"hits": hits, "milliseconds": tuple(data["milliseconds"])})


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_mb() -> float:
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    most = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(most) * unit / 1e6
