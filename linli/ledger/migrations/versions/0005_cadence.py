"""Each community's calendar, and the duties that fell due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME = sa.String(48)


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), primary_key=True),
        sa.Column("first_month", sa.String(7), nullable=False),
        sa.Column("freeze_day", sa.Integer, nullable=False),
        sa.Column("notice_days", sa.Integer, nullable=False),
        sa.CheckConstraint("freeze_day BETWEEN 1 AND 28", name="freeze_day_in_any_month"),
        sa.CheckConstraint("notice_days BETWEEN 1 AND 28", name="notice_days_in_a_month"),
    )
    op.create_table(
        "duty",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("scope", NAME, primary_key=True),
        sa.Column("period", sa.String(8), primary_key=True),
        sa.Column("due_at", MomentText, nullable=False),
        sa.Column("done_at", MomentText),
        sa.Column("outcome", sa.String, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("duty")
    op.drop_table("calendar")
