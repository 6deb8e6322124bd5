"""Vectors of chunks and their sentences; long texts at the end of their rows"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ORDER = (
    "id", "collection_id", "source", "origin", "root", "container", "title", "characters", "content_hash", "recipe",
    "pages", "empty_pages", "tables", "personal_data", "secrets", "language", "chunks", "bytes", "modified_ns", "web",
    "ingested_at", "sections", "text",
)  # fmt: skip


def upgrade() -> None:
    """Chunks that are there get their sentences' vectors when they are indexed anew; until then they do without."""
    op.create_table(
        "chunk_vector",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_chunk_vector_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edition_id", "key", name=op.f("pk_chunk_vector")),
    )
    if op.get_bind().dialect.name == "sqlite":  # others keep long values apart from their rows
        with op.batch_alter_table("document", recreate="always", partial_reordering=[_ORDER]):
            pass
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_collection_id_chunks"), ["collection_id", "chunks"], unique=False)


def downgrade() -> None:
    """Back to the schema before."""
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_collection_id_chunks"))
    op.drop_table("chunk_vector")
