"""Files that are not in the library, and why: refused ones, and documents that a person must look at first.

Functions over a connection, as rows; `ingest/quarantine.py` is where a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from core import clock
from core.tables import asides, collections
from ingest.rows.shelf import parts

REFUSED, QUARANTINED, REJECTED = "refused", "quarantined", "rejected"


@dataclass(frozen=True, slots=True)
class Aside:
    """A file that was set aside."""

    id: str
    collection: str
    source: str
    origin: str
    root: str
    state: str  # refused, quarantined or rejected
    code: str
    reason: str
    suspects: tuple[str, ...]  # the words that speak against it
    document: Mapping[str, Any] | None  # of a quarantined one: what was read
    content_hash: str
    recipe: str
    bytes: int
    modified_ns: int
    found_at: datetime
    reviewer: str | None = None
    note: str | None = None
    decided_at: datetime | None = None


def put(connection: Connection, collection_id: int, aside: Aside) -> None:
    """Set a file aside in place of what was set aside under its source."""
    clear(connection, collection_id, [aside.source])
    values = {name: getattr(aside, name) for name in Aside.__dataclass_fields__ if name != "collection"}
    values |= {
        "collection_id": collection_id,
        "suspects": list(aside.suspects),
        "modified_ns": str(aside.modified_ns),
    }
    connection.execute(insert(asides).values(values))


def touch(connection: Connection, identity: str, **values: Any) -> None:
    """Note where a file that is as it was now lies, and when it was last written."""
    if "modified_ns" in values:
        values["modified_ns"] = str(values["modified_ns"])
    connection.execute(update(asides).where(asides.c.id == identity).values(**values))


def clear(connection: Connection, collection_id: int, sources: Sequence[str]) -> None:
    """These sources are set aside no more."""
    for part in parts(sources):
        connection.execute(delete(asides).where(asides.c.collection_id == collection_id, asides.c.source.in_(part)))


def of_sources(connection: Connection, collection_id: int, sources: Sequence[str]) -> dict[str, Aside]:
    """What is set aside under these sources, without the documents themselves."""
    found: dict[str, Aside] = {}
    for part in parts(sources):
        query = _asides().where(asides.c.collection_id == collection_id, asides.c.source.in_(part))
        found |= {row.source: _aside(row) for row in connection.execute(query)}
    return found


def of_root(connection: Connection, collection_id: int, root: str) -> list[Aside]:
    """What was set aside among the files that a root brought."""
    query = _asides().where(asides.c.collection_id == collection_id, asides.c.root == root)
    return [_aside(row) for row in connection.execute(query)]


def inside_of(connection: Connection, collection_id: int, sources: Sequence[str]) -> list[str]:
    """What was set aside of the files inside of these."""
    found: list[str] = []
    for source in sources:
        within = asides.c.source.startswith(f"{source}#", autoescape=True)
        query = select(asides.c.source).where(asides.c.collection_id == collection_id, within)
        found.extend(connection.execute(query).scalars())
    return found


def in_state(connection: Connection, *states: str, limit: int = 1000) -> list[Aside]:
    """What is set aside in one of these states, newest first."""
    query = _asides().where(asides.c.state.in_(states)).order_by(asides.c.found_at.desc(), asides.c.id).limit(limit)
    return [_aside(row) for row in connection.execute(query)]


def called(connection: Connection, name: str, *states: str) -> list[Aside]:
    """What has this id or source and is in one of these states."""
    query = _asides().where((asides.c.id == name) | (asides.c.source == name), asides.c.state.in_(states))
    return [_aside(row) for row in connection.execute(query.order_by(collections.c.name))]


def get(connection: Connection, identity: str) -> Aside | None:
    """The file set aside under this id, with what was read of it."""
    query = _asides(asides.c.document).where(asides.c.id == identity)
    row = connection.execute(query).first()
    return None if row is None else _aside(row)


def decide(connection: Connection, identity: str, state: str, reviewer: str, note: str) -> bool:
    """Store what a person decided of one that waits; what was read of it is not kept. False when none waits."""
    values: dict[str, Any] = {"state": state, "reviewer": reviewer, "note": note, "document": None, "suspects": []}
    values |= {"code": state, "reason": f"{reviewer} rejected it" + (f": {note}" if note else "")}
    waits = (asides.c.id == identity) & (asides.c.state == QUARANTINED)
    return connection.execute(update(asides).where(waits).values(**values, decided_at=clock.now())).rowcount == 1


def collection_of(connection: Connection, identity: str) -> int:
    """The id of the collection that a file was set aside in."""
    return int(connection.execute(select(asides.c.collection_id).where(asides.c.id == identity)).scalar_one())


def counts(connection: Connection) -> dict[str, int]:
    """How many files are set aside in each state."""
    query = select(asides.c.state, func.count()).group_by(asides.c.state)
    found = {row[0]: int(row[1]) for row in connection.execute(query)}
    return {state: found.get(state, 0) for state in (REFUSED, QUARANTINED, REJECTED)}


def _asides(*more: Any) -> Select[Any]:
    columns = [column for column in asides.c if column.name not in {"document", "collection_id"}]
    return select(*columns, collections.c.name.label("collection"), *more).join(collections)


def _aside(row: Row[Any]) -> Aside:
    values: dict[str, Any] = {"document": None} | dict(row._asdict())
    return Aside(**values | {"suspects": tuple(values["suspects"]), "modified_ns": int(values["modified_ns"])})
