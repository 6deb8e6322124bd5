"""What a search is narrowed to, as a condition on documents, and the keys that are then allowed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from core.domain import Filters
from core.tables import chunks, documents

_WILD = frozenset("*?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNKNOWN = "0"  # a page, or a file so fresh that its time told nothing


def condition(filters: Filters) -> ColumnElement[bool] | None:
    """The condition on `document` rows; None when nothing but collections is asked for."""
    parts: list[ColumnElement[bool]] = []
    if filters.sources:
        parts.append(or_(*map(_is_of, filters.sources)))
    if filters.languages:
        parts.append(documents.c.language.in_([language.lower() for language in filters.languages]))
    if filters.after is not None:
        unknown = and_(documents.c.modified_ns == _UNKNOWN, documents.c.ingested_at >= filters.after)
        parts.append(or_(_is_written_after(filters.after), unknown))
    return and_(true(), *parts) if parts else None


def allowed_keys(connection: Connection, edition_id: int, wanted: ColumnElement[bool]) -> frozenset[str]:
    """The keys of an edition's chunks whose documents meet the condition."""
    query = select(chunks.c.key).join(documents, chunks.c.document_id == documents.c.id)
    return frozenset(connection.execute(query.where(chunks.c.edition_id == edition_id, wanted)).scalars())


def _is_written_after(moment: datetime) -> ColumnElement[bool]:
    """Whether a file is of this moment or later; its nanoseconds are kept as text, of which the longer is the later."""
    bound = str(max(1, (moment.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1) * 1000))
    digits = func.length(documents.c.modified_ns)
    return or_(digits > len(bound), and_(digits == len(bound), documents.c.modified_ns >= bound))


def _is_of(asked: str) -> ColumnElement[bool]:
    """The source itself, everything under it as a folder, or, with * and ?, whatever fits; capitals don't matter."""
    source = func.lower(documents.c.source)  # both sides by the database: some know no capitals but A to Z
    plain = asked.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    if _WILD & set(asked):
        return source.like(func.lower(plain.replace("*", "%").replace("?", "_")), escape="\\")
    return or_(source == func.lower(asked), source.like(func.lower(f"{plain.rstrip('/')}/%"), escape="\\"))
