"""The public record: leaves, the tree's complete subtrees, checkpoints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_leaf",
        sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("deed", sa.String, sa.ForeignKey("deed.id"), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.Column("salt", sa.LargeBinary),
        sa.UniqueConstraint("deed", "state", name="logged_once"),
    )
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
    )


def downgrade() -> None:
    for table in ("log_checkpoint", "log_node", "log_leaf"):
        op.drop_table(table)
