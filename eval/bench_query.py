"""How long a search takes by size of the library: `python -m eval.bench_query --data ../shared/data/corpora`.

Libraries of made-up documents (`eval/recombined.py`) are built through the real writer, beside the tutorial
pipeline with the same texts and vectors: Chroma that holds vectors, texts and sources, asked for the nearest. Each is
measured in a process of its own with real questions, each asked once, the question's embedding included. With
--home DIR what was built stays, is gone on with when it was interrupted, and is measured again without building.

DATA holds NAME.questions.jsonl beside a folder NAME of text files; without it the manual and its questions are taken.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.database import Database
from core.errors import UsageError
from core.settings import Settings
from eval.bench_libraries import build_parapet, build_tutorial, opened_library, tutorial_collection
from eval.cases import read_cases
from eval.plots import lines
from eval.recombined import CHUNKS_A_DOCUMENT, Pool, RecombinedEmbedder, pool_of
from ingest.embed import open_embedder
from ingest.lexical import LexicalIndex
from ingest.vectors import VectorIndex

WHOLE, PROCESSOR = "whole", "whole, in time of processors"
HITS = 6  # of either side, as `Library.search` gives
WARMING = 20  # questions that are asked before those that count
_MANUAL = Path(__file__).parent / "sets" / "manual.jsonl"
_PARTS: tuple[tuple[type, str, str], ...] = (
    (RecombinedEmbedder, "embed", "embedding"),
    (VectorIndex, "search", "Chroma"),
    (VectorIndex, "cosines", "Chroma, of Tantivy's finds"),
    (LexicalIndex, "search", "Tantivy"),
    (LexicalIndex, "scores", "Tantivy, of Chroma's finds"),
)

Ask = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one side at one size."""

    side: str
    chunks: int
    first: float  # milliseconds of the first question, with which the indexes are opened
    parts: Mapping[str, tuple[float, ...]]  # milliseconds of each question, by part, WHOLE and PROCESSOR among them
    memory: float  # resident MiB of the process after the last question
    disk: float  # MiB

    def quantile(self, share: float, part: str = WHOLE) -> float:
        """Milliseconds within which this share of the questions was answered."""
        return float(np.quantile(self.parts[part], share))


def main() -> None:
    """Build, ask, print, draw."""
    options = _options()
    paths, questions = _material(options.data, options.questions + WARMING)
    with _folder(options.home) as home:
        pools: list[Pool] = []  # made when something must be built
        found = []
        for size in options.sizes:
            for side in _sides(size, options.tutorial_to):
                _built(side, home, size, paths, pools)
                found.append(_in_own_process(side, home, size, questions))
                print("\n".join(_report(found[-1])), flush=True)
    if options.plot:
        _draw(found, options.plot)
        print(f"plot: {options.plot}")


# --- measuring ----------------------------------------------------------------------------------------------------


def measure_parapet(home: Path, questions: Sequence[str]) -> Figures:
    """`Library.search` as the app calls it, whole and by part. Parts that run side by side add up to more than it."""
    spent: dict[str, float] = defaultdict(float)
    with opened_library(home) as (library, _), _clocks(spent):
        _time_reads(library.database, spent)
        first, parts = _asked(lambda question: library.search(question, HITS), questions, spent)
        return Figures("parapet", library.size()[1], first, parts, _memory(), _size_of(home))


def measure_tutorial(home: Path, questions: Sequence[str]) -> Figures:
    """The question's vector, the nearest with their texts and sources, made into documents."""
    from langchain_core.documents import Document

    spent: dict[str, float] = defaultdict(float)
    embedder = open_embedder(Settings(home=home))
    collection = tutorial_collection(home)
    embed = _timed(embedder.embed, spent, "embedding")
    query = _timed(collection.query, spent, "Chroma")

    def ask(question: str) -> list[Document]:
        found = query(query_embeddings=embed([question]), n_results=HITS)
        held = zip(found["documents"][0], found["metadatas"][0], strict=True)
        return [Document(page_content=text, metadata=dict(meta)) for text, meta in held]

    first, parts = _asked(ask, questions, spent)
    return Figures("tutorial", collection.count(), first, parts, _memory(), _size_of(home))


def _asked(ask: Ask, questions: Sequence[str], spent: dict[str, float]) -> tuple[float, dict[str, tuple[float, ...]]]:
    """Milliseconds of the first question, and by part of those after the warming."""
    rows: list[dict[str, float]] = []
    for question in questions:
        spent.clear()
        began, worked = time.perf_counter(), time.process_time()
        ask(question)
        whole, work = time.perf_counter() - began, time.process_time() - worked
        rows.append({WHOLE: whole * 1000, PROCESSOR: work * 1000} | spent)
    names = dict.fromkeys(name for row in rows for name in row)
    counted = rows[WARMING:] or rows
    return rows[0][WHOLE], {name: tuple(row.get(name, 0.0) for row in counted) for name in names}


