"""Stories of neighbours for the board."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NOT_DOWN = sa.text("taken_down_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "story",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("scope", sa.String(48), sa.ForeignKey("org.id"), nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account")),
        sa.Column("certificate", sa.String(32), sa.ForeignKey("candidate.number")),
        sa.Column("activity", sa.String, sa.ForeignKey("activity.id")),
        sa.Column("written_by", sa.String, nullable=False),
        sa.Column("written_at", MomentText, nullable=False),
        sa.Column("approved_by", sa.String),
        sa.Column("approved_at", MomentText),
        sa.Column("taken_down_by", sa.String),
        sa.Column("taken_down_at", MomentText),
        sa.Column("taken_down_why", sa.String),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name="approved_by_somebody"
        ),
        sa.CheckConstraint("approved_by <> written_by", name="approved_by_another"),
        sa.CheckConstraint(
            "(taken_down_by IS NULL) = (taken_down_at IS NULL)"
            " AND (taken_down_by IS NULL) = (taken_down_why IS NULL)",
            name="taken_down_with_a_reason",
        ),
    )
    op.create_index("ix_story_account", "story", ["account"])
    op.create_index("ix_story_scope", "story", ["scope", "approved_at"])
    op.create_index(
        "ix_story_certificate",
        "story",
        ["certificate"],
        unique=True,
        sqlite_where=NOT_DOWN,
        postgresql_where=NOT_DOWN,
    )


def downgrade() -> None:
    op.drop_table("story")
