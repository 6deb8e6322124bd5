"""Killed at any instant and run again: nothing is lost, nothing is half visible, and the end is that of a quiet run."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from core.domain import Chunk, Document
from ingest.index import Library
from ingest.rows import editions, fine, indexed, receipts, shelf
from ingest.verifying import verify
from tests.ingest.hashed import HashedEmbedder
from tests.ingest.killable import BEFORE, DONE, Doomed, open_library, sync

ROUNDS = 25
DOCUMENTS = 40
QUESTIONS = ["What does keeper 3 do at dawn?", "tide version 2", "The lamp of station 17", "harbour 5 log"]


class Papers:
    """A folder of small documents that change, with every version that was ever written."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.written: dict[str, set[str]] = defaultdict(set)
        self._random = Random(seed)
        self._version = 0
        folder.mkdir()
        for number in range(DOCUMENTS):
            self.write(f"paper-{number}.md")

    def write(self, name: str) -> None:
        """A new version of a document; some share a passage with others."""
        self._version += 1
        number = name.removeprefix("paper-").removesuffix(".md")
        sections = [
            f"# Station {number}\n\nThe keeper {number} lights the lamp at dawn, version {self._version}.\n",
            f"## Tide\n\nThe tide of harbour {number} turned in version {self._version} of this log.\n",
            f"## Common\n\nRule {self._random.randrange(6)} holds for every station of the coast.\n",
        ]
        text = "\n".join(sections[: self._random.randrange(1, 4)])
        self.written[name].add(text)
        (self.folder / name).write_text(text)

    def change(self) -> None:
        """Change a quarter of them, add two, remove two."""
        names = sorted(path.name for path in self.folder.iterdir())
        for name in self._random.sample(names, len(names) // 4):
            self.write(name)
        for name in self._random.sample(names, 2):
            (self.folder / name).unlink()
        for _ in range(2):
            self.write(f"paper-{self._random.randrange(2 * DOCUMENTS)}.md")


class Watch:
    """Reads a library all the while, in a thread, and notes whatever is not whole."""

    def __init__(self, library: Library, written: dict[str, set[str]]) -> None:
        self.library = library
        self.written = written
        self.faults: list[str] = []
        self.looks = 0
        self._random = Random(1)

    def look(self) -> None:
        """One look: a question, and a few documents with their chunks."""
        before = {row.source for row in self.library.documents()}
        found = [passage.chunk for passage in self.library.search(self._random.choice(QUESTIONS), 9)]
        rows = self.library.documents()
        there = before | {row.source for row in rows}
        for chunk in found:
            whole = any(text[chunk.start : chunk.end] == chunk.text for text in self.written[chunk.source])
            if chunk.source not in there or not whole:
                self.faults.append(f"found in no version: {chunk}")
        for row in self._random.sample(rows, min(3, len(rows))):
            self._whole(row.source)
        self.looks += 1

    def _whole(self, source: str) -> None:
        with self.library.database.read() as connection:
            (live,) = editions.readable(connection)
            rows = shelf.document_rows(connection, [source])
            if not rows:
                return
            document = shelf.document(connection, rows[0].id)
            chunks = shelf.chunks_of_document(connection, rows[0].id, live.id)
        assert document is not None
        if document.text not in self.written[source]:
            self.faults.append(f"{source} is of no version: {document.text!r}")
        slices = all(document.text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
        if not chunks or len(chunks) != rows[0].chunks or not slices:
            self.faults.append(f"{source} is not whole: {chunks}")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look again and again meanwhile."""
        stop = threading.Event()

        def look() -> None:
            while not stop.wait(0.02):
                try:
                    self.look()
                except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
                    self.faults.append(repr(error))

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def content(library: Library) -> dict[str, tuple[Document | None, list[Chunk]]]:
    """Everything that a library holds."""
    return {row.source: (library.document(row.source), library.chunks(row)) for row in library.documents()}


def answers(library: Library) -> dict[str, dict[str, float | None]]:
    """What is found by each question, with its nearness: words' scores count what was removed for a while."""
    return {
        question: {f"{p.chunk.source}:{p.chunk.start}:{p.chunk.text}": p.vector for p in library.search(question, 999)}
        for question in QUESTIONS
    }


def same(library: Library, other: Library) -> None:
    """Both hold the same, find the same, and are whole."""
    assert content(library) == content(other)
    mine, others = answers(library), answers(other)
    for question in QUESTIONS:
        assert mine[question] == pytest.approx(others[question], abs=1e-5)
    assert library.faults() == []
    assert verify(library).findings == ()
    assert finely(library) == finely(other)


def finely(library: Library) -> set[str]:
    """The keys that have vectors of sentences in the live edition, which are those of its chunks."""
    with library.database.read() as connection:
        (live,) = editions.readable(connection)
        held = fine.known_keys(connection, live.id)
        assert held == set(indexed.all_keys(connection, live.id))
    return held


def spread(hit: list[str]) -> Counter[str]:
    """Where kills landed, those that came too early or too late left out."""
    return Counter(moment for moment in hit if moment not in {BEFORE, DONE})


def test_sync_is_killed_again_and_again(tmp_path: Path) -> None:
    """While writers are killed at random moments, readers see whole documents only; the end is that of a quiet run."""
    papers = Papers(tmp_path / "papers", seed=3)
    doomed = Doomed(tmp_path / "home", seed=3)
    sync(open_library(tmp_path / "first"), papers.folder)
    watch = Watch(open_library(doomed.home), papers.written)
    for _ in range(ROUNDS):
        with watch.watching() if watch.library.documents() else watch.library.database.read():
            doomed.run("sync", papers.folder, most=80)
        papers.change()
    assert watch.faults == []
    assert watch.looks > ROUNDS
    assert doomed.run("sync", papers.folder) == DONE
    quiet = open_library(tmp_path / "quiet")
    sync(quiet, papers.folder)
    same(watch.library, quiet)
    hit = spread(doomed.hit)
    assert hit.total() > ROUNDS // 2, doomed.hit
    assert len(hit) >= 5, hit


def killed_until_done(doomed: Doomed, most: int, work: str, *arguments: object) -> Counter[str]:
    """Kill a piece of work a dozen times, then let it end; where it was hit."""
    for _ in range(12):
        if doomed.run(work, *arguments, most=most) == DONE:
            break
    else:
        assert doomed.run(work, *arguments) == DONE
    return spread(doomed.hit)


def test_reindex_is_killed_again_and_again(tmp_path: Path) -> None:
    """Questions are answered by the old index until the new one is whole; both ways end as if never killed."""
    papers = Papers(tmp_path / "papers", seed=4)
    reader = open_library(tmp_path / "home")
    sync(reader, papers.folder)
    watch = Watch(reader, papers.written)
    doomed = Doomed(tmp_path / "home", seed=4, dimensions=96)
    with watch.watching():
        hit = killed_until_done(doomed, 50, "reindex")
    assert watch.faults == []
    assert watch.looks > 10
    assert hit.total() >= 4, doomed.hit
    quiet = open_library(tmp_path / "quiet", HashedEmbedder("hashed-96", 96))
    sync(quiet, papers.folder)
    same(reader, quiet)


def test_erase_is_killed_again_and_again(tmp_path: Path) -> None:
    """An erasure that is killed is ended by the next one: receipts tell so, and no file holds a word of it."""
    papers = Papers(tmp_path / "papers", seed=5)
    secrets = [f"secret-{number}.md" for number in range(3)]
    for name in secrets:
        text = f"# {name}\n\nMrs Zephyrine Quarlesworth keeps the key of {name} beneath the third flowerpot.\n"
        (papers.folder / name).write_text(text)
        papers.written[name].add(text)
    reader = open_library(tmp_path / "home")
    sync(reader, papers.folder)
    watch = Watch(reader, papers.written)
    doomed = Doomed(tmp_path / "home", seed=5)
    with watch.watching():
        for name in secrets:
            hit = killed_until_done(doomed, 10, "erase", name)
    assert watch.faults == []
    assert hit.total() >= 2, doomed.hit
    with reader.database.read() as connection:
        ended = receipts.latest(connection)
        assert receipts.pending(connection) == []
    assert sorted((receipt.source, receipt.erased["documents"]) for receipt in ended) == [(name, 1) for name in secrets]
    reader.database.close()
    left = [path for path in doomed.home.rglob("*") if path.is_file() and b"Quarlesworth" in path.read_bytes()]
    assert left == []
    for name in secrets:
        (papers.folder / name).unlink()
    quiet = open_library(tmp_path / "quiet")
    sync(quiet, papers.folder)
    sync(reader, papers.folder)
    same(reader, quiet)
