"""Collections and the editions of their indexes, as rows. What an edition's indexes hold is not known here.

Functions over a connection, so that the caller says what one transaction is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, exists, insert, select, update

from core import clock
from core.tables import chunk_vectors, chunks, collections, documents, editions

DEFAULT = "default"  # the collection that documents go to when none is named
LIVE, BUILDING, RETIRED = "live", "building", "retired"


@dataclass(frozen=True, slots=True)
class Collection:
    """A library of its own, and who may read it."""

    id: int
    name: str
    readers: tuple[str, ...]  # askers; empty: everyone
    edition_id: int | None


@dataclass(frozen=True, slots=True)
class Edition:
    """One way of indexing a collection."""

    id: int
    collection_id: int
    collection: str  # the collection's name
    state: str  # live, building or retired
    folder: str  # where its indexes lie
    embedder: str
    cut: str
    generation: int
    unfinished: bool
    as_of: datetime | None


# --- collections ------------------------------------------------------------------------------------------------


def every_collection(connection: Connection) -> list[Collection]:
    """All of them, by name."""
    return [_collection(row) for row in connection.execute(select(collections).order_by(collections.c.name))]


def collection(connection: Connection, name: str) -> Collection | None:
    """The collection of this name."""
    row = connection.execute(select(collections).where(collections.c.name == name)).first()
    return None if row is None else _collection(row)


def make_collection(connection: Connection, name: str, readers: Sequence[str] = ()) -> Collection:
    """A new collection without documents."""
    values = {"name": name, "readers": list(readers), "made_at": clock.now()}
    made = connection.execute(insert(collections).values(values).returning(collections.c.id)).scalar_one()
    return Collection(made, name, tuple(readers), None)


def set_readers(connection: Connection, name: str, readers: Sequence[str]) -> None:
    """Say who may read a collection; nobody named: everyone."""
    connection.execute(update(collections).where(collections.c.name == name).values(readers=list(readers)))


def drop_collection(connection: Connection, number: int) -> None:
    """Take a collection out with all that is in it."""
    whose = select(documents.c.id).where(documents.c.collection_id == number)
    connection.execute(delete(chunks).where(chunks.c.document_id.in_(whose)))
    its = select(editions.c.id).where(editions.c.collection_id == number)
    connection.execute(delete(chunk_vectors).where(chunk_vectors.c.edition_id.in_(its)))
    connection.execute(delete(collections).where(collections.c.id == number))


# --- editions ---------------------------------------------------------------------------------------------------


def readable(connection: Connection, reader: str | None = None, names: Sequence[str] = ()) -> list[Edition]:
    """The live editions that this reader may read, of these collections or of all; no reader: the operator."""
    found = connection.execute(_editions(collections.c.readers).where(editions.c.state == LIVE)).all()
    return [
        _edition(row)
        for row in found
        if (not names or row.collection in names) and (reader is None or not row.readers or reader in row.readers)
    ]


def every_edition(connection: Connection, collection_id: int | None = None) -> list[Edition]:
    """All editions, of one collection or of all, oldest first."""
    query = _editions().order_by(editions.c.id)
    if collection_id is not None:
        query = query.where(editions.c.collection_id == collection_id)
    return [_edition(row) for row in connection.execute(query)]


def holds_any(connection: Connection, number: int) -> bool:
    """Whether an edition has any chunk; costs the same however many."""
    return bool(connection.execute(select(exists().where(chunks.c.edition_id == number))).scalar_one())


def edition(connection: Connection, number: int) -> Edition | None:
    """The edition of this id."""
    row = connection.execute(_editions().where(editions.c.id == number)).first()
    return None if row is None else _edition(row)


def in_state(connection: Connection, collection_id: int, state: str) -> Edition | None:
    """The newest edition of a collection in this state."""
    query = _editions().where(editions.c.collection_id == collection_id, editions.c.state == state)
    row = connection.execute(query.order_by(editions.c.id.desc())).first()
    return None if row is None else _edition(row)


def make_edition(connection: Connection, collection_id: int, embedder: str, cut: str, state: str) -> Edition:
    """A new edition without documents; the live one is at once what answers."""
    values = {
        "collection_id": collection_id,
        "state": state,
        "folder": clock.new_id(),
        "embedder": embedder,
        "cut": cut,
        "generation": 0,
        "unfinished": False,
        "made_at": clock.now(),
    }
    number = connection.execute(insert(editions).values(values).returning(editions.c.id)).scalar_one()
    if state == LIVE:
        connection.execute(update(collections).where(collections.c.id == collection_id).values(edition_id=number))
    made = edition(connection, number)
    assert made is not None
    return made


def mark(connection: Connection, number: int, *, unfinished: bool) -> None:
    """Note that a writer begins or has ended."""
    connection.execute(update(editions).where(editions.c.id == number).values(unfinished=unfinished))


def advance(connection: Connection, number: int) -> None:
    """The next generation: readers look anew."""
    values = {"generation": editions.c.generation + 1, "as_of": clock.now()}
    connection.execute(update(editions).where(editions.c.id == number).values(values))


def show(connection: Connection, number: int) -> None:
    """The next generation, although no document has changed: the indexes have."""
    values = {"generation": editions.c.generation + 1}
    connection.execute(update(editions).where(editions.c.id == number).values(values))


def move(connection: Connection, number: int, folder: str) -> None:
    """The indexes now lie in another folder, to which readers turn at once."""
    values = {"folder": folder, "generation": editions.c.generation + 1}
    connection.execute(update(editions).where(editions.c.id == number).values(values))


def renew(connection: Connection, number: int) -> None:
    """The indexes are made anew in a fresh folder at the next write: what they held can't be trusted."""
    values = {"folder": clock.new_id(), "generation": editions.c.generation + 1, "unfinished": True}
    connection.execute(update(editions).where(editions.c.id == number).values(values))


