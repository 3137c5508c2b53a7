"""The monthly notice, objections, and what is owed for deeds that were taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = sa.String(48)


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("frozen_at", MomentText, nullable=False),
        sa.Column("until", MomentText, nullable=False),
        sa.Column("sealed_at", MomentText),
    )
    op.create_table(
        "notice_deed",
        sa.Column("deed", sa.String, sa.ForeignKey("deed.id"), primary_key=True),
        sa.Column("scope", NAME, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("sealed", sa.Boolean, nullable=False),
    )
    op.create_index("ix_notice_deed_month", "notice_deed", ["scope", "month"])
    _objection()
    op.create_table(
        "debt",
        sa.Column("deed", sa.String, sa.ForeignKey("deed.id"), primary_key=True),
        sa.Column("holder", sa.String, sa.ForeignKey("holder.account"), nullable=False),
        sa.Column("issuance", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.CheckConstraint("points >= 0", name="debt_is_some"),
    )
    op.create_index("ix_debt_holder", "debt", ["holder"])
    op.create_index("ix_transfer_deed", "transfer", ["deed"])


def downgrade() -> None:
    op.drop_index("ix_transfer_deed", "transfer")
    for table in ("debt", "objection", "notice_deed", "notice"):
        op.drop_table(table)


def _objection() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("deed", sa.String, sa.ForeignKey("notice_deed.deed"), nullable=False),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("upheld", sa.Boolean),
        sa.Column("answer", sa.String),
        sa.Column("answered_by", sa.String, sa.ForeignKey("holder.account")),
        sa.Column("answered_at", MomentText),
        sa.CheckConstraint("way IN ('card', 'phone', 'desk')", name="objection_way"),
    )
    op.create_index("ix_objection_deed", "objection", ["deed"])
