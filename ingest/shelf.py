"""The library's rows: documents, chunks and what the index as a whole is. SQL is the truth; the indexes follow it.

Functions over a connection, so that the caller says what one transaction is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, distinct, func, insert, select, update

from core import clock
from core.domain import Chunk, Document, Section
from core.tables import chunks, documents, library

_VALUES_A_CALL = 500  # databases limit how many values one statement may carry


@dataclass(frozen=True, slots=True)
class LibraryState:
    """What the index as a whole is."""

    generation: int = 0
    embedder: str = ""  # empty: nothing was ever written
    unfinished: bool = False
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What is known of a document without its text."""

    source: str
    origin: str
    title: str
    characters: int
    pages: int | None
    language: str
    chunks: int
    bytes: int
    modified_ns: int
    content_hash: str
    recipe: str
    ingested_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A document ready to be written: its chunks, and the file that it came from."""

    document: Document
    chunks: Sequence[Chunk]
    origin: str
    content_hash: str
    recipe: str
    language: str
    bytes: int
    modified_ns: int


def key_of(chunk: Chunk) -> str:
    """What a chunk is indexed under: the hash of what the retrievers see, so that equal text is indexed once."""
    return hashlib.sha256(chunk.embedded.encode("utf-8", "surrogatepass")).hexdigest()[:32]


# --- reading ----------------------------------------------------------------------------------------------------


def state(connection: Connection) -> LibraryState:
    """What the index is now."""
    row = connection.execute(select(library).where(library.c.id == 1)).first()
    return LibraryState(row.generation, row.embedder, row.unfinished, row.as_of) if row else LibraryState()


def size(connection: Connection) -> tuple[int, int]:
    """(documents, chunks)."""
    row = connection.execute(select(func.count(), func.coalesce(func.sum(documents.c.chunks), 0))).one()
    return int(row[0]), int(row[1])


def count_keys(connection: Connection) -> int:
    """How many different chunks there are."""
    return int(connection.execute(select(func.count(distinct(chunks.c.key)))).scalar_one())


def document_rows(connection: Connection, sources: Sequence[str] | None = None) -> list[DocumentRow]:
    """The documents, all or these, by source."""
    columns = [
        func.length(documents.c.text).label("characters") if name == "characters" else documents.c[name]
        for name in DocumentRow.__dataclass_fields__
    ]
    query = select(*columns).order_by(documents.c.source)
    if sources is None:
        return [_document_row(row) for row in connection.execute(query)]
    return [
        _document_row(row)
        for part in _parts(sources)
        for row in connection.execute(query.where(documents.c.source.in_(part)))
    ]


def document(connection: Connection, source: str) -> Document | None:
    """A document with its text; its sections are the stretches that its chunks cover."""
    row = connection.execute(select(documents).where(documents.c.source == source)).first()
    if row is None:
        return None
    found = connection.execute(select(chunks).where(chunks.c.document_id == row.id).order_by(chunks.c.ordinal))
    sections = tuple(Section(c.start, c.end, tuple(c.heading), c.page) for c in found)
    return Document(row.source, row.title, row.text, sections, row.pages, {"language": row.language})


def chunks_of_keys(connection: Connection, keys: Sequence[str]) -> dict[str, Chunk]:
    """A chunk for each key that a document holds; of equal ones the first by source and place."""
    found: dict[str, Chunk] = {}
    query = select(chunks, documents.c.source, documents.c.title).join(documents)
    for part in _parts(keys):
        ordered = query.where(chunks.c.key.in_(part)).order_by(documents.c.source, chunks.c.ordinal)
        for row in connection.execute(ordered):
            found.setdefault(row.key, _chunk(row))
    return found


def known_keys(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Those of these keys that some document holds."""
    found: set[str] = set()
    for part in _parts(list(keys)):
        found.update(connection.execute(select(chunks.c.key).where(chunks.c.key.in_(part)).distinct()).scalars())
    return found


