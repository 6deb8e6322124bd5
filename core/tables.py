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
    LargeBinary,
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

# A library of its own: its documents, its list of sources, and who may read it.
collections = Table(
    "collection",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(100), nullable=False),
    Column("readers", JSON, nullable=False),  # askers who may read it; empty: everyone
    Column("edition_id", Integer),  # the edition that answers questions; none before the first document
    Column("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("name"),
)

# One way of indexing a collection: an embedder and a way of cutting. The live one answers; another may be in the
# making, and the one before is kept so that the swap can be undone.
editions = Table(
    "edition",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("collection_id", ForeignKey("collection.id", ondelete="CASCADE"), nullable=False),
    Column("state", String(16), nullable=False),  # live, building or retired
    Column("folder", String(40), nullable=False),  # where its indexes lie, under the home's index folder
    Column("embedder", String(200), nullable=False),  # which embedder makes its vectors
    Column("cut", String(40), nullable=False),  # which way of cutting makes its chunks
    Column("generation", Integer, nullable=False),  # rises with each change that readers must see
    Column("unfinished", Boolean, nullable=False),  # a writer began and has not ended: repair before the next write
    Column("as_of", UtcDateTime),
    Column("made_at", UtcDateTime, nullable=False),
    Index(None, "collection_id", "state"),
)

# Where documents come from: what `sync` mirrors.
roots = Table(
    "root",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("collection_id", ForeignKey("collection.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(8), nullable=False),  # folder, file or site
    Column("location", String(2000), nullable=False),  # absolute path or URL
    Column("options", JSON, nullable=False),  # of a site: how far to follow links
    Column("added_at", UtcDateTime, nullable=False),
    Column("synced_at", UtcDateTime),
    UniqueConstraint("collection_id", "location"),
)

documents = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("collection_id", ForeignKey("collection.id", ondelete="CASCADE"), nullable=False),
    Column("source", String(2000), nullable=False),
    Column("origin", String(4000), nullable=False),  # absolute path or URL that it was read from
    Column("root", String(2000), nullable=False),  # the folder, file or site that it was found by
    Column("container", String(2000)),  # source of the document that it came inside of
    Column("title", Text, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),  # SHA-256 of the file's bytes
    Column("recipe", String(200), nullable=False),  # what read it: readers' version and the options that shape the text
    Column("pages", Integer),
    Column("empty_pages", JSON, nullable=False),  # numbers of the pages without text
    Column("tables", Integer, nullable=False),
    Column("personal_data", Integer, nullable=False),  # stretches found
    Column("secrets", Integer, nullable=False),  # stretches found
    Column("language", String(8), nullable=False),
    Column("chunks", Integer, nullable=False),  # of the live edition
    Column("bytes", Integer, nullable=False),
    Column(
        "modified_ns", String(20), nullable=False
    ),  # the file's modification time, to skip hashing what is untouched
    Column("web", JSON),  # of a page: what makes the next request conditional, and its links
    Column("ingested_at", UtcDateTime, nullable=False),
    # last: what stands behind a long text is read through all of it
    Column("sections", JSON, nullable=False),  # [start, end, page, heading path] each
    Column("text", Text, nullable=False),
    UniqueConstraint("collection_id", "source"),
    Index(None, "collection_id", "chunks"),  # counting without a look at the documents
    Index(None, "collection_id", "root"),
    Index(None, "collection_id", "container"),
)

chunks = Table(
    "chunk",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("edition_id", ForeignKey("edition.id", ondelete="CASCADE"), nullable=False),
    Column("document_id", ForeignKey("document.id", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("key", String(32), nullable=False),  # hash of what the retrievers see: equal text is indexed once
    Column("text", Text, nullable=False),
    Column("heading", JSON, nullable=False),
    Column("page", Integer),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index(None, "edition_id", "key"),
    Index(None, "document_id", "edition_id", "ordinal"),
)

# What a chunk and each of its sentences mean, in 8 bits: for scoring the few that a search finds, not for finding them.
chunk_vectors = Table(
    "chunk_vector",
    metadata,
    Column("edition_id", ForeignKey("edition.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    Column("key", String(32), nullable=False, primary_key=True),  # the chunks' key
    Column("vectors", LargeBinary, nullable=False),  # rows of 8-bit numbers: the chunk's, then one a sentence
)

# Files that are not in the library, and why: refused, or set aside for a person to look at.
asides = Table(
    "aside",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("collection_id", ForeignKey("collection.id", ondelete="CASCADE"), nullable=False),
    Column("source", String(2000), nullable=False),
    Column("origin", String(4000), nullable=False),
    Column("root", String(2000), nullable=False),
    Column("state", String(16), nullable=False),  # refused, quarantined or rejected
    Column("code", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("suspects", JSON, nullable=False),  # of a quarantined one: the words that speak against it
    Column("document", JSON),  # of a quarantined one: what was read, so that it can be admitted as it was looked at
    Column("content_hash", String(64), nullable=False),
    Column("recipe", String(200), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("modified_ns", String(20), nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("reviewer", String(200)),
    Column("note", Text),
    Column("decided_at", UtcDateTime),
    UniqueConstraint("collection_id", "source"),
    Index(None, "state", "found_at"),
)

# What was done to the library, run by run and document by document. Holds names and numbers, no text of documents.
runs = Table(
    "ingest_run",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("collection_id", ForeignKey("collection.id", ondelete="CASCADE"), nullable=False),
    Column("command", String(16), nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),  # none: it runs, or was killed
    Index(None, "began_at"),
)

events = Table(
    "ingest_event",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run_id", ForeignKey("ingest_run.id", ondelete="CASCADE"), nullable=False),
    Column("source", String(2000), nullable=False),
    Column("state", String(16), nullable=False),
    Column("code", String(40)),
    Column("content_hash", String(64)),
    Column("pages", Integer),
    Column("characters", Integer),
    Column("chunks", Integer),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "source"),
    Index(None, "run_id"),
)

# Erasures: begun in the transaction that takes the rows out, ended when nothing is left on the disk.
receipts = Table(
    "receipt",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("collection", String(100), nullable=False),
    Column("source", String(2000), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("erased", JSON, nullable=False),  # how much of what
    Column("proof", JSON),  # what was looked through afterwards; none: not ended yet
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index(None, "source"),
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

# What guards said, by day: verdicts are counted, texts are not kept.
guard_counts = Table(
    "guard_count",
    metadata,
    Column("day", String(10), primary_key=True),  # 2026-01-31, in UTC
    Column("guard", String(200), primary_key=True),
    Column("stage", String(8), primary_key=True),
    Column("mode", String(8), primary_key=True),
    Column("outcome", String(8), primary_key=True),  # a decision, or unjudged
    Column("number", Integer, nullable=False),
)

# Who asked lately: for limits that all processes share. Rows live for a day.
asked = Table(
    "asked",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("asker", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "asker", "at"),
    Index(None, "at"),
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