def adopt(connection: Connection, number: int, *, embedder: str, cut: str) -> None:
    """An edition without documents is made by this embedder and this way of cutting from now on, in a fresh folder."""
    values = {"embedder": embedder, "cut": cut, "folder": clock.new_id()}
    connection.execute(update(editions).where(editions.c.id == number).values(values))


def swap(connection: Connection, old: Edition, new: Edition) -> None:
    """Let the new edition answer; the old one is kept so that this can be undone, an older one is dropped."""
    gone = [one.id for one in every_edition(connection, old.collection_id) if one.id not in {old.id, new.id}]
    drop_editions(connection, gone)
    connection.execute(update(editions).where(editions.c.id == old.id).values(state=RETIRED))
    connection.execute(
        update(editions)
        .where(editions.c.id == new.id)
        .values(state=LIVE, generation=editions.c.generation + 1, as_of=old.as_of)
    )
    connection.execute(update(collections).where(collections.c.id == old.collection_id).values(edition_id=new.id))


def drop_editions(connection: Connection, numbers: Sequence[int]) -> None:
    """Take editions out with their chunks; their folders are swept away by `verify` or the next write."""
    connection.execute(delete(chunk_vectors).where(chunk_vectors.c.edition_id.in_(numbers)))
    connection.execute(delete(chunks).where(chunks.c.edition_id.in_(numbers)))
    connection.execute(delete(editions).where(editions.c.id.in_(numbers)))


# --- rows -------------------------------------------------------------------------------------------------------


def _editions(*more: Any) -> Select[Any]:
    return select(editions, collections.c.name.label("collection"), *more).join(collections)


def _collection(row: Row[Any]) -> Collection:
    return Collection(row.id, row.name, tuple(row.readers), row.edition_id)


def _edition(row: Row[Any]) -> Edition:
    values = row._asdict()
    return Edition(**{name: values[name] for name in Edition.__dataclass_fields__})
