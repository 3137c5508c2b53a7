"""What staff want on the boards of their community, and messages over everything else."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_plan",
        sa.Column("scope", sa.String(48), sa.ForeignKey("org.id"), primary_key=True),
        sa.Column("doc", sa.LargeBinary, nullable=False),
        sa.Column("set_by", sa.String, nullable=False),
        sa.Column("set_at", MomentText, nullable=False),
    )
    op.create_table(
        "urgent",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("scope", sa.String(48), sa.ForeignKey("org.id"), nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("starts_at", MomentText, nullable=False),
        sa.Column("until", MomentText, nullable=False),
        sa.Column("said_by", sa.String, nullable=False),
        sa.Column("said_at", MomentText, nullable=False),
        sa.Column("ended_by", sa.String),
        sa.Column("ended_at", MomentText),
        sa.CheckConstraint("starts_at < until", name="urgent_has_time"),
        sa.CheckConstraint(
            "(ended_by IS NULL) = (ended_at IS NULL)", name="urgent_ended_by_somebody"
        ),
    )
    op.create_index("ix_urgent_scope", "urgent", ["scope", "until"])


def downgrade() -> None:
    op.drop_table("urgent")
    op.drop_table("board_plan")
