"""Searching and keeping the library whole, across threads, processes and damage."""

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.database import Database
from core.domain import Chunk, Document
from core.errors import EmbedderMismatch, LibraryError
from core.ports import Embedder, Vectors
from core.settings import Settings
from ingest.embed import BundledEmbedder
from ingest.index import Library
from ingest.pipeline import add, remove
from ingest.rows import indexed
from ingest.verifying import verify

ADD = """
import sys
from pathlib import Path
from core.database import Database
from core.settings import Settings
from ingest.embed import open_embedder
from ingest.index import Library
from ingest.pipeline import add
settings = Settings(home=Path(sys.argv[1]))
report = add(Library(settings, Database(settings.database), open_embedder(settings)), sys.argv[2:])
sys.exit(len(report.refused))
"""

# Code that makes the process kill itself at a moment of its writing, each after the one before.
KILL = """
import os, signal
from ingest import lexical, vectors, writing
from ingest.rows import shelf
def kill_after(owner, name):
    original = getattr(owner, name)
    def replaced(*args, **kwargs):
        original(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(owner, name, replaced)
"""
KILLS = {
    "vectors written": KILL + "kill_after(vectors.VectorIndex, 'put')",
    "words written": KILL + "kill_after(lexical.LexicalWriter, 'commit')",
    "rows in the open transaction": KILL + "kill_after(shelf, 'replace')",
    "rows committed, old keys still there": KILL + "writing.LibraryWriter._forget = lambda *_: os.kill(os.getpid(), 9)",
    "all but the mark": KILL + "writing.LibraryWriter.end = lambda *_: os.kill(os.getpid(), 9)",
}


def child(settings: Settings, *paths: Path) -> subprocess.Popen[bytes]:
    """Another process that adds these paths."""
    return subprocess.Popen([sys.executable, "-c", ADD, str(settings.home), *map(str, paths)])


def another(settings: Settings, embedder: Embedder) -> Library:
    """The same library as a second opener has it."""
    return Library(settings, Database(settings.database), embedder)


def content(library: Library) -> dict[str, Document | None]:
    """Everything that the library holds."""
    return {row.source: library.document(row.source) for row in library.documents()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A few documents of several chunks."""
    made = tmp_path / "docs"
    made.mkdir()
    for animal in ("otter", "heron", "badger", "falcon"):
        text = "\n\n".join(
            f"Fact {n} of the {animal}: " + f"the {animal} eats fish number {n}. " * 12 for n in range(6)
        )
        (made / f"{animal}.md").write_text(f"# The {animal}\n\n{text}\n")
    return made


def test_an_empty_library_finds_nothing(library: Library) -> None:
    """No document, no passage, no error; an empty question likewise."""
    assert library.search("Anything?") == []
    assert (library.size(), library.as_of(), library.faults()) == ((0, 0), None, [])
    assert library.document_frequency(["a", "b"]) == [0, 0]
    assert library.document("a") is None


def test_questions_of_any_kind(library: Library, folder: Path) -> None:
    """Long, odd and empty questions are answered or come back empty."""
    add(library, [folder])
    assert library.search("   ") == []
    assert library.search("?!") != []
    assert library.search("what does the otter eat " * 10_000)[0].chunk.source == "otter.md"
    assert len(library.search("fish", 3)) == 3
    every = library.search("fish", 200)
    chunks = [chunk for row in library.documents() for chunk in library.chunks(row)]
    assert all(any(chunk.text in passage.chunk.text for passage in every) for chunk in chunks)


def test_scores_of_both_sides_are_filled_in(library: Library, folder: Path) -> None:
    """Each passage has a cosine and a BM25 score, whichever side brought it."""
    add(library, [folder])
    retrieved = library.retrieve("falcon fish number 3", 24, depth=4)
    found = retrieved.trace.candidates
    assert [passage.rank for passage in retrieved.passages] == list(range(1, len(retrieved.passages) + 1))
    assert all(one.vector is not None and one.lexical is not None and one.sentence is not None for one in found)
    chunks = {(c.source, c.start): c.embedded for row in library.documents() for c in library.chunks(row)}
    vectors = library.embedder.embed(["falcon fish number 3", *(chunks[one.source, one.start] for one in found)])
    assert [one.vector for one in found] == pytest.approx((vectors[1:] @ vectors[0]).tolist(), abs=0.01)


def test_an_open_library_finds_what_another_process_adds(library: Library, folder: Path, settings: Settings) -> None:
    """A reader that stays open sees another process's commit at its next question."""
    add(library, [folder / "otter.md"])
    assert "heron" not in library.search("What does the heron eat?")[0].chunk.text
    assert child(settings, folder / "heron.md").wait() == 0
    assert "heron" in library.search("What does the heron eat?")[0].chunk.text


def test_a_writer_that_was_open_loses_nothing_of_another(library: Library, folder: Path, settings: Settings) -> None:
    """A process that wrote, waited while another wrote, and writes again: every vector is there."""
    add(library, [folder / "otter.md"])
    assert child(settings, folder / "heron.md").wait() == 0
    add(library, [folder / "badger.md"])
    for animal in ("otter", "heron", "badger"):
        assert animal in library.search(f"What does the {animal} eat?")[0].chunk.text
    assert library.faults() == []


def test_two_writers_at_once(library: Library, folder: Path, settings: Settings) -> None:
    """Both finish, one after the other, and nothing of either is lost."""
    writers = [child(settings, folder / f"{animal}.md") for animal in ("otter", "heron")]
    add(library, [folder / "falcon.md"])
    assert [writer.wait() for writer in writers] == [0, 0]
    for animal in ("otter", "heron", "falcon"):
        assert animal in library.search(f"What does the {animal} eat?")[0].chunk.text
    assert library.size()[0] == 3
    assert library.faults() == []


def test_waiting_for_another_writer_is_said(
    library: Library, folder: Path, settings: Settings, embedder: Embedder
) -> None:
    """A run that has to wait says so, and goes on when the other has finished."""
    said: list[str] = []
    waits = threading.Event()

    def notice(text: str) -> None:
        said.append(text)
        waits.set()

    second = another(settings, embedder)
    with library.writing():
        thread = threading.Thread(target=lambda: add(second, [folder], notice=notice))
        thread.start()
        assert waits.wait(60)
    thread.join()
    assert "waiting" in said[0]
    assert library.size()[0] == 4


def test_a_killed_ingest_is_continued(library: Library, folder: Path, settings: Settings, tmp_path: Path) -> None:
    """Killed at each dangerous moment and run again, the library holds what an uninterrupted run gives."""
    add(library, [folder])
    for number, step in enumerate(KILLS):
        for animal in ("otter", "heron"):
            (folder / f"{animal}.md").write_text(f"# The {animal}\n\nThe {animal} was changed {number} times.\n")
        code = KILLS[step] + ADD
        killed = subprocess.run([sys.executable, "-c", code, str(settings.home), str(folder)], check=False)
        assert killed.returncode == -signal.SIGKILL
        assert library.search("What was changed of the otter?") != []  # readable meanwhile
    add(library, [folder])
    elsewhere = Settings(home=tmp_path / "other")
    undisturbed = Library(elsewhere, Database(elsewhere.database), library.embedder)
    add(undisturbed, [folder])
    assert content(library) == content(undisturbed)
    assert library.faults() == []
    for question in ("What does the badger eat?", "What was changed of the otter?"):
        # Scores by words differ a little: Tantivy counts what was removed until it next merges.
        found = {p.chunk: p.vector for p in library.search(question, 99)}
        assert found == pytest.approx({p.chunk: p.vector for p in undisturbed.search(question, 99)})


def test_what_a_killed_writer_left_is_swept(library: Library, folder: Path) -> None:
    """Keys that no document names go at the next write."""
    add(library, [folder / "otter.md"])

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), library.writing() as writer:
        writer.index([Chunk("a", "a", "left over", 0, 9)])  # what stands in the indexes before the rows do
        raise Killed
    assert library.faults() != []
    assert all("left over" not in passage.chunk.text for passage in library.search("left over"))
    add(library, [folder / "heron.md"])
    assert library.faults() == []


