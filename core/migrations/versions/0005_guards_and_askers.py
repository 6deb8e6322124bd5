"""How often guards fired, and who asked lately"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Counting begins now: of earlier turns only the flags tell."""
    op.create_table(
        "guard_count",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("guard", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=8), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "guard", "stage", "mode", "outcome", name=op.f("pk_guard_count")),
    )
    op.create_table(
        "asked",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("asker", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked")),
    )
    with op.batch_alter_table("asked", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asked_asker_at"), ["asker", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_asked_at"), ["at"], unique=False)


def downgrade() -> None:
    """Back to the schema before."""
    op.drop_table("asked")
    op.drop_table("guard_count")
