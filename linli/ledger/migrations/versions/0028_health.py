"""How terminals are: their last word, whether they are there, and what happened to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "terminal_health",
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("heard_at", MomentText, nullable=False),
        sa.Column("said_at", MomentText, nullable=False),
        sa.Column("began_at", MomentText, nullable=False),
        sa.Column("bootid", sa.String(64), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("firmware", sa.String(64), nullable=False),
        sa.Column("trial", sa.String(64), nullable=False),
        sa.Column("maintained", sa.Boolean, nullable=False),
        sa.Column("outbox", sa.Integer, nullable=False),
        sa.Column("outbox_oldest_s", sa.Float, nullable=False),
        sa.Column("celsius", sa.Float),
        sa.Column("disk_free_mb", sa.Integer),
        sa.Column("clock_good", sa.Boolean, nullable=False),
        sa.Column("problems", sa.String, nullable=False),
        sa.Column("doc", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "terminal_presence",
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("online", sa.Boolean, nullable=False),
        sa.Column("since", MomentText, nullable=False),
        sa.Column("bootid", sa.String(64), nullable=False),
    )
    op.create_table(
        "terminal_history",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name"), nullable=False),
        sa.Column("at", MomentText, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
    )
    op.create_index("ix_history_terminal", "terminal_history", ["terminal", "number"])


def downgrade() -> None:
    op.drop_table("terminal_history")
    op.drop_table("terminal_presence")
    op.drop_table("terminal_health")
