"""Collections, editions of their indexes, sources, files set aside, history, receipts"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Put what there is into a collection of its own; its indexes are made anew at the next write."""
    op.create_table(
        "collection",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("readers", sa.JSON(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
        sa.UniqueConstraint("name", name=op.f("uq_collection_name")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("collection", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=2000), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("erased", sa.JSON(), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_source"), ["source"], unique=False)

    op.create_table(
        "aside",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=2000), nullable=False),
        sa.Column("origin", sa.String(length=4000), nullable=False),
        sa.Column("root", sa.String(length=2000), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suspects", sa.JSON(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("recipe", sa.String(length=200), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("modified_ns", sa.String(length=20), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_aside_collection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aside")),
        sa.UniqueConstraint("collection_id", "source", name=op.f("uq_aside_collection_id_source")),
    )
    with op.batch_alter_table("aside", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aside_state_found_at"), ["state", "found_at"], unique=False)

    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("folder", sa.String(length=40), nullable=False),
        sa.Column("embedder", sa.String(length=200), nullable=False),
        sa.Column("cut", sa.String(length=40), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("unfinished", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_edition_collection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_collection_id_state"), ["collection_id", "state"], unique=False)

    op.create_table(
        "ingest_run",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("command", sa.String(length=16), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_ingest_run_collection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingest_run")),
    )
    with op.batch_alter_table("ingest_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ingest_run_began_at"), ["began_at"], unique=False)

    op.create_table(
        "root",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("location", sa.String(length=2000), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collection.id"], name=op.f("fk_root_collection_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_root")),
        sa.UniqueConstraint("collection_id", "location", name=op.f("uq_root_collection_id_location")),
    )
    op.create_table(
        "ingest_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=2000), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("characters", sa.Integer(), nullable=True),
        sa.Column("chunks", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["ingest_run.id"], name=op.f("fk_ingest_event_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingest_event")),
    )
    with op.batch_alter_table("ingest_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ingest_event_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ingest_event_source"), ["source"], unique=False)

    op.execute("CREATE TABLE chunk_before AS SELECT * FROM chunk")
    op.drop_table("chunk")  # before its parent, whose rebuilding would empty it
    _move_library()
    op.drop_table("library")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("collection_id", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("root", sa.String(length=2000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("container", sa.String(length=2000), nullable=True))
        batch_op.add_column(sa.Column("sections", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("characters", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("empty_pages", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("tables", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("personal_data", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("secrets", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("web", sa.JSON(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_document_source"), type_="unique")
        batch_op.create_index(batch_op.f("ix_document_collection_id_root"), ["collection_id", "root"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_document_collection_id_container"), ["collection_id", "container"], unique=False
        )
        batch_op.create_unique_constraint(batch_op.f("uq_document_collection_id_source"), ["collection_id", "source"])
        batch_op.create_foreign_key(
            batch_op.f("fk_document_collection_id"), "collection", ["collection_id"], ["id"], ondelete="CASCADE"
        )
    op.execute("UPDATE document SET characters = length(text), recipe = ''")  # read anew at the next ingest
    op.create_table(
        "chunk",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("heading", sa.JSON(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_chunk_edition_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_chunk_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunk")),
    )
    with op.batch_alter_table("chunk", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_chunk_document_id_edition_id_ordinal"),
            ["document_id", "edition_id", "ordinal"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_chunk_edition_id_key"), ["edition_id", "key"], unique=False)
    columns = 'document_id, ordinal, key, text, heading, page, start, "end"'
    op.execute(f"INSERT INTO chunk (edition_id, {columns}) SELECT 1, {columns} FROM chunk_before ORDER BY id")  # noqa: S608
    op.drop_table("chunk_before")


def _move_library() -> None:
    """The library that there was becomes the first collection with one edition."""
    connection = op.get_bind()
    row = connection.execute(sa.text("SELECT generation, embedder, as_of FROM library")).first()
    if row is None:
        return
    moment = "CURRENT_TIMESTAMP"
    op.execute(
        "INSERT INTO collection (name, readers, edition_id, made_at) "  # noqa: S608
        f"VALUES ('default', '[]', 1, {moment})"
    )
    connection.execute(
        sa.text(
            "INSERT INTO edition (collection_id, state, folder, embedder, cut, generation, unfinished, as_of, made_at) "  # noqa: S608
            f"VALUES (1, 'live', 'first', :embedder, '1', :generation, :unfinished, :as_of, {moment})"
        ),
        {"embedder": row.embedder, "generation": row.generation, "unfinished": True, "as_of": row.as_of},
    )


def downgrade() -> None:
    """Not possible: an older program knows one collection only."""
    raise NotImplementedError("Restore the database from a backup of before the upgrade.")
