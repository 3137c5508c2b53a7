"""The review panel, its members' opinions and what it decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = sa.String(48)


def upgrade() -> None:
    op.create_table(
        "panel",
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), primary_key=True),
        sa.Column("quorum", sa.Integer, nullable=False),
        sa.CheckConstraint("quorum >= 1", name="quorum_is_some"),
    )
    op.create_table(
        "panel_member",
        sa.Column("scope", NAME, sa.ForeignKey("panel.scope"), primary_key=True),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), primary_key=True),
        sa.Column("since", MomentText, primary_key=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("stands_for", sa.String(32), nullable=False),
        sa.Column("until", MomentText),
        sa.CheckConstraint("role IN ('leader', 'member')", name="panel_role"),
    )
    op.create_table(
        "opinion",
        sa.Column("deed", sa.String, primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("member", sa.String, sa.ForeignKey("holder.account"), primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("choice", sa.String(8), nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("at", MomentText, nullable=False),
        sa.CheckConstraint("choice IN ('post', 'void', 'return')", name="opinion_choice"),
    )
    op.create_table(
        "verdict",
        sa.Column("deed", sa.String, primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("scope", NAME, nullable=False),
        sa.Column("week", sa.String(8), nullable=False),
        sa.Column("choice", sa.String(8), nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("at", MomentText, nullable=False),
        sa.Column("completed_at", MomentText),
        sa.Column("completion", sa.String),
    )
    op.create_index("ix_verdict_week", "verdict", ["scope", "week"])
    op.create_index("ix_deed_state", "deed", ["state"])


def downgrade() -> None:
    op.drop_index("ix_deed_state", "deed")
    for table in ("verdict", "opinion", "panel_member", "panel"):
        op.drop_table(table)
