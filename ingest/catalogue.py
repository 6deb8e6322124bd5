"""What is in the library, as its rows tell: documents, collections, sources, history. Opens no index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from core.database import Database
from core.domain import Chunk, Document
from core.errors import UsageError
from ingest.rows import asides, editions, indexed, roots, shelf
from ingest.rows.editions import Collection
from ingest.rows.history import Event, Run
from ingest.rows.history import latest as latest_runs
from ingest.rows.history import of_source as events_of
from ingest.rows.roots import Root
from ingest.rows.shelf import DocumentRow


class Catalogue:
    """The rows of every collection; `Library` adds the indexes to it."""

    def __init__(self, database: Database) -> None:
        """The catalogue in this database."""
        self.database = database

    def document(self, source: str, collection: str | None = None) -> Document | None:
        """The document of this source with its text; UsageError when several collections have one and none is named."""
        with self.database.read() as connection:  # both in one: a document that is swapped gets another id
            row = _row(connection, source, collection)
            return None if row is None else shelf.document(connection, row.id)

    def document_row(self, source: str, collection: str | None = None) -> DocumentRow | None:
        """What is known of the document of this source; UsageError as `document` raises it."""
        with self.database.read() as connection:
            return _row(connection, source, collection)

    def versions(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The version of those of these documents (collection and source) that are there, as chunks carry it."""
        with self.database.read() as connection:
            rows = shelf.document_rows(connection, sorted({source for _, source in places}))
        found = {(row.collection, row.source): row.content_hash[: shelf.VERSION_DIGITS] for row in rows}
        return {place: found[place] for place in places if place in found}

    def chunks(self, row: DocumentRow) -> list[Chunk]:
        """The chunks of a document as questions find them, in order."""
        with self.database.read() as connection:
            live = {edition.collection: edition.id for edition in editions.readable(connection)}
            return shelf.chunks_of_document(connection, row.id, live[row.collection])

    def documents(self, collection: str | None = None) -> list[DocumentRow]:
        """Every document, by source, without its text; of one collection when it is named."""
        with self.database.read() as connection:
            if collection is None:
                return shelf.document_rows(connection)
            return shelf.document_rows(connection, collection_id=self._collection(connection, collection).id)

    def collections(self) -> list[Collection]:
        """Every collection, by name."""
        with self.database.read() as connection:
            return editions.every_collection(connection)

    def set_readers(self, name: str, readers: Sequence[str]) -> None:
        """Say who may read a collection, everyone when nobody is named; it is made when there is none of this name."""
        with self.database.write() as connection:
            if editions.collection(connection, name) is None:
                editions.make_collection(connection, name, readers)
            editions.set_readers(connection, name, readers)

    def sources(self, name: str | None = None) -> list[Root]:
        """The sources of a collection, or of all: what `sync` mirrors."""
        with self.database.read() as connection:
            return roots.listed(connection, name)

    def forget_source(self, name: str, location: str) -> None:
        """Take a source off a collection's list; UsageError when it is not on it."""
        with self.database.write() as connection:
            found = self._collection(connection, name)
            if not roots.forget(connection, found.id, location):
                known = ", ".join(root.location for root in roots.listed(connection, name)) or "none"
                raise UsageError(f"{location} is no source of the collection {name} (its sources: {known}).")

    def set_aside(self) -> dict[str, int]:
        """How many files are refused, quarantined and rejected."""
        with self.database.read() as connection:
            return asides.counts(connection)

    def history(self, limit: int = 50) -> list[Run]:
        """The newest runs, newest first."""
        with self.database.read() as connection:
            return latest_runs(connection, limit)

    def history_of(self, source: str, limit: int = 200) -> list[Event]:
        """What became of a document over time, newest first."""
        with self.database.read() as connection:
            return events_of(connection, source, limit)

    def size_of(self, collection: Collection) -> tuple[int, int]:
        """(documents, chunks) of a collection."""
        with self.database.read() as connection:
            return shelf.size(connection, [collection.id])

    def as_of(self, reader: str | None = None) -> datetime | None:
        """When what this reader may read last changed; None when nothing was ever added."""
        with self.database.read() as connection:
            moments = [edition.as_of for edition in editions.readable(connection, reader) if edition.as_of]
        return max(moments, default=None)

    def size(self, reader: str | None = None) -> tuple[int, int]:
        """(documents, chunks) that this reader may read; no reader: all."""
        with self.database.read() as connection:
            if reader is None:
                return shelf.size(connection)
            readable = [edition.collection_id for edition in editions.readable(connection, reader)]
            return shelf.size(connection, readable)

    def count_chunks(self) -> int:
        """How many different chunks are indexed: what document frequencies are a share of."""
        with self.database.read() as connection:
            return sum(indexed.count_keys(connection, edition.id) for edition in editions.readable(connection))

    def _collection(self, connection: Connection, name: str) -> Collection:
        found = editions.collection(connection, name)
        if found is None:
            known = ", ".join(one.name for one in editions.every_collection(connection)) or "none yet"
            raise UsageError(f"There is no collection called {name!r} (known: {known}).")
        return found


def _row(connection: Connection, source: str, collection: str | None) -> DocumentRow | None:
    rows = [row for row in shelf.document_rows(connection, [source]) if collection in {None, row.collection}]
    if len(rows) > 1:
        held = ", ".join(row.collection for row in rows)
        raise UsageError(f"{source!r} is in several collections ({held}): name one with --collection.")
    return rows[0] if rows else None
