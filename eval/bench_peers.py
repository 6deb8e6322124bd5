"""Retrieval beside other systems in one run: `python -m eval.bench_peers --data ../shared/data/corpora`.

All sides index the same files, with the same embedding model from the same folder, and are asked the same questions,
each in a fresh process. Parapet and the tutorial pipeline always run; --peer-python names an interpreter, of a separate
environment, in which txtai, Haystack or LlamaIndex are installed, and whichever of them are there run in it:

    pip install txtai haystack-ai sentence-transformers-haystack llama-index-core llama-index-embeddings-huggingface

(uv needs `--link-mode copy`: LlamaIndex's tokenizer refuses files that are hard links.)

A hit counts when it covers a gold span whole. Intervals are 95 % bootstrap intervals over the questions; differences
are paired, question by question. Long hits hold more, so the tokens in five hits stand beside the recall.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.errors import UsageError
from core.quiet import quiet
from eval.bench_retrieval import holds
from eval.bootstrap import interval
from eval.cases import Case, read_cases
from eval.peers.job import Job, Result, read_result
from ingest.embed import token_counter
from ingest.export import package_model

DEPTH = 10
SET = "squad"
ROOT = Path(__file__).parent.parent
OURS = {"parapet": "parapet", "tutorial": "tutorial"}  # name in the table -> module under eval/peers
PEERS = {"txtai hybrid": "txtai_hybrid", "haystack hybrid": "haystack_hybrid", "llamaindex": "llamaindex"}
NEEDS = {"txtai_hybrid": "txtai", "haystack_hybrid": "haystack_integrations", "llamaindex": "llama_index"}
# what the libraries would send out or fetch, beside what core.quiet already forbids
SILENT = {"HAYSTACK_TELEMETRY_ENABLED": "False"}
_LOOK = """
import importlib.util, json, sys
print(json.dumps([importlib.util.find_spec(name) is not None for name in sys.argv[1:]]))
"""
Flags = npt.NDArray[np.bool_]  # (questions,)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one side."""

    side: str
    version: str
    chunks: int
    first: Flags  # the first hit holds a gold span
    among_five: Flags  # one of the first five does
    milliseconds: float  # median of one question
    tokens: float  # mean of the first five hits together
    peak_mb: float
    building_cpu_seconds: float


def main() -> None:
    """Run every side, one after the other; print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help=f"folder with {SET}/ and {SET}.questions.jsonl")
    parser.add_argument("--sample", type=int, default=300, help="questions, drawn with a fixed seed (0: all)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw")
    parser.add_argument("--peer-python", type=Path, action="append", default=[], help="interpreter with peers in it")
    options = parser.parse_args()
    cases = drawn(options.data, options.sample, options.seed)
    documents = options.data / SET
    job = Job(str(documents.resolve()), str(package_model()), tuple(case.question for case in cases), DEPTH)
    sides = [(name, module, Path(sys.executable)) for name, module in OURS.items()]
    sides += [(name, module, python) for python in options.peer_python for name, module in installed(python)]
    texts = job.texts()
    print(f"{len(texts)} documents, {len(cases)} questions (seed {options.seed})")
    ours: Row | None = None
    failed = 0
    for name, module, python in sides:
        try:
            row = judged(name, run_side(module, python, job), cases, texts)
        except UsageError as error:  # the others are still worth their time
            failed += 1
            print(f"\n{name}: {error}", flush=True)
            continue
        ours = row if name == "parapet" else ours
        print(told(row, ours), flush=True)
    sys.exit(failed > 0)


def drawn(data: Path, sample: int, seed: int) -> list[Case]:
    """The answerable questions of the set, or so many of them."""
    cases = [case for case in read_cases(data / f"{SET}.questions.jsonl") if case.answerable and case.gold]
    return random.Random(seed).sample(cases, sample) if 0 < sample < len(cases) else cases  # noqa: S311


def installed(python: Path) -> list[tuple[str, str]]:
    """Name and module of the peers that this interpreter has; UsageError when it does not run."""
    command = [str(python), "-c", _LOOK, *NEEDS.values()]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        raise UsageError(f"{python} is no Python that runs ({error}): give the path of bin/python.") from error
    there = dict(zip(NEEDS, json.loads(done.stdout), strict=True))
    return [(name, module) for name, module in PEERS.items() if there[module]]


def run_side(module: str, python: Path, job: Job) -> Result:
    """One side in a fresh process; UsageError with the end of what it said when it fails."""
    quiet()
    with tempfile.TemporaryDirectory() as folder:
        given, target = Path(folder) / "job.json", Path(folder) / "result.json"
        given.write_text(json.dumps(asdict(job)), encoding="utf-8")
        command = [str(python), "-m", f"eval.peers.{module}", str(given), str(target)]
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env={**os.environ, **SILENT}, capture_output=True, text=True, check=False
        )
        if done.returncode or not target.exists():
            raise UsageError(f"{' '.join(command[:3])} failed:\n{done.stderr[-2000:]}")
        return read_result(target)


def judged(side: str, result: Result, cases: Sequence[Case], texts: dict[str, str]) -> Row:
    """The figures of what a side found."""
    ranks = [
        next((i for i, hit in enumerate(hits, 1) if any(holds(hit, gold) for gold in case.gold)), DEPTH + 1)
        for case, hits in zip(cases, result.hits, strict=True)
    ]
    fives = ["\n".join(texts[source][start:end] for source, start, end in hits[:5]) for hits in result.hits]
    return Row(
        side,
        result.version,
        result.chunks,
        np.array(ranks) <= 1,
        np.array(ranks) <= 5,
        float(np.median(result.milliseconds)),
        float(np.mean(token_counter()(fives))),
        result.peak_mb,
        result.building_cpu_seconds,
    )


def told(row: Row, ours: Row | None) -> str:
    """A side's lines: its figures, and how far Parapet is ahead of it where it is known."""
    lines = [
        f"\n{row.side} ({row.version})",
        f"  recall@1 {_share(row.first)}  recall@5 {_share(row.among_five)}",
        f"  {row.milliseconds:.1f} ms a question (median), {row.chunks} chunks, {row.tokens:.0f} tokens in 5 hits, "
        f"{row.peak_mb:.0f} MB at most, {row.building_cpu_seconds:.0f} CPU s to build",
    ]
    if ours is not None and row is not ours:
        ahead = [_ahead(a, b) for a, b in ((ours.first, row.first), (ours.among_five, row.among_five))]
        lines.append(f"  Parapet's lead: recall@1 {ahead[0]}, recall@5 {ahead[1]}")
    return "\n".join(lines)


def _share(flags: Flags) -> str:
    return f"{flags.mean():.3f} {_between(flags.astype(float))}"


def _ahead(ours: Flags, theirs: Flags) -> str:
    difference = ours.astype(float) - theirs.astype(float)
    return f"{difference.mean():+.3f} {_between(difference, '+')}"


def _between(values: npt.NDArray[np.float64], sign: str = "") -> str:
    found = interval(lambda drawn: float(np.mean(drawn)), values)
    return "" if found is None else f"[{found[0]:{sign}.3f}, {found[1]:{sign}.3f}]"


if __name__ == "__main__":
    main()
