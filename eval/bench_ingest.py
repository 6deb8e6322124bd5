"""Ingestion beside the tutorial pipeline, in one run: `python -m eval.bench_ingest --data ../shared/data/corpora`.

FOLDER holds NAME.questions.jsonl beside a folder NAME of documents. Each side works in a fresh process with the same
model on the same files: LangChain's recursive splitter (1,000 characters, 200 overlap), sentence-transformers at its
defaults and a Chroma collection on disk, against `parapet ingest add`. Then the shipped 8-bit embedding is compared
with the 32-bit one on the questions. CPU seconds include those of child processes, of every run the median is told.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Literal

import numpy as np

from chains.ingestion import open_ingester, open_library
from core.database import Database
from core.quiet import quiet
from core.settings import Settings
from eval.bench_retrieval import measure, ours
from eval.cases import Case, read_cases
from eval.corpora import copy_documents
from ingest.embed import open_embedder
from ingest.export import package_model
from ingest.remember import RememberingEmbedder

Embedding = Literal["bundled", "bundled-fp32"]
EXACT_AND_SHIPPED: tuple[Embedding, Embedding] = ("bundled-fp32", "bundled")


@dataclass(frozen=True, slots=True)
class Work:
    """What one side did, and what it took."""

    documents: int
    chunks: int
    cpu_seconds: float  # of the work alone: libraries imported, model loaded
    wall_seconds: float
    peak_mb: float  # the process and its largest child, together
    whole_cpu_seconds: float = 0.0  # of the process from start to end

    @property
    def rate(self) -> float:
        """Documents a CPU second."""
        return self.documents / self.cpu_seconds


def main() -> None:
    """Run both sides by turns, then the questions; print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with NAME/ and NAME.questions.jsonl")
    parser.add_argument("--runs", type=int, default=1, help="how often each side runs, by turns")
    parser.add_argument("--sample", type=int, default=400, help="questions a set, with a fixed seed (0: all)")
    parser.add_argument("--no-quality", action="store_true", help="leave the questions out")
    parser.add_argument("--side", choices=sorted(SIDES), help=argparse.SUPPRESS)  # what the fresh process is told
    options = parser.parse_args()
    if options.side:
        print(json.dumps(asdict(SIDES[options.side](options.data))))
        return
    with tempfile.TemporaryDirectory() as folder:
        documents = copy_documents(options.data, Path(folder) / "documents")
        works: dict[str, list[Work]] = {side: [] for side in SIDES}
        for _ in range(options.runs):
            for side, done in works.items():
                done.append(_in_fresh_process(side, documents))
        _tell_speed(works)
        _tell_command([_command(documents) for _ in range(options.runs)], works)
        if not options.no_quality:
            _tell_quality(options.data, documents, options.sample)


def tutorial(documents: Path) -> Work:
    """What the tutorials do: split, encode, add."""
    quiet()
    import chromadb
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(package_model()), device="cpu", local_files_only=True)
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    model.encode(["warm"])
    paths = sorted(documents.glob("*/*.txt"))
    with tempfile.TemporaryDirectory() as home:
        collection = chromadb.PersistentClient(home).create_collection("tutorial", embedding_function=None)
        took = _stopwatch()
        chunks = [
            chunk
            for path in paths
            for chunk in splitter.create_documents([path.read_text(encoding="utf-8")], [{"source": path.name}])
        ]
        texts = [chunk.page_content for chunk in chunks]
        vectors = model.encode(texts)
        for at in range(0, len(texts), 5000):
            part = slice(at, at + 5000)
            ids = [str(i) for i in range(len(texts))[part]]
            collection.add(
                ids=ids,
                embeddings=vectors[part],
                documents=texts[part],
                metadatas=[chunk.metadata for chunk in chunks[part]],
            )
        return took(len(paths), len(texts))


