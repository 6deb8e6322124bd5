"""The library: the one class by which documents are written and read.

The database is the truth (`shelf`, `editions`); an edition's vectors and words (`opened`) are indexes that can be
rebuilt from it. A write puts new chunks into the indexes first, then swaps the document's rows in one transaction that
raises the edition's generation, then takes out what no document holds any more: at every moment the indexes hold at
least what the rows name, and readers drop what no row names. Reading files and cutting them is not done here.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from threading import Lock

from filelock import FileLock, Timeout

from core.database import Database
from core.domain import Chunk, Filters, Passage, Retrieval, Trace
from core.errors import EmbedderMismatch, LibraryError
from core.ports import Embedder, Reranker, Vectors
from core.settings import Settings
from ingest.catalogue import Catalogue
from ingest.cutting import chunks
from ingest.lexical import LexicalWriter
from ingest.opened import REPAIR, OpenEdition, vectors_in
from ingest.rerank import TOP, rerank
from ingest.rows import editions, indexed, shelf
from ingest.rows.editions import DEFAULT, Edition
from ingest.searching import candidates, narrowing, ranking
from ingest.searching.candidates import DEPTH, WEIGHED, Found, Scores
from ingest.searching.passages import passages_of, retrieval
from ingest.writing import LibraryWriter

_LOOKS = 4
NEAREST = 5  # chunks by which it is told how near a text is to the documents
MOST_QUERY_CHARACTERS = 4000  # the embedder reads about a quarter of that
CUT = f"cut-{chunks.VERSION}+sentences"  # the way of indexing that new editions are made by

EVERYTHING = Filters()

EmbedderNamed = Callable[[str], Embedder | None]
Notice = Callable[[str], None]


class Library(Catalogue):
    """Documents in, passages out; safe for many threads and processes, with one writer at a time."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        embedder: Embedder,
        embedder_named: EmbedderNamed | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """Wire the parts; nothing is opened before it is used.

        `embedder` makes new editions; `embedder_named` gives the one that an older edition was made by; `reranker`
        reads the best passages again.
        """
        super().__init__(database)
        self.settings = settings
        self.embedder = embedder
        self.folder = settings.home / "index"
        self.reranker = reranker
        self._embedder_named = embedder_named or (lambda _name: None)
        self._lock = Lock()
        self._opened: dict[int, OpenEdition] = {}

    # --- reading ----------------------------------------------------------------------------------------------

    def search(
        self, query: str, k: int = 6, *, filters: Filters = EVERYTHING, reader: str | None = None
    ) -> list[Passage]:
        """The passages of `retrieve`."""
        return list(self.retrieve(query, k, filters=filters, reader=reader).passages)

    def retrieve(
        self,
        query: str,
        k: int = 6,
        *,
        filters: Filters = EVERYTHING,
        reader: str | None = None,
        depth: int = DEPTH,
    ) -> Retrieval:
        """The k passages that fit a question best, by words and by meaning, and how they were found.

        What other processes wrote is seen at once. Only collections that the reader may read are looked into, or of
        those the ones named; no reader: the operator. EmbedderMismatch when the embedder of an index is not at hand;
        LibraryError when an index is not whole.
        """
        asked = query[:MOST_QUERY_CHARACTERS].strip()
        if not asked or k < 1:
            return Retrieval((), Trace(asked, filters=filters))
        vectors: dict[str, Vectors] = {}
        for more_tries in reversed(range(_LOOKS)):  # a document, or a whole index, may be swapped while we look
            try:
                found, moved = self._look(asked, k, vectors, depth, reader, filters)
            except EmbedderMismatch:
                raise
            except LibraryError:
                if not more_tries:
                    raise
                continue
            if not moved:
                break
        return found

    def nearest(self, text: str, reader: str, collections: Sequence[str] = ()) -> list[float]:
        """Cosine similarities of the chunks nearest to a text that a reader may read (none: the operator), in order."""
        looked = self._readable(reader or None, collections)
        vectors: dict[str, Vectors] = {}
        found: list[float] = []
        for opened in looked:
            if opened.embedder.name not in vectors:
                vectors[opened.embedder.name] = opened.embedder.embed([text[:MOST_QUERY_CHARACTERS]])[0]
            found += opened.vectors.search(vectors[opened.embedder.name], NEAREST).values()
        return sorted(found, reverse=True)[:NEAREST]

    def weighed(
        self, query: str, *, filters: Filters = EVERYTHING, reader: str | None = None, depth: int = DEPTH
    ) -> list[Found]:
        """The candidates of a search with what they were weighed by, most probable first: what fitting learns from."""
        looked = self._readable(reader, filters.collections)
        asked = query[:MOST_QUERY_CHARACTERS].strip()
        return self._weighed(asked, looked, {}, depth, WEIGHED, filters)[0] if looked else []

    def _weighed(
        self,
        asked: str,
        looked: Sequence[OpenEdition],
        vectors: dict[str, Vectors],
        depth: int,
        most: int,
        filters: Filters,
    ) -> tuple[list[Found], Scores]:
        """The candidates of these editions; `vectors` keeps the question's, by the embedder's name."""
        for opened in looked:
            if opened.embedder.name not in vectors:
                vectors[opened.embedder.name] = opened.embedder.embed([asked])[0]
        wanted = narrowing.condition(filters)
        scores = candidates.score(self.database, looked, asked, vectors, depth, wanted)
        return candidates.weigh(self.database, looked, asked, scores, ranking.shipped(), wanted, most), scores

    def _look(
        self,
        asked: str,
        k: int,
        vectors: dict[str, Vectors],
        depth: int,
        reader: str | None,
        filters: Filters,
    ) -> tuple[Retrieval, bool]:
        """What is found, and whether some of it was lost because the library moved on meanwhile."""
        looked = self._readable(reader, filters.collections)
        if not looked:
            return Retrieval((), Trace(asked, filters=filters)), False
        most = max(WEIGHED, 2 * k)  # neighbours become one
        found, scores = self._weighed(asked, looked, vectors, max(depth, k), most, filters)
        wanted_passages = k if self.reranker is None else max(k, TOP)
        passages, dropped = passages_of(found, scores, self._between, wanted_passages)
        if self.reranker is not None:
            passages = rerank(asked, passages, self.reranker)
        retrieved = retrieval(asked, filters, passages[:k], found, scores, dropped)
        lost = len(found) < min(len({*scores.vector, *scores.lexical}), most)
        return retrieved, lost and self._has_moved(looked)

    def _between(self, chunk: Chunk, start: int, end: int) -> str:
        if start == end:
            return ""
        with self.database.read() as connection:
            return shelf.text_between(connection, chunk, start, end)

    def _has_moved(self, looked: Sequence[OpenEdition]) -> bool:
        """Whether the library has moved on since it was looked into."""
        with self.database.read() as connection:
            now = [(opened, editions.edition(connection, opened.edition.id)) for opened in looked]
        return any(one is None or not opened.shows(one.generation) or one.state != editions.LIVE for opened, one in now)

    def drop(self, name: str, *, notice: Notice | None = None) -> int:
        """Remove a collection with all that is in it; how many documents that were."""
        with self.alone(notice):
            with self.database.write() as connection:
                found = self._collection(connection, name)
                documents = shelf.size(connection, [found.id])[0]
                editions.drop_collection(connection, found.id)
            self.sweep_folders()
        return documents

    def document_frequency(self, stems: Sequence[str], reader: str | None = None) -> list[int]:
        """In how many chunks each stem stands (stems as `core.words` makes them)."""
        looked = self._readable(reader)
        counts = [opened.lexical.document_frequency(stems) for opened in looked]
        return [sum(column) for column in zip(*counts, strict=True)] if counts else [0] * len(stems)

    def faults(self) -> list[str]:
        """What is wrong with the indexes, in plain words; empty when all is well. Opens them all."""
        with self.database.read() as connection:
            found = editions.readable(connection)
        return [fault for edition in found for fault in self._faults(edition)]

    def notices(self) -> list[str]:
        """What an operator may want to do about indexes that are well but older than the settings ask for."""
        with self.database.read() as connection:
            found = [one for one in editions.readable(connection) if shelf.size(connection, [one.collection_id])[0]]
        return [
            f"The collection {one.collection} was indexed by {one.embedder}, {one.cut}; the settings now ask for "
            f"{self.embedder.name}, {CUT}. `parapet ingest reindex` brings it up to date; "
            "questions are answered meanwhile."
            for one in found
            if (one.embedder, one.cut) != (self.embedder.name, CUT)
        ]

    # --- writing ----------------------------------------------------------------------------------------------

    def remove(self, sources: Sequence[str], *, collection: str = DEFAULT, notice: Notice | None = None) -> list[str]:
        """Take documents out; returns those that were there."""
        with self.writing(notice, collection=collection) as writer:
            return writer.remove(sources)

    @contextmanager
    def writing(self, notice: Notice | None = None, *, collection: str = DEFAULT) -> Iterator[LibraryWriter]:
        """The one writer of this home, waiting for another process's; repairs the indexes first where it must.

        The collection is made when there is none of this name.
        """
        with self.alone(notice):
            edition = self._live(collection)
            self.sweep_folders()
            opened = self.open(edition)
            with self.writer(opened, notice) as writer:
                yield writer

    @contextmanager
    def writer(self, opened: OpenEdition, notice: Notice | None = None) -> Iterator[LibraryWriter]:
        """A writer of this edition, for whoever already is alone; its indexes are repaired first where they must be.

        They are opened with the first change: finding that nothing has changed costs no more than looking.
        """
        with ExitStack() as stack:

            def words() -> LexicalWriter:
                return stack.enter_context(opened.lexical.writing())

            writer = LibraryWriter(self.database, opened, words, self._borrow, notice)
            if writer.must_repair():
                writer.begin()
            yield writer
            writer.end()

    @contextmanager
    def alone(self, notice: Notice | None = None) -> Iterator[None]:
        """Nobody else writes meanwhile, in this process or another."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / "writing.lock")
            try:
                lock.acquire(timeout=0)
            except Timeout:
                if notice is not None:
                    notice("Another process is writing to this library; waiting for it to finish ...")
                lock.acquire()
        except OSError as error:
            raise LibraryError(f"{self.folder} can't be written to: {error.strerror or error}") from error
        try:
            yield
        finally:
            lock.release()

    def sweep_folders(self) -> list[str]:
        """Remove the folders of indexes that no edition has any more; their names. For whoever is alone."""
        with self.database.read() as connection:
            kept = {edition.folder for edition in editions.every_edition(connection)}
        gone = [path for path in self.folder.iterdir() if path.is_dir() and path.name not in kept]
        for path in gone:
            if self.settings.chroma_url is not None:  # its vectors lie there, under the folder's name
                vectors_in(path, self.settings.chroma_url).drop()
            shutil.rmtree(path, ignore_errors=True)
        return sorted(path.name for path in gone)

    # --- editions ---------------------------------------------------------------------------------------------

    def open(self, edition: Edition) -> OpenEdition:
        """The edition with its indexes; EmbedderMismatch when what made it is not at hand."""
        with self._lock:
            opened = self._opened.get(edition.id)
            if opened is None or opened.edition.folder != edition.folder or opened.embedder.name != edition.embedder:
                embedder = self._embedder_of(edition)
                opened = OpenEdition(edition, self.folder, self.settings.chroma_url, embedder)
                self._opened[edition.id] = opened
            return opened

    def _readable(self, reader: str | None, names: Sequence[str] = ()) -> list[OpenEdition]:
        """The editions that this reader may read and that hold anything, fresh."""
        with self.database.read() as connection:
            found = editions.readable(connection, reader, names)
            held = [one for one in found if editions.holds_any(connection, one.id)]
        looked = []
        for edition in held:
            opened = self.open(edition)
            opened.freshen(edition, self.database)
            looked.append(opened)
        return looked

    def _live(self, name: str) -> Edition:
        """The edition that new documents of a collection go to; collection and edition are made when absent."""
        with self.database.write() as connection:
            collection = editions.collection(connection, name) or editions.make_collection(connection, name)
            edition = editions.in_state(connection, collection.id, editions.LIVE)
            if edition is None:
                return editions.make_edition(connection, collection.id, self.embedder.name, CUT, editions.LIVE)
            wanted = (self.embedder.name, CUT)
            if (edition.embedder, edition.cut) != wanted and shelf.size(connection, [collection.id]) == (0, 0):
                editions.adopt(connection, edition.id, embedder=self.embedder.name, cut=CUT)
                adopted = editions.edition(connection, edition.id)
                assert adopted is not None
                return adopted
            return edition

    def _borrow(self, keys: Sequence[str], for_edition: int) -> dict[str, Vectors]:
        """Vectors that other editions of the same embedder already hold: equal text is embedded once."""
        found: dict[str, Vectors] = {}
        with self.database.read() as connection:
            every = editions.every_edition(connection)
            mine = next(one for one in every if one.id == for_edition)
            others = [
                one for one in every if one.embedder == mine.embedder and one.id != mine.id and not one.unfinished
            ]
            held = {one.id: indexed.known_keys(connection, one.id, keys) for one in others}
        for other in others:
            wanted = sorted(held[other.id] - found.keys())
            if wanted:
                opened = self.open(other)
                with suppress(LibraryError):  # another collection's broken index: what it can't lend is made anew
                    opened.freshen(other, self.database)
                    found |= opened.vectors.get(wanted)
        return found

    def _embedder_of(self, edition: Edition) -> Embedder:
        if edition.embedder == self.embedder.name:
            return self.embedder
        named = self._embedder_named(edition.embedder)
        if named is None:
            raise self._mismatch(edition)
        return named

    def _faults(self, edition: Edition) -> list[str]:
        try:
            opened = self.open(edition)
        except EmbedderMismatch as mismatch:
            return [str(mismatch)]
        began = f"An ingest into the collection {edition.collection} began and has not ended. If none is running: "
        found = [began + REPAIR] if edition.unfinished else []
        opened.reopen()
        if not opened.is_whole(self.database, at_least=edition.unfinished):
            found.append(
                f"The index of the collection {edition.collection} does not hold the chunks that the database names. "
                + REPAIR
            )
        return found

    def _mismatch(self, edition: Edition) -> EmbedderMismatch:
        return EmbedderMismatch(
            f"The collection {edition.collection} in {self.settings.home} was made with the embedder "
            f"{edition.embedder}, which is not at hand: its vectors can't be compared with those of "
            f"{self.embedder.name}. Set PARAPET_EMBEDDING back, or run `parapet ingest reindex`."
        )
