"""Deeds that no card witnessed: declarations, entries at the desk, their photos; who opened a case
first; since when somebody takes part."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

DEED = sa.String(48)
LOGIN = sa.String(32)


def upgrade() -> None:
    op.add_column("holder", sa.Column("enrolled_at", MomentText))
    _written()
    _evidence()
    op.create_table(
        "case_opened",
        sa.Column("deed", sa.String, primary_key=True),
        sa.Column("round", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("at", MomentText, nullable=False),
    )


def downgrade() -> None:
    for table in ("case_opened", "evidence", "photo", "desk_entry", "declaration"):
        op.drop_table(table)
    op.drop_column("holder", "enrolled_at")


def _written() -> None:
    op.create_table(
        "declaration",
        sa.Column("id", DEED, primary_key=True),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), nullable=False),
        sa.Column("item", sa.String(16), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
    )
    op.create_table(
        "desk_entry",
        sa.Column("id", DEED, primary_key=True),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), nullable=False),
        sa.Column("item", sa.String(16), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("paper", sa.String, nullable=False),
        sa.Column("entered_by", LOGIN, sa.ForeignKey("staff.login"), nullable=False),
        sa.Column("entered_role", sa.String(32), nullable=False),
        sa.Column("entered_account", sa.String, sa.ForeignKey("holder.account")),
        sa.Column("entered_at", MomentText, nullable=False),
        sa.Column("outcome", sa.String(8)),
        sa.Column("settled_by", LOGIN, sa.ForeignKey("staff.login")),
        sa.Column("settled_role", sa.String(32)),
        sa.Column("settled_account", sa.String, sa.ForeignKey("holder.account")),
        sa.Column("settled_at", MomentText),
        sa.Column("why", sa.String, nullable=False),
        sa.CheckConstraint("outcome IN ('signed', 'refused')", name="entry_outcome"),
        sa.CheckConstraint(
            "(outcome IS NULL) = (settled_at IS NULL) AND (outcome IS NULL) = (settled_by IS NULL)",
            name="entry_settled_by_somebody",
        ),
        sa.CheckConstraint(
            "outcome <> 'signed' OR settled_by <> entered_by", name="entry_signed_by_two"
        ),
    )
    for table in ("declaration", "desk_entry"):
        op.create_index(f"ix_{table}_account", table, ["account"])
        op.create_index(f"ix_{table}_day", table, ["day"])
    op.create_index("ix_desk_entry_outcome", "desk_entry", ["outcome"])


def _evidence() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("jpeg", sa.LargeBinary, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
    )
    op.create_table(
        "evidence",
        sa.Column("deed", DEED, primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("photo", sa.String(64), sa.ForeignKey("photo.id"), nullable=False),
        sa.Column("added_at", MomentText, nullable=False),
    )
    op.create_index("ix_evidence_photo", "evidence", ["photo"])
