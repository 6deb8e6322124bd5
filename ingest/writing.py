"""What a writer does to rows and indexes, in the order that a kill at any moment leaves readable and repairable.

Made by `Library.writing`, which holds the lock between processes meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from core.database import Database
from core.ports import Embedder, Vectors
from ingest import shelf
from ingest.lexical import LexicalWriter
from ingest.shelf import DocumentRow, Entry, key_of
from ingest.vectors import VectorIndex

_TEXTS_AT_ONCE = 64  # embedded between two signs of progress
_KEYS_AT_ONCE = 1000  # repaired at once, so that a large library needs little memory

Advanced = Callable[[int, int], None]  # chunks embedded, chunks to embed


class LibraryWriter:
    """Writes whole documents: readers see the old version until the new one stands."""

    def __init__(self, database: Database, vectors: VectorIndex, lexical: LexicalWriter, embedder: Embedder) -> None:
        self._database = database
        self._vectors = vectors
        self._lexical = lexical
        self._embedder = embedder

    def begin(self, *, sweep: bool, notice: Callable[[str], None] | None) -> None:
        """Mark that a write is under way; repair what an earlier one left."""
        with self._database.write() as connection:
            shelf.mark(connection, embedder=self._embedder.name, unfinished=True)
        if sweep:
            if notice is not None:
                notice("The index was not whole; repairing it ...")
            self._sweep()

    def end(self) -> None:
        """Mark that the write has ended well."""
        with self._database.write() as connection:
            shelf.mark(connection, embedder=self._embedder.name, unfinished=False)

    def rows(self, sources: Sequence[str]) -> dict[str, DocumentRow]:
        """What the library holds under these sources."""
        with self._database.read() as connection:
            return {row.source: row for row in shelf.document_rows(connection, sources)}

    def put(self, entries: Sequence[Entry], advanced: Advanced | None = None) -> None:
        """Write documents in place of what stood under their sources, as one step for readers."""
        texts = {key_of(chunk): chunk.embedded for entry in entries for chunk in entry.chunks}
        sources = [entry.document.source for entry in entries]
        with self._database.read() as connection:
            new = texts.keys() - shelf.known_keys(connection, texts)
            old = shelf.keys_of_sources(connection, sources)
        self._index({key: text for key, text in texts.items() if key in new}, advanced)
        with self._database.write() as connection:
            shelf.replace(connection, entries)
            shelf.advance(connection)
        self._forget(old)

    def touch(self, source: str, *, origin: str, modified_ns: int) -> None:
        """Note where an unchanged file lies now and when it was last written."""
        with self._database.write() as connection:
            shelf.touch(connection, source, origin=origin, modified_ns=modified_ns)

    def remove(self, sources: Sequence[str]) -> list[str]:
        """Take documents out; returns those that were there."""
        there = sorted(self.rows(sources))
        if there:
            with self._database.write() as connection:
                old = shelf.keys_of_sources(connection, there)
                shelf.remove(connection, there)
                shelf.advance(connection)
            self._forget(old)
        return there

    def _index(self, texts: Mapping[str, str], advanced: Advanced | None) -> None:
        """Embed texts and put them into both indexes, those of like length together."""
        keys = sorted(texts, key=lambda key: len(texts[key]))
        for begin in range(0, len(keys), _TEXTS_AT_ONCE):
            part = keys[begin : begin + _TEXTS_AT_ONCE]
            rows: Vectors = self._embedder.embed([texts[key] for key in part])
            self._vectors.put(dict(zip(part, rows, strict=True)))
            for key in part:
                self._lexical.put(key, texts[key])
            if advanced is not None:
                advanced(begin + len(part), len(keys))
        if keys:
            self._lexical.commit()

    def _forget(self, keys: set[str]) -> None:
        """Take those keys out of the indexes that no document holds any more."""
        with self._database.read() as connection:
            gone = sorted(keys - shelf.known_keys(connection, keys))
        if gone:
            self._vectors.remove(gone)
            self._lexical.remove(gone)
            self._lexical.commit()

    def _sweep(self) -> None:
        """Make both indexes hold exactly what the rows name."""
        with self._database.read() as connection:
            named = shelf.all_keys(connection)
        near, worded = set(self._vectors.keys()), set(self._lexical.keys())
        self._vectors.remove(sorted(near - named))
        self._lexical.remove(sorted(worded - named))
        self._lexical.commit()
        missing = sorted((named - near) | (named - worded))
        for part in _parts(missing):
            with self._database.read() as connection:
                found = shelf.chunks_of_keys(connection, part)
            self._index({key: chunk.embedded for key, chunk in found.items()}, None)


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(keys), _KEYS_AT_ONCE):
        yield keys[begin : begin + _KEYS_AT_ONCE]
