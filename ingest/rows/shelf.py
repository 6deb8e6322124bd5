"""The library's documents and their chunks, as rows. SQL is the truth; the indexes follow it.

Functions over a connection, so that the caller says what one transaction is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, distinct, exists, func, insert, select, update

from core import clock
from core.domain import Chunk, Document, Section
from core.tables import chunks, collections, documents

_VALUES_A_CALL = 500  # databases limit how many values one statement may carry
VERSION_DIGITS = 16  # of the file's hash, by which an answer tells that its source has changed


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document besides its text and its chunks: where it came from and what was found in it."""

    origin: str  # absolute path or URL that it was read from
    root: str  # the folder, file or site that it was found by
    content_hash: str
    recipe: str
    language: str
    bytes: int
    modified_ns: int
    container: str | None = None  # source of the document that it came inside of
    personal_data: int = 0
    secrets: int = 0
    web: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A document ready to be written."""

    document: Document
    chunks: Sequence[Chunk]
    facts: Facts


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """What is known of a document without its text."""

    id: int
    collection: str
    source: str
    title: str
    characters: int
    pages: int | None
    chunks: int
    tables: int
    language: str
    ingested_at: datetime
    origin: str
    root: str
    container: str | None
    content_hash: str
    recipe: str
    bytes: int
    modified_ns: int
    personal_data: int
    secrets: int
    empty_pages: tuple[int, ...] = field(default=())
    web: Mapping[str, Any] | None = None


def key_of(chunk: Chunk) -> str:
    """What a chunk is indexed under: the hash of what the retrievers see, so that equal text is indexed once."""
    return hashlib.sha256(chunk.embedded.encode("utf-8", "surrogatepass")).hexdigest()[:32]


# --- documents --------------------------------------------------------------------------------------------------


def size(connection: Connection, collection_ids: Sequence[int] | None = None) -> tuple[int, int]:
    """(documents, chunks), of these collections or of all."""
    query = select(func.count(), func.coalesce(func.sum(documents.c.chunks), 0))
    if collection_ids is not None:
        query = query.where(documents.c.collection_id.in_(collection_ids))
    row = connection.execute(query).one()
    return int(row[0]), int(row[1])


def document_rows(
    connection: Connection,
    sources: Sequence[str] | None = None,
    *,
    collection_id: int | None = None,
    root: str | None = None,
) -> list[DocumentRow]:
    """Documents by source: all, or those of these sources, of a collection, of a root."""
    columns = [documents.c[name] for name in DocumentRow.__dataclass_fields__ if name != "collection"]
    query = select(*columns, collections.c.name.label("collection")).join(collections)
    query = query.order_by(documents.c.source, collections.c.name)
    if collection_id is not None:
        query = query.where(documents.c.collection_id == collection_id)
    if root is not None:
        query = query.where(documents.c.root == root)
    if sources is None:
        return [_document_row(row) for row in connection.execute(query)]
    return [
        _document_row(row)
        for part in parts(sources)
        for row in connection.execute(query.where(documents.c.source.in_(part)))
    ]


def sources_with_contents(connection: Connection, collection_id: int, sources: Sequence[str]) -> list[str]:
    """These sources and those of the documents that came inside of them, however deep."""
    found = dict.fromkeys(sources)
    outer = list(found)
    while outer:
        inner: list[str] = []
        for part in parts(outer):
            query = select(documents.c.source).where(
                documents.c.collection_id == collection_id, documents.c.container.in_(part)
            )
            inner.extend(source for source in connection.execute(query).scalars() if source not in found)
        found |= dict.fromkeys(inner)
        outer = inner
    return list(found)


def document(connection: Connection, number: int) -> Document | None:
    """The document of this id with its text."""
    row = connection.execute(select(documents).where(documents.c.id == number)).first()
    if row is None:
        return None
    sections = tuple(Section(start, end, tuple(heading), page) for start, end, page, heading in row.sections)
    return Document(
        row.source,
        row.title,
        row.text,
        sections or (Section(0, len(row.text)),),
        row.pages,
        {"language": row.language},
        tables=row.tables,
        empty_pages=tuple(row.empty_pages),
    )


def replace(connection: Connection, collection_id: int, edition_id: int, entries: Sequence[Entry]) -> None:
    """Write documents with their chunks in place of what stood under their sources."""
    remove(connection, collection_id, [entry.document.source for entry in entries])
    for entry in entries:
        values = _document_values(entry) | {"collection_id": collection_id}
        number = connection.execute(insert(documents).values(values).returning(documents.c.id)).scalar_one()
        put_chunks(connection, edition_id, number, entry.chunks)


def remove(connection: Connection, collection_id: int, sources: Sequence[str]) -> None:
    """Take documents out with their chunks, those of every edition."""
    for part in parts(sources):
        wanted = and_(documents.c.collection_id == collection_id, documents.c.source.in_(part))
        numbers = select(documents.c.id).where(wanted)
        connection.execute(delete(chunks).where(chunks.c.document_id.in_(numbers)))
        connection.execute(delete(documents).where(wanted))


def touch(connection: Connection, number: int, **values: Any) -> None:
    """Note what is new of an unchanged document: where it lies now, when it was last written or fetched."""
    if "modified_ns" in values:
        values["modified_ns"] = str(values["modified_ns"])
    connection.execute(update(documents).where(documents.c.id == number).values(**values, ingested_at=clock.now()))


# --- chunks -----------------------------------------------------------------------------------------------------


def put_chunks(connection: Connection, edition_id: int, document_id: int, made: Sequence[Chunk]) -> None:
    """Write the chunks of a document in an edition."""
    rows = [_chunk_values(edition_id, document_id, ordinal, chunk) for ordinal, chunk in enumerate(made)]
    if rows:
        connection.execute(insert(chunks), rows)


def drop_chunks(connection: Connection, edition_id: int, document_ids: Sequence[int]) -> set[str]:
    """Take the chunks of documents out of an edition; the keys that they held."""
    found: set[str] = set()
    for begin in range(0, len(document_ids), _VALUES_A_CALL):
        part = document_ids[begin : begin + _VALUES_A_CALL]
        wanted = and_(chunks.c.edition_id == edition_id, chunks.c.document_id.in_(part))
        found.update(connection.execute(select(chunks.c.key).where(wanted)).scalars())
        connection.execute(delete(chunks).where(wanted))
    return found


def chunks_of_document(connection: Connection, document_id: int, edition_id: int) -> list[Chunk]:
    """The chunks of a document, in order."""
    return [chunk for _, chunk in keyed_chunks(connection, document_id, edition_id)]


def keyed_chunks(connection: Connection, document_id: int, edition_id: int) -> list[tuple[str, Chunk]]:
    """The chunks of a document, in order, with what each is indexed under."""
    query = _chunks().where(chunks.c.document_id == document_id, chunks.c.edition_id == edition_id)
    return [(row.key, _chunk(row)) for row in connection.execute(query.order_by(chunks.c.ordinal))]


def chunks_of_keys(
    connection: Connection, edition_id: int, keys: Sequence[str], wanted: ColumnElement[bool] | None = None
) -> dict[str, Chunk]:
    """A chunk for each key that a document of the edition holds; of equal ones the first by source and place.

    `wanted`: a condition that the document must meet.
    """
    found: dict[str, tuple[tuple[str, int], Chunk]] = {}
    query = _chunks().where(chunks.c.edition_id == edition_id)
    if wanted is not None:
        query = query.where(wanted)
    for part in parts(keys):
        for row in connection.execute(query.where(chunks.c.key.in_(part))):
            place = (row.source, row.ordinal)
            if row.key not in found or place < found[row.key][0]:
                found[row.key] = (place, _chunk(row))
    return {key: chunk for key, (_, chunk) in found.items()}


def text_between(connection: Connection, chunk: Chunk, start: int, end: int) -> str:
    """The text of a chunk's document from one character up to another; empty when the document is gone."""
    query = select(func.substr(documents.c.text, start + 1, end - start)).join(collections)
    of_source = and_(collections.c.name == chunk.collection, documents.c.source == chunk.source)
    return str(connection.execute(query.where(of_source)).scalar() or "")


