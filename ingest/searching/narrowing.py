"""What a search is narrowed to, as a condition on documents, and the keys that are then allowed."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from core.domain import Filters
from core.tables import chunks, documents

_NANOSECONDS = 1_000_000_000
_WILD = frozenset("*?")
_DIGITS = 19  # of the nanoseconds of every moment from 2001 to 2286, which are compared as text


def condition(filters: Filters) -> ColumnElement[bool] | None:
    """The condition on `document` rows; None when nothing but collections is asked for."""
    parts: list[ColumnElement[bool]] = []
    if filters.sources:
        parts.append(or_(*map(_is_of, filters.sources)))
    if filters.languages:
        parts.append(documents.c.language.in_([language.lower() for language in filters.languages]))
    if filters.after is not None:
        bound = str(int(filters.after.timestamp() * _NANOSECONDS))
        written = and_(func.length(documents.c.modified_ns) == _DIGITS, documents.c.modified_ns >= bound)
        unknown = and_(func.length(documents.c.modified_ns) < _DIGITS, documents.c.ingested_at >= filters.after)
        parts.append(or_(written, unknown))
    return and_(true(), *parts) if parts else None


def allowed_keys(connection: Connection, edition_id: int, wanted: ColumnElement[bool]) -> frozenset[str]:
    """The keys of an edition's chunks whose documents meet the condition."""
    query = select(chunks.c.key).join(documents, chunks.c.document_id == documents.c.id)
    return frozenset(connection.execute(query.where(chunks.c.edition_id == edition_id, wanted)).scalars())


def _is_of(asked: str) -> ColumnElement[bool]:
    """The source itself, everything under it as a folder, or, with * and ?, whatever fits; capitals don't matter."""
    source = func.lower(documents.c.source)
    plain = asked.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    if _WILD & set(asked):
        return source.like(plain.replace("*", "%").replace("?", "_"), escape="\\")
    return or_(source == asked.lower(), source.like(f"{plain.rstrip('/')}/%", escape="\\"))
