"""Events, outbox, batches, attendance, card counters, tallies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.String, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column(
            "seq", sa.Integer, sa.ForeignKey("event.seq"), primary_key=True, autoincrement=False
        ),
    )
    op.create_table(
        "batch",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("first_seq", sa.Integer, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
    )
    op.create_index("ix_batch_settled", "batch", ["settled"])
    op.create_table(
        "attendance",
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("activity", sa.String, primary_key=True),
        sa.Column("in_at", sa.String),
        sa.Column("out_at", sa.String),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "card_counter",
        sa.Column("card", sa.String, primary_key=True),
        sa.Column("counter", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("day", sa.String, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("tally", "card_counter", "attendance", "batch", "outbox", "event"):
        op.drop_table(table)
