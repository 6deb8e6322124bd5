"""The library: the one class by which documents are written and read.

The database is the truth (`shelf`); the vectors (`vectors`) and the words (`lexical`) are indexes that can be rebuilt
from it. A write puts new chunks into the indexes first, then swaps the document's rows in one transaction that raises
the generation, then takes out what no document holds any more: at every moment the indexes hold at least what the rows
name, and readers drop what no row names. Reading files and cutting them is not done here (`pipeline`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock

from filelock import FileLock, Timeout

from core.database import Database
from core.domain import Document, Passage
from core.errors import EmbedderMismatch, LibraryError
from core.ports import Embedder
from core.settings import Settings
from ingest import shelf
from ingest.fusion import fuse
from ingest.lexical import LexicalIndex
from ingest.shelf import DocumentRow, LibraryState
from ingest.vectors import VectorIndex
from ingest.writing import LibraryWriter

DEPTH = 60  # candidates from each side; more adds little
MOST_QUERY_CHARACTERS = 4000  # the embedder reads about a quarter of that
_REPAIR = "Run `parapet ingest add` again on any document: it repairs the index."


class Library:
    """Documents in, passages out; safe for many threads and processes, with one writer at a time."""

    def __init__(self, settings: Settings, database: Database, embedder: Embedder) -> None:
        """Wire the parts; nothing is opened before it is used."""
        self.settings = settings
        self.embedder = embedder
        self._database = database
        self._index = settings.home / "index"
        self._vectors = VectorIndex(self._index / "chroma", settings.chroma_url, embedder.name)
        self._lexical = LexicalIndex(self._index / "lexical")
        self._lock = Lock()
        self._generation: int | None = None  # what the opened indexes show

    # --- reading ----------------------------------------------------------------------------------------------

    def search(self, query: str, k: int = 6, *, depth: int = DEPTH) -> list[Passage]:
        """The k passages that fit a question best, by words and by meaning; sees other processes' writes at once.

        EmbedderMismatch when another embedder made the vectors; LibraryError when an index is not whole.
        """
        asked = query[:MOST_QUERY_CHARACTERS].strip()
        if not asked or k < 1 or self._state().generation == 0:
            return []
        vector = self.embedder.embed([asked])[0]
        for _ in range(3):  # a document may be swapped while we look: then look again
            generation = self._freshen()
            if generation is None:
                return []
            near = self._vectors.search(vector, depth)
            worded = self._lexical.search(asked, depth)
            near |= self._vectors.cosines(vector, [key for key in worded if key not in near])
            worded |= self._lexical.scores(asked, [key for key in near if key not in worded])
            ranked = fuse(near, worded)
            with self._database.read() as connection:
                found = shelf.chunks_of_keys(connection, [key for key, _ in ranked])
                moved = shelf.state(connection).generation != generation
            if not moved or len(found) == len(ranked):
                break
        hits = [(key, score) for key, score in ranked if key in found][:k]
        return [
            Passage(found[key], score, rank, vector=near.get(key), lexical=worded.get(key, 0.0))
            for rank, (key, score) in enumerate(hits, 1)
        ]

    def document(self, source: str) -> Document | None:
        """The document of this source with its text."""
        with self._database.read() as connection:
            return shelf.document(connection, source)

    def documents(self) -> list[DocumentRow]:
        """Every document, by source, without its text."""
        with self._database.read() as connection:
            return shelf.document_rows(connection)

    def as_of(self) -> datetime | None:
        """When the library last changed; None when nothing was ever added."""
        return self._state().as_of

    def size(self) -> tuple[int, int]:
        """(documents, chunks)."""
        with self._database.read() as connection:
            return shelf.size(connection)

    def count_chunks(self) -> int:
        """How many different chunks are indexed: what document frequencies are a share of."""
        with self._database.read() as connection:
            return shelf.count_keys(connection)

    def document_frequency(self, stems: Sequence[str]) -> list[int]:
        """In how many chunks each stem stands (stems as `core.words` makes them)."""
        if self._freshen() is None:
            return [0] * len(stems)
        return self._lexical.document_frequency(stems)

    def faults(self) -> list[str]:
        """What is wrong with the index, in plain words; empty when all is well. Opens both indexes."""
        state = self._state()
        if state.generation == 0:
            return []
        if state.embedder != self.embedder.name:
            return [str(self._mismatch(state))]
        found = [f"An ingest began and has not ended. If none is running: {_REPAIR}"] if state.unfinished else []
        self._vectors.reopen()
        self._lexical.reload()
        if not self._is_whole(at_least=state.unfinished):
            found.append(f"The index does not hold the chunks that the database names. {_REPAIR}")
        return found

    # --- writing ----------------------------------------------------------------------------------------------

    def remove(self, sources: Sequence[str], *, notice: Callable[[str], None] | None = None) -> list[str]:
        """Take documents out; returns those that were there."""
        with self.writing(notice) as writer:
            return writer.remove(sources)

    @contextmanager
    def writing(self, notice: Callable[[str], None] | None = None) -> Iterator[LibraryWriter]:
        """The one writer of this home, waiting for another process's; repairs the indexes first where it must."""
        with self._alone(notice):
            state = self._state()
            if state.embedder not in {"", self.embedder.name} and self.size() != (0, 0):
                raise self._mismatch(state)
            if state.unfinished or state.generation != self._generation:
                self._vectors.reopen()  # a writer that starts from a stale view loses vectors
            with self._lexical.writing() as lexical:
                if not self._vectors.holds(self._sample()):
                    self._vectors.clear()
                writer = LibraryWriter(self._database, self._vectors, lexical, self.embedder)
                writer.begin(sweep=state.unfinished or not self._is_whole(), notice=notice)
                yield writer
                writer.end()
            with self._lock:
                self._generation = self._state().generation

    @contextmanager
    def _alone(self, notice: Callable[[str], None] | None) -> Iterator[None]:
        try:
            self._index.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._index / "writing.lock")
            try:
                lock.acquire(timeout=0)
            except Timeout:
                if notice is not None:
                    notice("Another process is writing to this library; waiting for it to finish ...")
                lock.acquire()
        except OSError as error:
            raise LibraryError(f"{self._index} can't be written to: {error.strerror or error}") from error
        try:
            yield
        finally:
            lock.release()

    # --- keeping up -------------------------------------------------------------------------------------------

    def _state(self) -> LibraryState:
        with self._database.read() as connection:
            return shelf.state(connection)

    def _freshen(self) -> int | None:
        """Open the indexes anew when the library has moved on; the generation now shown, None for an empty library."""
        state = self._state()
        with self._lock:
            if state.generation == self._generation:
                return state.generation
            if self.size() == (0, 0):
                return None
            if state.embedder != self.embedder.name:
                raise self._mismatch(state)
            self._vectors.reopen()
            self._lexical.reload()
            if not self._is_whole(at_least=True):
                raise LibraryError(f"The index in {self._index} lacks chunks that the database names. {_REPAIR}")
            self._generation = state.generation
            return state.generation

    def _is_whole(self, *, at_least: bool = False) -> bool:
        """Whether both indexes give as many keys as the rows name; while another process writes they hold more."""
        with self._database.read() as connection:
            named = shelf.count_keys(connection)
        held = (self._vectors.count(), self._lexical.count())
        counts_fit = min(held) >= named if at_least else held == (named, named)
        return counts_fit and self._vectors.holds(self._sample())

    def _sample(self) -> list[str]:
        with self._database.read() as connection:
            return shelf.sample_keys(connection)

    def _mismatch(self, state: LibraryState) -> EmbedderMismatch:
        return EmbedderMismatch(
            f"The library in {self._index.parent} was made with the embedder {state.embedder}, not "
            f"{self.embedder.name}: their vectors can't be compared. Set PARAPET_EMBEDDING back, or use another "
            "PARAPET_HOME and ingest again."
        )
