"""Settings from afar: what is wanted of each terminal, and what it said about it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "terminal_wish",
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("doc", sa.LargeBinary, nullable=False),
        sa.Column("wished_at", MomentText, nullable=False),
        sa.Column("wished_by", sa.String(64), nullable=False),
    )
    op.create_table(
        "terminal_report",
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("error", sa.String(32), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("heard_at", MomentText, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("terminal_report")
    op.drop_table("terminal_wish")
