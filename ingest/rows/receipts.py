"""Receipts of erasures, as rows: begun with the deletion, ended when the bytes are proven gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core import clock
from core.tables import receipts


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased of one document, and the proof that it is gone."""

    id: str
    collection: str
    source: str
    content_hash: str  # of the file that it was read from
    erased: Mapping[str, int]  # how much of what
    proof: Mapping[str, Any] | None  # what was looked through afterwards; None: not ended yet
    began_at: datetime
    ended_at: datetime | None


def begin(connection: Connection, collection: str, source: str, content_hash: str, erased: Mapping[str, int]) -> str:
    """Note that an erasure has begun; its id."""
    identity = clock.new_id()
    values = {"id": identity, "collection": collection, "source": source, "content_hash": content_hash}
    connection.execute(insert(receipts).values(**values, erased=dict(erased), began_at=clock.now()))
    return identity


def end(connection: Connection, identity: str, proof: Mapping[str, Any]) -> None:
    """Note that an erasure has ended, and its proof."""
    connection.execute(
        update(receipts).where(receipts.c.id == identity).values(proof=dict(proof), ended_at=clock.now())
    )


def get(connection: Connection, identity: str) -> Receipt:
    """The receipt of this id; it is there."""
    return _receipt(connection.execute(select(receipts).where(receipts.c.id == identity)).one())


def pending(connection: Connection) -> list[Receipt]:
    """Erasures that began and have not ended."""
    return [_receipt(row) for row in connection.execute(select(receipts).where(receipts.c.ended_at.is_(None)))]


def latest(connection: Connection, limit: int = 100) -> list[Receipt]:
    """The newest receipts, newest first."""
    query = select(receipts).order_by(receipts.c.began_at.desc()).limit(limit)
    return [_receipt(row) for row in connection.execute(query)]


def _receipt(row: Any) -> Receipt:
    return Receipt(**{name: getattr(row, name) for name in Receipt.__dataclass_fields__})
