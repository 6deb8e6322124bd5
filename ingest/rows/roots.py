"""The sources of a collection, as rows: the folders, files and sites that `sync` mirrors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from core import clock
from core.tables import collections, documents, roots

FOLDER, FILE, SITE = "folder", "file", "site"


@dataclass(frozen=True, slots=True)
class Root:
    """Where documents come from."""

    kind: str  # folder, file or site
    location: str  # absolute path or URL
    options: Mapping[str, Any] = field(default_factory=dict)  # a site's: how far links go; a file's: its source
    collection: str = ""
    added_at: datetime | None = None
    synced_at: datetime | None = None


def note(connection: Connection, collection_id: int, root: Root) -> None:
    """Add a source to the list, or its options anew."""
    mine = (roots.c.collection_id == collection_id) & (roots.c.location == root.location)
    values = {"kind": root.kind, "options": dict(root.options)}
    if connection.execute(update(roots).where(mine).values(values)).rowcount == 0:
        where = {"collection_id": collection_id, "location": root.location, "added_at": clock.now()}
        connection.execute(insert(roots).values(**values, **where))


def synced(connection: Connection, collection_id: int, location: str) -> None:
    """Note that the collection mirrors this source as of now."""
    mine = (roots.c.collection_id == collection_id) & (roots.c.location == location)
    connection.execute(update(roots).where(mine).values(synced_at=clock.now()))


def forget(connection: Connection, collection_id: int, location: str) -> bool:
    """Take a source off the list; whether it was there."""
    mine = (roots.c.collection_id == collection_id) & (roots.c.location == location)
    return connection.execute(delete(roots).where(mine)).rowcount > 0


def listed(connection: Connection, collection: str | None = None) -> list[Root]:
    """The sources of a collection, or of all, by location."""
    query = select(roots, collections.c.name.label("collection")).join(collections)
    if collection is not None:
        query = query.where(collections.c.name == collection)
    rows = connection.execute(query.order_by(collections.c.name, roots.c.location))
    return [
        Root(row.kind, row.location, dict(row.options), row.collection, row.added_at, row.synced_at) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Held:
    """A document that a source brought."""

    source: str
    container: str | None  # source of the document that it is inside of


def held(connection: Connection, collection_id: int, location: str) -> list[Held]:
    """The documents that a source brought, by name: no more of them than that, as there may be very many."""
    mine = (documents.c.collection_id == collection_id) & (documents.c.root == location)
    query = select(documents.c.source, documents.c.container).where(mine).order_by(documents.c.source)
    return [Held(row.source, row.container) for row in connection.execute(query)]