def documents_without_chunks(connection: Connection, collection_id: int, edition_id: int, limit: int) -> list[int]:
    """Ids of the oldest documents of a collection that have no chunk in the edition."""
    held = exists().where(chunks.c.document_id == documents.c.id, chunks.c.edition_id == edition_id)
    query = select(documents.c.id).where(documents.c.collection_id == collection_id, ~held)
    return list(connection.execute(query.order_by(documents.c.id).limit(limit)).scalars())


def count_documents(connection: Connection, edition_id: int) -> int:
    """How many documents have chunks in an edition."""
    query = select(func.count(distinct(chunks.c.document_id))).where(chunks.c.edition_id == edition_id)
    return int(connection.execute(query).scalar_one())


def recount(connection: Connection, collection_id: int, edition_id: int) -> None:
    """Make each document's number of chunks that of this edition."""
    held = select(func.count()).where(chunks.c.document_id == documents.c.id, chunks.c.edition_id == edition_id)
    values = {"chunks": held.scalar_subquery()}
    connection.execute(update(documents).where(documents.c.collection_id == collection_id).values(values))


# --- rows -------------------------------------------------------------------------------------------------------


def parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in runs that one statement may carry."""
    for begin in range(0, len(values), _VALUES_A_CALL):
        yield values[begin : begin + _VALUES_A_CALL]


def _chunks() -> Any:
    joined = select(
        chunks, documents.c.source, documents.c.title, documents.c.content_hash, collections.c.name.label("collection")
    )
    return joined.join(documents, chunks.c.document_id == documents.c.id).join(
        collections, documents.c.collection_id == collections.c.id
    )


def _document_row(row: Any) -> DocumentRow:
    values = row._asdict()
    return DocumentRow(
        **values | {"modified_ns": int(values["modified_ns"]), "empty_pages": tuple(values["empty_pages"])}
    )


def _chunk(row: Row[Any]) -> Chunk:
    return Chunk(
        row.source,
        row.title,
        row.text,
        row.start,
        row.end,
        tuple(row.heading),
        row.page,
        row.collection,
        row.content_hash[:VERSION_DIGITS],
    )


def _document_values(entry: Entry) -> dict[str, Any]:
    document, facts = entry.document, entry.facts
    return {
        "source": document.source,
        "origin": facts.origin,
        "root": facts.root,
        "container": facts.container,
        "title": document.title,
        "text": document.text,
        "sections": [[s.start, s.end, s.page, list(s.heading)] for s in document.sections],
        "characters": len(document.text),
        "content_hash": facts.content_hash,
        "recipe": facts.recipe,
        "pages": document.pages,
        "empty_pages": list(document.empty_pages),
        "tables": document.tables,
        "personal_data": facts.personal_data,
        "secrets": facts.secrets,
        "language": facts.language,
        "chunks": len(entry.chunks),
        "bytes": facts.bytes,
        "modified_ns": str(facts.modified_ns),
        "web": facts.web,
        "ingested_at": clock.now(),
    }


def _chunk_values(edition_id: int, document_id: int, ordinal: int, chunk: Chunk) -> dict[str, Any]:
    return {
        "edition_id": edition_id,
        "document_id": document_id,
        "ordinal": ordinal,
        "key": key_of(chunk),
        "text": chunk.text,
        "heading": list(chunk.heading),
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
    }