def parapet(documents: Path) -> Work:
    """What `parapet ingest add` does."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        database = Database(settings.database)
        library = open_library(settings, database)
        library.embedder.embed(["warm"])
        took = _stopwatch()
        with open_ingester(library) as ingester:
            ingester.add([documents])
        work = took(*library.size())
        database.close()
    return work


SIDES: dict[str, Callable[[Path], Work]] = {"tutorial": tutorial, "parapet": parapet}


def _stopwatch() -> Callable[[int, int], Work]:
    """Starts counting; what it returns is told how many documents and chunks there were, and stops."""
    cpu, wall = _cpu(resource.RUSAGE_SELF) + _cpu(resource.RUSAGE_CHILDREN), time.perf_counter()

    def stop(documents: int, chunks: int) -> Work:
        used = _cpu(resource.RUSAGE_SELF) + _cpu(resource.RUSAGE_CHILDREN) - cpu
        return Work(documents, chunks, used, time.perf_counter() - wall, _peak())

    return stop


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _peak() -> float:
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(peaks) * (1 if sys.platform == "darwin" else 1024) / 1e6


def _in_fresh_process(side: str, documents: Path) -> Work:
    before = _cpu(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "eval.bench_ingest", "--side", side, "--data", str(documents)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
    measured = json.loads(said.splitlines()[-1])
    return Work(**measured | {"whole_cpu_seconds": _cpu(resource.RUSAGE_CHILDREN) - before})


def _command(documents: Path) -> float:
    """CPU seconds of the command as it is typed, in a fresh home."""
    before = _cpu(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "ui.command.main", "ingest", "add", str(documents), "--json"]
        environment = os.environ | {"PARAPET_HOME": home}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)  # noqa: S603
    return _cpu(resource.RUSAGE_CHILDREN) - before


def _tell_speed(works: dict[str, list[Work]]) -> None:
    print("side       documents  chunks  CPU s   wall s  documents/CPU s  peak MB  CPU s of the whole process")
    for side, done in works.items():
        cpu, wall, rate, peak, whole = (
            median(getattr(work, name) for work in done)
            for name in ("cpu_seconds", "wall_seconds", "rate", "peak_mb", "whole_cpu_seconds")
        )
        print(
            f"{side:9}  {done[0].documents:9}  {done[0].chunks:6}  {cpu:6.1f}  {wall:6.1f}  {rate:15.3f}  {peak:7.0f}"
            f"  {whole:.1f}"
        )
    pairs = list(zip(works["tutorial"], works["parapet"], strict=True))
    work = median(b.rate / a.rate for a, b in pairs)
    whole = median(a.whole_cpu_seconds / b.whole_cpu_seconds * b.documents / a.documents for a, b in pairs)
    print(f"documents per CPU second, parapet to tutorial: {work:.2f} (of the whole process {whole:.2f})")


def _tell_command(seconds: Sequence[float], works: dict[str, list[Work]]) -> None:
    tutorials = median(work.whole_cpu_seconds for work in works["tutorial"])
    print(f"`parapet ingest add` as a command: {median(seconds):.1f} CPU s, {tutorials / median(seconds):.2f} to 1")


def _tell_quality(data: Path, documents: Path, sample: int) -> None:
    """nDCG@10 and recall@5 of the same pipeline with both forms of the embedding."""
    cases = _cases(data, sample)
    means = []
    for embedding in EXACT_AND_SHIPPED:
        ranks = _ranks(embedding, documents, cases)
        ndcg = float(np.mean([1 / np.log2(1 + rank) if rank else 0.0 for rank in ranks]))
        recall = float(np.mean([rank is not None and rank <= 5 for rank in ranks]))
        means.append(ndcg)
        print(f"{embedding:12}  {len(ranks)} questions  nDCG@10 {ndcg:.4f}  recall@5 {recall:.4f}")
    print(f"nDCG@10 of 8 bits to 32: {means[1] / means[0] - 1:+.2%}")


def _cases(data: Path, sample: int) -> list[Case]:
    found: list[Case] = []
    for questions in sorted(data.glob("*.questions.jsonl")):
        name = questions.name.removesuffix(".questions.jsonl")
        cases = [case for case in read_cases(questions, f"{name}/") if case.answerable and case.gold]
        found += random.Random(0).sample(cases, sample) if 0 < sample < len(cases) else cases  # noqa: S311
    return found


def _ranks(embedding: Embedding, documents: Path, cases: Sequence[Case]) -> Sequence[int | None]:
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), embedding=embedding)
        database = Database(settings.database)
        library = open_library(settings, database, RememberingEmbedder(open_embedder(settings)))
        with open_ingester(library) as ingester:
            ingester.add([documents])
        ranks = measure(embedding, lambda question: ours(library, question), cases).ranks
        database.close()
    return ranks


if __name__ == "__main__":
    main()