def all_keys(connection: Connection) -> set[str]:
    """Every key that a document holds."""
    return set(connection.execute(select(chunks.c.key).distinct()).scalars())


def sample_keys(connection: Connection, each_end: int = 3) -> list[str]:
    """The keys of a few of the oldest and of the newest chunks."""
    oldest = select(chunks.c.key).order_by(chunks.c.id).limit(each_end)
    newest = select(chunks.c.key).order_by(chunks.c.id.desc()).limit(each_end)
    found = [*connection.execute(oldest).scalars(), *connection.execute(newest).scalars()]
    return list(dict.fromkeys(found))


def keys_of_sources(connection: Connection, sources: Sequence[str]) -> set[str]:
    """The keys that these documents hold."""
    found: set[str] = set()
    for part in _parts(sources):
        query = select(chunks.c.key).join(documents).where(documents.c.source.in_(part)).distinct()
        found.update(connection.execute(query).scalars())
    return found


# --- writing ----------------------------------------------------------------------------------------------------


def mark(connection: Connection, *, embedder: str, unfinished: bool) -> None:
    """Note that a writer begins or has ended, and which embedder it uses."""
    values = {"embedder": embedder, "unfinished": unfinished}
    if connection.execute(update(library).where(library.c.id == 1).values(values)).rowcount == 0:
        connection.execute(insert(library).values(id=1, generation=0, **values))


def advance(connection: Connection) -> int:
    """The next generation: readers look anew. Needs the row that `mark` makes."""
    connection.execute(
        update(library).where(library.c.id == 1).values(generation=library.c.generation + 1, as_of=clock.now())
    )
    return state(connection).generation


def replace(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write documents with their chunks in place of what stood under their sources."""
    remove(connection, [entry.document.source for entry in entries])
    for entry in entries:
        made = insert(documents).values(_document_values(entry)).returning(documents.c.id)
        number = connection.execute(made).scalar_one()
        rows = [_chunk_values(number, ordinal, chunk) for ordinal, chunk in enumerate(entry.chunks)]
        if rows:
            connection.execute(insert(chunks), rows)


def remove(connection: Connection, sources: Sequence[str]) -> None:
    """Take documents and their chunks out."""
    for part in _parts(sources):
        numbers = select(documents.c.id).where(documents.c.source.in_(part))
        connection.execute(delete(chunks).where(chunks.c.document_id.in_(numbers)))
        connection.execute(delete(documents).where(documents.c.source.in_(part)))


def touch(connection: Connection, source: str, *, origin: str, modified_ns: int) -> None:
    """Note where an unchanged file lies now and when it was last written."""
    connection.execute(
        update(documents)
        .where(documents.c.source == source)
        .values(origin=origin, modified_ns=str(modified_ns), ingested_at=clock.now())
    )


# --- rows -------------------------------------------------------------------------------------------------------


def _document_row(row: Row[Any]) -> DocumentRow:
    values = row._asdict()
    return DocumentRow(**values | {"modified_ns": int(values["modified_ns"])})


def _chunk(row: Row[Any]) -> Chunk:
    return Chunk(row.source, row.title, row.text, row.start, row.end, tuple(row.heading), row.page)


def _document_values(entry: Entry) -> Mapping[str, Any]:
    return {
        "source": entry.document.source,
        "origin": entry.origin,
        "title": entry.document.title,
        "text": entry.document.text,
        "content_hash": entry.content_hash,
        "recipe": entry.recipe,
        "pages": entry.document.pages,
        "language": entry.language,
        "chunks": len(entry.chunks),
        "bytes": entry.bytes,
        "modified_ns": str(entry.modified_ns),
        "ingested_at": clock.now(),
    }


def _chunk_values(document_id: int, ordinal: int, chunk: Chunk) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "ordinal": ordinal,
        "key": key_of(chunk),
        "text": chunk.text,
        "heading": list(chunk.heading),
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
    }


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(values), _VALUES_A_CALL):
        yield values[begin : begin + _VALUES_A_CALL]
