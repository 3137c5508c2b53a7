"""Residents' phones: the tickets that link them, and the links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_ticket",
        sa.Column("digest", sa.String(32), primary_key=True),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), nullable=False),
        sa.Column("card", sa.String, sa.ForeignKey("card.id")),
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name")),
        sa.Column("issued_by", sa.String(64)),
        sa.Column("issued_at", MomentText, nullable=False),
        sa.Column("used_at", MomentText),
        sa.CheckConstraint(
            "(terminal IS NULL) <> (issued_by IS NULL)", name="ticket_has_one_origin"
        ),
        sa.CheckConstraint(
            "(card IS NULL) = (terminal IS NULL)", name="ticket_of_a_tap_names_its_card"
        ),
    )
    op.create_index("ix_phone_ticket_account", "phone_ticket", ["account"])
    op.create_table(
        "phone",
        sa.Column("id", sa.String(32), sa.ForeignKey("phone_ticket.digest"), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), nullable=False),
        sa.Column("card", sa.String, sa.ForeignKey("card.id")),
        sa.Column("device", sa.String(32), nullable=False),
        sa.Column("linked_at", MomentText, nullable=False),
        sa.Column("last_seen_at", MomentText, nullable=False),
        sa.Column("revoked_at", MomentText),
        sa.Column("revoked_why", sa.String(16)),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_why IS NULL)", name="phone_revoked_with_why"
        ),
    )
    op.create_index("ix_phone_account", "phone", ["account"])
    op.create_index("ix_phone_card", "phone", ["card"])


def downgrade() -> None:
    for table in ("phone", "phone_ticket"):
        op.drop_table(table)
