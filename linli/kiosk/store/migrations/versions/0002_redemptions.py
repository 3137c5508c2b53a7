"""Redemptions of this terminal, leases that it holds, and doors that it opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_lease",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("card", sa.String, nullable=False),
        sa.Column("request", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("granted", sa.Integer, nullable=False),
        sa.Column("reserved", sa.Integer, nullable=False),
        sa.Column("spent", sa.Integer, nullable=False),
        sa.Column("returned", sa.Integer, nullable=False),
        sa.Column("asked_at", sa.String, nullable=False),
        sa.Column("used_at", sa.String, nullable=False),
        sa.CheckConstraint("reserved >= 0 AND spent >= 0 AND returned >= 0", name="lease_parts"),
        sa.CheckConstraint("reserved + spent + returned <= granted", name="lease_never_overspent"),
    )
    op.create_index("ix_held_lease_account", "held_lease", ["account"])
    op.create_table(
        "redemption",
        sa.Column("request", sa.String, primary_key=True),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("card", sa.String, nullable=False),
        sa.Column("trust", sa.String, nullable=False),
        sa.Column("counter", sa.Integer),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("ware", sa.String, nullable=False),
        sa.Column("offer", sa.String, nullable=False),
        sa.Column("way", sa.String, nullable=False),
        sa.Column("lease", sa.String, sa.ForeignKey("held_lease.id")),
        sa.Column("door", sa.Integer),
        sa.Column("nonce", sa.LargeBinary, unique=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("order", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("left", sa.Integer),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("merchant", sa.String, nullable=False),
        sa.Column("until", sa.String),
        sa.Column("shown_at", sa.String),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("changed_at", sa.String, nullable=False),
        sa.CheckConstraint("way IN ('ledger', 'lease')", name="redemption_way"),
        sa.CheckConstraint("(way = 'lease') = (lease IS NOT NULL)", name="redemption_lease"),
        sa.CheckConstraint("state <> 'opening' OR nonce IS NOT NULL", name="opened_with_nonce"),
        sa.CheckConstraint("points > 0", name="redemption_of_something"),
    )
    op.create_table(
        "used_door",
        sa.Column("door", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("seq", sa.Integer, sa.ForeignKey("event.seq"), nullable=False),
    )
    op.create_index("ix_redemption_state", "redemption", ["state"])
    op.create_index("ix_redemption_card", "redemption", ["account", "card"])


def downgrade() -> None:
    op.drop_table("used_door")
    op.drop_table("redemption")
    op.drop_table("held_lease")
