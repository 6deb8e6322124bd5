"""The keys that an edition's chunks are indexed under, as rows: what both of its indexes must hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, distinct, func, select

from core.tables import chunks, documents
from ingest.rows.shelf import parts


def count_keys(connection: Connection, edition_id: int) -> int:
    """How many different chunks an edition has."""
    query = select(func.count(distinct(chunks.c.key))).where(chunks.c.edition_id == edition_id)
    return int(connection.execute(query).scalar_one())


def known_keys(connection: Connection, edition_id: int, keys: Iterable[str]) -> set[str]:
    """Those of these keys that some document holds in the edition."""
    found: set[str] = set()
    for part in parts(list(keys)):
        query = select(chunks.c.key).where(chunks.c.edition_id == edition_id, chunks.c.key.in_(part)).distinct()
        found.update(connection.execute(query).scalars())
    return found


def all_keys(connection: Connection, edition_id: int) -> set[str]:
    """Every key that a document holds in the edition."""
    query = select(chunks.c.key).where(chunks.c.edition_id == edition_id).distinct()
    return set(connection.execute(query).scalars())


def sample_keys(connection: Connection, edition_id: int, each_end: int = 3) -> list[str]:
    """The keys of a few of the oldest and of the newest chunks."""
    query = select(chunks.c.key).where(chunks.c.edition_id == edition_id)
    oldest = connection.execute(query.order_by(chunks.c.id).limit(each_end)).scalars()
    newest = connection.execute(query.order_by(chunks.c.id.desc()).limit(each_end)).scalars()
    return list(dict.fromkeys([*oldest, *newest]))


def keys_of_sources(connection: Connection, collection_id: int, edition_id: int, sources: Sequence[str]) -> set[str]:
    """The keys that these documents hold in the edition."""
    found: set[str] = set()
    query = select(chunks.c.key).join(documents).where(chunks.c.edition_id == edition_id)
    query = query.where(documents.c.collection_id == collection_id).distinct()
    for part in parts(sources):
        found.update(connection.execute(query.where(documents.c.source.in_(part))).scalars())
    return found


def keys_of_others(
    connection: Connection, edition_id: int, collection_id: int, source: str, keys: Mapping[int, set[str]]
) -> set[str]:
    """Those of these keys that another document holds in the edition."""
    wanted = sorted({key for some in keys.values() for key in some})
    found: set[str] = set()
    other = ~((documents.c.source == source) & (documents.c.collection_id == collection_id))
    for part in parts(wanted):
        query = select(chunks.c.key).join(documents).where(chunks.c.edition_id == edition_id, chunks.c.key.in_(part))
        found.update(connection.execute(query.where(other).distinct()).scalars())
    return found
