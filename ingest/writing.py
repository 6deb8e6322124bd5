"""What a writer does to rows and indexes, in the order that a kill at any moment leaves readable and repairable.

Made by `Library.writing`, which holds the lock between processes meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from core import sentences
from core.database import Database
from core.domain import Chunk
from core.ports import Vectors
from ingest.lexical import LexicalWriter
from ingest.opened import OpenEdition
from ingest.rows import asides, editions, fine, indexed, shelf
from ingest.rows.shelf import DocumentRow, Entry, key_of

_TEXTS_AT_ONCE = 64  # embedded between two signs of progress
_KEYS_AT_ONCE = 1000  # repaired at once, so that a large library needs little memory

Advanced = Callable[[int, int], None]  # chunks embedded, chunks to embed
Words = Callable[[], LexicalWriter]  # opens the word index for writing
Notice = Callable[[str], None]
Borrow = Callable[[Sequence[str], int], dict[str, Vectors]]  # keys, edition -> vectors that another edition holds


class LibraryWriter:
    """Writes whole documents into one edition: readers see the old version until the new one stands."""

    def __init__(
        self, database: Database, opened: OpenEdition, words: Words, borrow: Borrow, notice: Notice | None
    ) -> None:
        """Nothing is opened before `begin`, which the first change calls."""
        self.edition = opened.edition
        self._database = database
        self._opened = opened
        self._words = words
        self._borrow = borrow
        self._notice = notice
        self._begun: LexicalWriter | None = None
        self._left: set[str] = set()  # keys whose vectors a killed writer left: not to be made again
        self._unseen = False  # whether the indexes have changed since the generation last rose

    def must_repair(self) -> bool:
        """Whether an earlier writer was stopped, or an index is not where it was; opens nothing."""
        with self._database.read() as connection:
            edition = editions.edition(connection, self.edition.id)
            held = bool(indexed.sample_keys(connection, self.edition.id))
        return edition is not None and (edition.unfinished or (held and not self._opened.is_there()))

    def begin(self) -> None:
        """Open the indexes, mark that a write is under way, and repair what an earlier one left; once."""
        if self._begun is not None:
            return
        with self._database.read() as connection:
            edition = editions.edition(connection, self.edition.id)
            sample = indexed.sample_keys(connection, self.edition.id)
        assert edition is not None
        if edition.unfinished or not self._opened.shows(edition.generation):
            self._opened.reopen()  # a writer that starts from a stale view loses vectors
        self._begun = self._words()
        if not self._opened.vectors.holds(sample):
            self._opened.vectors.clear()
        sweep = edition.unfinished or not self._opened.is_whole(self._database)
        with self._database.write() as connection:
            editions.mark(connection, self.edition.id, unfinished=True)
        if sweep:
            if self._notice is not None:
                self._notice("The index was not whole; repairing it ...")
            self.sweep()

    def end(self) -> None:
        """Mark that the write has ended well; what a killed writer left and nobody wanted goes.

        The generation rises once more when the indexes have changed since: another process may have looked at them in
        between, and what a writer adds to a stale view is lost.
        """
        if self._begun is None:
            return
        self._forget(self._left)
        with self._database.write() as connection:
            if self._unseen:
                editions.show(connection, self.edition.id)
            editions.mark(connection, self.edition.id, unfinished=False)
            now = editions.edition(connection, self.edition.id)
        if now is not None:
            self._opened.note(now.generation)

    def rows(self, sources: Sequence[str] | None = None, *, root: str | None = None) -> dict[str, DocumentRow]:
        """What the collection holds, by source: under these sources, or what was found by a root."""
        with self._database.read() as connection:
            found = shelf.document_rows(connection, sources, collection_id=self.edition.collection_id, root=root)
        return {row.source: row for row in found}

    def contents(self, source: str) -> list[str]:
        """The documents that came inside of this one, however deep."""
        with self._database.read() as connection:
            return shelf.sources_with_contents(connection, self.edition.collection_id, [source])[1:]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, as the edition's embedder counts them."""
        return self._opened.embedder.count_tokens(texts)

    def put(self, entries: Sequence[Entry], advanced: Advanced | None = None) -> None:
        """Write documents in place of what stood under their sources, as one step for readers."""
        self.begin()
        collection, edition = self.edition.collection_id, self.edition.id
        sources = [entry.document.source for entry in entries]
        self.index([chunk for entry in entries for chunk in entry.chunks], advanced)
        with self._database.write() as connection:
            old = indexed.keys_of_sources(connection, collection, edition, sources)
            shelf.replace(connection, collection, edition, entries)
            asides.clear(connection, collection, sources)
            self._advance(connection)
        self._forget(old)

    def put_chunks(self, made: Mapping[int, Sequence[Chunk]]) -> None:
        """Write the chunks of documents that stand already, by the documents' ids: how an edition is filled."""
        self.begin()
        self.index([chunk for chunks in made.values() for chunk in chunks])
        with self._database.write() as connection:
            old = shelf.drop_chunks(connection, self.edition.id, list(made))
            for document, chunks in made.items():
                shelf.put_chunks(connection, self.edition.id, document, chunks)
            self._advance(connection)
        self._forget(old)

    def touch(self, touched: Sequence[tuple[DocumentRow, Mapping[str, Any]]]) -> None:
        """Note what is new of unchanged documents: where they lie now, when they were last written or fetched."""
        if touched:
            with self._database.write() as connection:
                for row, values in touched:
                    shelf.touch(connection, row.id, **values)
                asides.clear(connection, self.edition.collection_id, [row.source for row, _ in touched])

    def remove(self, sources: Sequence[str]) -> list[str]:
        """Take documents out, and what came inside of them; returns those that were there."""
        with self._database.read() as connection:
            every = shelf.sources_with_contents(connection, self.edition.collection_id, sources)
        there = sorted(self.rows(every))
        if there:
            self.begin()
            with self._database.write() as connection:
                old = indexed.keys_of_sources(connection, self.edition.collection_id, self.edition.id, there)
                shelf.remove(connection, self.edition.collection_id, there)
                self._advance(connection)
            self._forget(old)
        return there

    def index(self, made: Sequence[Chunk], advanced: Advanced | None = None) -> None:
        """Put those chunks into the indexes that are not there yet, those of like length together."""
        self.begin()
        fresh = {key_of(chunk): chunk for chunk in made}
        with self._database.read() as connection:
            known = indexed.known_keys(connection, self.edition.id, fresh)
        keys = sorted(fresh.keys() - known, key=lambda key: (len(fresh[key].embedded), key))
        self._unseen = self._unseen or bool(keys)
        for begin in range(0, len(keys), _TEXTS_AT_ONCE):
            part = {key: fresh[key] for key in keys[begin : begin + _TEXTS_AT_ONCE]}
            self._put_vectors(part)
            for key, chunk in part.items():
                self._lexical.put(key, chunk.embedded)
            if advanced is not None:
                advanced(begin + len(part), len(keys))
        if keys:
            self._lexical.commit()

    def sweep(self) -> None:
        """Make the indexes hold what the rows name; vectors that no row names are kept until the write ends."""
        self.begin()
        with self._database.read() as connection:
            named = indexed.all_keys(connection, self.edition.id)
            finely = fine.known_keys(connection, self.edition.id)
        near, worded = set(self._opened.vectors.keys()), set(self._lexical.keys())
        self._left = near - named
        self._unseen = self._unseen or not near == worded == named
        self._lexical.remove(sorted(worded - named))
        self._lexical.commit()
        with self._database.write() as connection:
            fine.remove(connection, self.edition.id, sorted(finely - named - self._left))
        for part in _runs(sorted(named - (near & finely))):
            self._put_vectors(self._held(part))
        for part in _runs(sorted(named - worded)):
            for key, chunk in self._held(part).items():
                self._lexical.put(key, chunk.embedded)
            self._lexical.commit()

    @property
    def _lexical(self) -> LexicalWriter:
        assert self._begun is not None
        return self._begun

    def _advance(self, connection: Connection) -> None:
        editions.advance(connection, self.edition.id)
        self._unseen = False

    def _put_vectors(self, made: Mapping[str, Chunk]) -> None:
        """Put the vectors of chunks and of their sentences in; what is known from elsewhere is not made again."""
        keys = list(made)
        known = self._opened.vectors.get([key for key in keys if key in self._left])
        known |= self._borrow([key for key in keys if key not in known], self.edition.id)
        with self._database.read() as connection:
            packed = fine.of_embedder(connection, self.edition.embedder, keys)
        missing = [key for key in keys if key not in known or key not in packed]
        if missing:
            rows, sentences = self._embedded([made[key] for key in missing])
            known |= dict(zip(missing, rows, strict=True))
            packed |= {key: fine.pack(*both) for key, *both in zip(missing, rows, sentences, strict=True)}
        with self._database.write() as connection:
            fine.put(connection, self.edition.id, packed)
        self._opened.vectors.put(known)

    def _embedded(self, made: Sequence[Chunk]) -> tuple[Vectors, list[Vectors]]:
        """The vector of each chunk, and those of its sentences."""
        spans = []
        for chunk in made:
            before = len(chunk.embedded) - len(chunk.text)
            spans.append([(before + a, before + b) for a, b in sentences.spans(chunk.text)[: fine.MOST_SENTENCES]])
        return self._opened.embedder.embed_with_parts([chunk.embedded for chunk in made], spans)

    def _held(self, keys: Sequence[str]) -> dict[str, Chunk]:
        with self._database.read() as connection:
            return shelf.chunks_of_keys(connection, self.edition.id, keys)

    def _forget(self, keys: set[str]) -> None:
        """Take those keys out of the indexes that no document holds any more."""
        with self._database.read() as connection:
            gone = sorted(keys - indexed.known_keys(connection, self.edition.id, keys))
        if gone:
            self._unseen = True
            self._opened.vectors.remove(gone)
            self._lexical.remove(gone)
            self._lexical.commit()
            with self._database.write() as connection:
                fine.remove(connection, self.edition.id, gone)


def _runs(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(keys), _KEYS_AT_ONCE):
        yield keys[begin : begin + _KEYS_AT_ONCE]
