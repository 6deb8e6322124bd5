"""The schema: every table of the database. A change here comes with a migration of its own."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; databases that keep no time zone give it back with one all the same."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# One row: what the index as a whole is. `generation` rises with each change that readers must see.
library = Table(
    "library",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("embedder", String(200), nullable=False),  # which embedder made the vectors
    Column("unfinished", Boolean, nullable=False),  # a writer began and has not ended: sweep before the next write
    Column("as_of", UtcDateTime),
)

documents = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("source", String(2000), nullable=False),
    Column("origin", String(4000), nullable=False),  # absolute path it was read from
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),  # SHA-256 of the file's bytes
    Column("recipe", String(200), nullable=False),  # versions of loader, chunker and embedder that made it
    Column("pages", Integer),
    Column("language", String(8), nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column(
        "modified_ns", String(20), nullable=False
    ),  # the file's modification time, to skip hashing what is untouched
    Column("ingested_at", UtcDateTime, nullable=False),
    UniqueConstraint("source"),
)

chunks = Table(
    "chunk",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document_id", ForeignKey("document.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("key", String(32), nullable=False),  # hash of what the retrievers see: equal text is indexed once
    Column("text", Text, nullable=False),
    Column("heading", JSON, nullable=False),
    Column("page", Integer),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index(None, "key"),
    Index(None, "document_id", "ordinal"),
)

turns = Table(
    "turn",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation", String(32), nullable=False),
    Column("asker", String(200), nullable=False),
    Column("question", Text, nullable=False),
    Column("state", String(16), nullable=False),  # running, done, interrupted
    Column("answer", JSON),
    Column("asked_at", UtcDateTime, nullable=False),
    Index(None, "conversation", "asked_at"),
)

flags = Table(
    "flag",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("turn", String(32), nullable=False),
    Column("asker", String(200), nullable=False),
    Column("decision", String(8), nullable=False),  # flag, hold or block
    Column("answer", JSON, nullable=False),  # snapshot
    Column("withheld", Text, nullable=False),
    Column("flagged_at", UtcDateTime, nullable=False),
    Index(None, "turn"),
    Index(None, "flagged_at"),
)

reviews = Table(
    "review",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("flag_id", ForeignKey("flag.id", ondelete="CASCADE"), nullable=False),
    Column("verdict", String(16), nullable=False),  # released or upheld
    Column("note", Text, nullable=False),
    Column("reviewer", String(200), nullable=False),
    Column("reviewed_at", UtcDateTime, nullable=False),
    UniqueConstraint("flag_id"),
)

api_keys = Table(
    "api_key",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(100), nullable=False),  # whom it is for; askers are kept as key:NAME
    Column("hash", String(64), nullable=False),  # SHA-256 of the key, which itself is nowhere kept
    Column("prefix", String(16), nullable=False),  # first characters of the key, to recognise it by
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    UniqueConstraint("hash"),
    Index(None, "prefix"),
)