@pytest.mark.parametrize("mends", ["verify", "add"])
@pytest.mark.parametrize("lost", ["*/chroma", "*/lexical", ""])
def test_a_lost_index_is_noticed_and_rebuilt(
    library: Library, folder: Path, settings: Settings, embedder: Embedder, lost: str, mends: str
) -> None:
    """Searching says what to do, and verify, like the next change, brings everything back from the database."""
    add(library, [folder])
    expected = library.search("What does the heron eat?", 3)
    for path in (settings.home / "index").glob(lost) if lost else [settings.home / "index"]:
        shutil.rmtree(path)
    opened = another(settings, embedder)
    with pytest.raises(LibraryError, match="parapet ingest verify"):
        opened.search("What does the heron eat?")
    assert opened.faults() != []
    if mends == "verify":
        verify(opened)
    else:
        (folder / "otter.md").write_text("# The otter\n\nThe otter sleeps.\n")
        add(opened, [folder])
    found = {p.chunk for p in opened.search("What does the heron eat?", 9)}
    assert {p.chunk for p in expected if p.chunk.source == "heron.md"} <= found
    assert opened.faults() == []


def test_another_embedder_is_refused(library: Library, folder: Path, settings: Settings, database: Database) -> None:
    """Vectors of two embedders are never compared: neither reading nor writing goes on."""

    class Other(BundledEmbedder):
        name = "other"  # type: ignore[assignment]

    add(library, [folder])
    other = Library(settings, database, Other(settings.home))
    with pytest.raises(EmbedderMismatch, match="all-MiniLM"):
        other.search("heron")
    with pytest.raises(EmbedderMismatch):
        add(other, [folder])
    remove(library, [row.source for row in library.documents()])
    assert add(other, [folder]).chunks == 12  # an empty library may change its embedder


def test_many_threads_read_while_one_writes(library: Library, folder: Path) -> None:
    """Readers always find the whole old or the whole new version of a document."""
    add(library, [folder])
    failures: list[object] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            found = library.search("What does the otter eat?", 3)
            if not found or "otter" not in found[0].chunk.text:
                failures.append(found)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for version in range(4):
        (folder / "otter.md").write_text(f"# The otter\n\nVersion {version}: the otter eats fish.\n")
        add(library, [folder])
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert "Version 3" in library.search("otter version")[0].chunk.text


def test_texts_are_embedded_once(settings: Settings, database: Database, embedder: Embedder, folder: Path) -> None:
    """A change to one paragraph embeds that paragraph, not the document."""

    class Counting(BundledEmbedder):
        seen = 0

        def embed_with_parts(
            self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
        ) -> tuple[Vectors, list[Vectors]]:
            self.seen += len(texts)
            return embedder.embed_with_parts(texts, parts)

    counting = Counting(settings.home)
    library = Library(settings, database, counting)
    add(library, [folder / "otter.md"])
    assert counting.seen == 3
    text = (folder / "otter.md").read_text()
    (folder / "otter.md").write_text(text.replace("Fact 3", "Truth 3"))
    add(library, [folder / "otter.md"])
    assert counting.seen == 4
    with database.read() as connection:
        assert indexed.count_keys(connection, 1) == 3
