"""The annual awards: candidates and ballots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NAME = sa.String(48)


def upgrade() -> None:
    op.create_table(
        "candidate",
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), primary_key=True),
        sa.Column("year", sa.String(4), primary_key=True),
        sa.Column("title", sa.String(16), primary_key=True),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), primary_key=True),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("proposed_at", MomentText, nullable=False),
        sa.Column("chosen_at", MomentText),
        sa.Column("number", sa.String(32), unique=True),
        sa.CheckConstraint("title IN ('star', 'neighbour')", name="award_title"),
        sa.CheckConstraint("(chosen_at IS NULL) = (number IS NULL)", name="chosen_with_a_number"),
    )
    op.create_table(
        "ballot",
        sa.Column("scope", NAME, primary_key=True),
        sa.Column("year", sa.String(4), primary_key=True),
        sa.Column("title", sa.String(16), primary_key=True),
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("member", sa.String, sa.ForeignKey("holder.account"), primary_key=True),
        sa.Column("in_favour", sa.Boolean, nullable=False),
        sa.Column("at", MomentText, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("ballot")
    op.drop_table("candidate")