@contextmanager
def _clocks(spent: dict[str, float]) -> Iterator[None]:
    """The methods of `_PARTS` add their milliseconds to `spent` meanwhile, whoever calls them."""
    with ExitStack() as stack:
        for owner, method, part in _PARTS:
            inner = getattr(owner, method)
            stack.callback(setattr, owner, method, inner)
            setattr(owner, method, _timed(inner, spent, part))
        yield


def _timed(inner: Callable[..., Any], spent: dict[str, float], part: str) -> Callable[..., Any]:
    def timed(*values: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return inner(*values, **named)
        finally:
            spent[part] += (time.perf_counter() - began) * 1000

    return timed


def _time_reads(database: Database, spent: dict[str, float]) -> None:
    inner = database.read

    @contextmanager
    def read() -> Iterator[Any]:
        began = time.perf_counter()
        with inner() as connection:
            yield connection
        spent["SQL, and what is made of its rows"] += (time.perf_counter() - began) * 1000

    database.read = read  # type: ignore[method-assign]


def _memory() -> float:
    """Resident MiB of this process, now where the system tells it, else its peak."""
    status = Path("/proc/self/statm")
    if status.is_file():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _size_of(home: Path) -> float:
    return sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) / 2**20


# --- running ------------------------------------------------------------------------------------------------------


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with NAME/ and NAME.questions.jsonl (default: the manual)")
    parser.add_argument("--sizes", type=_sizes, default=[10_000, 100_000], help="chunks, such as 10000,1000000")
    parser.add_argument("--questions", type=int, default=300, help="how many are asked of each")
    parser.add_argument("--home", type=Path, help="folder where what is built stays (default: a temporary one)")
    parser.add_argument("--tutorial-to", type=int, default=100_000, help="largest size the tutorial is built at")
    parser.add_argument("--plot", type=Path, help="file for the plot of latency by size (.svg or .png)")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    found = sorted({int(part) // CHUNKS_A_DOCUMENT * CHUNKS_A_DOCUMENT for part in text.split(",")})
    if not found or found[0] < CHUNKS_A_DOCUMENT:
        raise argparse.ArgumentTypeError(f"sizes are at least {CHUNKS_A_DOCUMENT}")
    return found


def _sides(size: int, tutorial_to: int) -> tuple[str, ...]:
    return ("parapet", "tutorial") if size <= tutorial_to else ("parapet",)


def _material(data: Path | None, count: int) -> tuple[list[Path], list[str]]:
    """Text files to recombine, and questions in a random but fixed order."""
    if data is None:
        paths, sets = sorted(Path("docs").glob("*.md")), [_MANUAL]
    else:
        paths, sets = sorted(data.glob("*/*.txt")), sorted(data.glob("*.questions.jsonl"))
    if not paths or not sets:
        raise UsageError(f"{data or 'docs'}: no text files with questions; see `python -m eval.bench_query --help`")
    questions = list(dict.fromkeys(case.question for path in sets for case in read_cases(path)))
    random.Random(0).shuffle(questions)  # noqa: S311
    return paths, questions[:count]


def _built(side: str, home: Path, size: int, paths: Sequence[Path], pools: list[Pool]) -> None:
    mark = home / f"{side}-{size}" / "built"
    if mark.is_file():
        return
    if not pools:
        pools.append(pool_of(paths, open_embedder(Settings(home=home))))
    began = time.perf_counter()
    (build_parapet if side == "parapet" else build_tutorial)(mark.parent, size, pools[0])
    mark.write_text(f"{pools[0].chunks} real chunks\n", encoding="utf-8")
    print(f"{side} with {size:,} chunks built in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def _in_own_process(side: str, home: Path, size: int, questions: Sequence[str]) -> Figures:
    """So that memory is that of this side at this size alone."""
    measure = measure_parapet if side == "parapet" else measure_tutorial
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(measure, home / f"{side}-{size}", questions).result()


@contextmanager
def _folder(home: Path | None) -> Iterator[Path]:
    if home is not None:
        yield home
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


# --- telling ------------------------------------------------------------------------------------------------------


def _report(one: Figures) -> list[str]:
    told = [
        f"{one.side}, {one.chunks:,} chunks, {len(one.parts[WHOLE])} questions on {os.cpu_count()} cores: "
        f"first {one.first:.0f} ms, {one.memory:,.0f} MiB resident, {one.disk:,.0f} MiB on disk"
    ]
    middle, most = ({part: one.quantile(share, part) for part in one.parts} for share in (0.5, 0.95))
    return told + [f"  {part:36} p50 {middle[part]:6.1f} ms, p95 {most[part]:6.1f} ms" for part in one.parts]


def _draw(found: Sequence[Figures], path: Path) -> None:
    series: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in found:
        for name, share in (("p50", 0.5), ("p95", 0.95)):
            series[f"{one.side}, {name}"].append((one.chunks, one.quantile(share)))
    asked = f"{len(found[0].parts[WHOLE])} questions on {os.cpu_count()} cores"
    x_label = f"chunks in the library, each size asked {asked}"
    lines(series, path, title="How long a search takes", x_label=x_label, y_label="milliseconds")


if __name__ == "__main__":
    main()
