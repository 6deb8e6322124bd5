"""Retrieval beside the tutorial pipeline, in one run: `python -m eval.bench_retrieval --data ../shared/data/corpora`.

FOLDER holds NAME.questions.jsonl beside a folder NAME of documents. Both sides embed with the same model. The tutorial
pipeline is LangChain's recursive splitter (1,000 characters, 200 overlap), its chunks in Chroma, nearest first.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.database import Database
from core.ports import Embedder
from core.quiet import quiet
from core.settings import Settings
from eval.cases import Case, Gold, read_cases
from eval.corpora import copy_documents
from ingest.embed import open_embedder
from ingest.index import Library
from ingest.pipeline import add

DEPTH = 10
Hit = tuple[str, int, int]  # source, start, end


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one side on one set."""

    side: str
    ranks: tuple[int | None, ...]  # rank of the first hit that holds a gold span whole
    milliseconds: float  # median of one query

    def recall(self, k: int) -> float:
        """Share of questions with such a hit among the first k."""
        return float(np.mean([rank is not None and rank <= k for rank in self.ranks]))

    def interval(self, k: int) -> tuple[float, float]:
        """95 % bootstrap interval of the recall."""
        hits = np.array([rank is not None and rank <= k for rank in self.ranks], dtype=float)
        draws = np.random.default_rng(0).choice(hits, (1000, len(hits))).mean(axis=1)
        return float(np.quantile(draws, 0.025)), float(np.quantile(draws, 0.975))


def main() -> None:
    """Ingest, ask both sides, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with NAME/ and NAME.questions.jsonl")
    parser.add_argument("--sample", type=int, default=600, help="questions a set, drawn with a fixed seed (0: all)")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        library_of(copy_documents(options.data, Path(folder) / "documents")) as (library, embedder, seconds),
    ):
        print(f"ingested {library.size()[0]} documents as {library.size()[1]} chunks in {seconds:.0f} s")
        tutorial = tutorial_search(options.data, embedder)
        for questions in sorted(options.data.glob("*.questions.jsonl")):
            name = questions.name.removesuffix(".questions.jsonl")
            cases = [case for case in read_cases(questions, f"{name}/") if case.answerable and case.gold]
            if options.sample and len(cases) > options.sample:
                cases = random.Random(0).sample(cases, options.sample)  # noqa: S311
            print(f"\n{name}: {len(cases)} questions")
            for side, search in (("tutorial", tutorial), ("parapet", lambda q: ours(library, q))):
                report(measure(side, search, cases))


@contextmanager
def library_of(folder: Path) -> Iterator[tuple[Library, Embedder, float]]:
    """A library in a temporary home with the documents of a folder, and the seconds that ingesting took."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        database = Database(settings.database)
        embedder = open_embedder(settings)
        library = Library(settings, database, embedder)
        embedder.embed(["warm"])
        began = time.perf_counter()
        add(library, [str(folder)])
        yield library, embedder, time.perf_counter() - began
        database.close()


def ours(library: Library, question: str) -> list[Hit]:
    """Parapet's hits."""
    return [(p.chunk.source, p.chunk.start, p.chunk.end) for p in library.search(question, DEPTH)]


def tutorial_search(folder: Path, embedder: Embedder) -> Callable[[str], list[Hit]]:
    """The plain dense pipeline over the text files of a folder."""
    quiet()
    import chromadb
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
    hits: list[Hit] = []
    texts: list[str] = []
    for path in sorted(folder.glob("*/*.txt")):
        for chunk in splitter.create_documents([path.read_text(encoding="utf-8")]):
            start = chunk.metadata["start_index"]
            hits.append((path.relative_to(folder).as_posix(), start, start + len(chunk.page_content)))
            texts.append(chunk.page_content)
    collection = chromadb.EphemeralClient().create_collection(
        "tutorial", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    vectors = embedder.embed(texts)
    for at in range(0, len(texts), 5000):
        batch = slice(at, min(at + 5000, len(texts)))
        collection.add(ids=[str(i) for i in range(batch.start, batch.stop)], embeddings=vectors[batch])

    def search(question: str) -> list[Hit]:
        found = collection.query(query_embeddings=embedder.embed([question]), n_results=DEPTH, include=[])
        return [hits[int(i)] for i in found["ids"][0]]

    return search


def measure(side: str, search: Callable[[str], list[Hit]], cases: Sequence[Case]) -> Row:
    """Ask one side every question."""
    ranks, milliseconds = [], []
    for case in cases:
        began = time.perf_counter()
        found = search(case.question)
        milliseconds.append((time.perf_counter() - began) * 1000)
        ranks.append(next((i for i, hit in enumerate(found, 1) if any(holds(hit, gold) for gold in case.gold)), None))
    return Row(side, tuple(ranks), float(np.median(milliseconds)))


def holds(hit: Hit, gold: Gold) -> bool:
    """Whether a hit covers a gold span whole."""
    source, start, end = hit
    return source == gold.source and start <= gold.start and gold.end <= end


def report(row: Row) -> None:
    """One line."""
    low, high = row.interval(5)
    mrr = np.mean([1 / rank if rank else 0.0 for rank in row.ranks])
    print(
        f"  {row.side:9} recall@1 {row.recall(1):.3f}  recall@5 {row.recall(5):.3f} [{low:.3f}, {high:.3f}]  "
        f"recall@10 {row.recall(10):.3f}  MRR@10 {mrr:.3f}  {row.milliseconds:.0f} ms a query (median)"
    )


if __name__ == "__main__":
    main()
