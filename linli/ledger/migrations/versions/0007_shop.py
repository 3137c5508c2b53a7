"""The shop: windows, wares, merchants and offers, redemptions, vouchers, leases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAME = sa.String(48)


def upgrade() -> None:
    _window_and_wares()
    _merchants()
    _redeemed()
    _leases()


def downgrade() -> None:
    for table in (
        *("retired_terminal", "lease_spend", "lease", "voucher", "redemption"),
        *("offer", "merchant", "stock", "ware", "shop_window"),
    ):
        op.drop_table(table)


def _window_and_wares() -> None:
    op.create_table(
        "shop_window",
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), primary_key=True),
        sa.Column("quarter", sa.String(7), primary_key=True),
        sa.Column("opens", MomentText, nullable=False),
        sa.Column("closes", MomentText, nullable=False),
        sa.CheckConstraint("opens < closes", name="window_has_time"),
    )
    op.create_table(
        "ware",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("all_year", sa.Boolean, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.CheckConstraint("kind IN ('good', 'service')", name="ware_kind"),
        sa.CheckConstraint("points > 0", name="ware_has_price"),
    )
    op.create_table(
        "stock",
        sa.Column("ware", NAME, sa.ForeignKey("ware.id"), primary_key=True),
        sa.Column("centre", NAME, primary_key=True),
        sa.Column("remaining", sa.Integer),
        sa.CheckConstraint("remaining >= 0", name="stock_is_there"),
    )


def _merchants() -> None:
    op.create_table(
        "merchant",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), nullable=False, index=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
    )
    op.create_table(
        "offer",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("merchant", NAME, sa.ForeignKey("merchant.id"), nullable=False, index=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("per_person", sa.Integer),
        sa.Column("in_all", sa.Integer),
        sa.Column("community_fen", sa.Integer, nullable=False),
        sa.Column("merchant_fen", sa.Integer, nullable=False),
        sa.Column("valid_days", sa.Integer, nullable=False),
        sa.Column("all_year", sa.Boolean, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.CheckConstraint("points > 0", name="offer_has_price"),
        sa.CheckConstraint("community_fen >= 0 AND merchant_fen >= 0", name="offer_costs"),
        sa.CheckConstraint("valid_days > 0", name="offer_is_valid"),
        sa.CheckConstraint(
            "period IN ('day', 'week', 'month', 'quarter', 'year')", name="offer_period"
        ),
    )


def _redeemed() -> None:
    op.create_table(
        "redemption",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("holder", sa.String, sa.ForeignKey("holder.account"), nullable=False, index=True),
        sa.Column("ware", NAME, sa.ForeignKey("ware.id")),
        sa.Column("centre", NAME),
        sa.Column("offer", NAME, sa.ForeignKey("offer.id")),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("pieces", sa.Integer, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("credit", sa.String, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("refunded_at", MomentText),
        sa.Column("refund_request", sa.String(64)),
        sa.Column("refund_reason", sa.String),
        sa.CheckConstraint("(ware IS NULL) <> (offer IS NULL)", name="redeemed_one_thing"),
        sa.CheckConstraint("(ware IS NULL) = (centre IS NULL)", name="ware_has_centre"),
        sa.CheckConstraint("pieces > 0 AND points > 0", name="redeemed_something"),
        sa.CheckConstraint("(refunded_at IS NULL) = (refund_reason IS NULL)", name="refunded_why"),
    )
    op.create_index("ix_redemption_offer", "redemption", ["offer", "made_at"])
    op.create_table(
        "voucher",
        sa.Column("redemption", sa.String, sa.ForeignKey("redemption.id"), primary_key=True),
        sa.Column("code", sa.String(16), nullable=False, unique=True),
        sa.Column("merchant", NAME, sa.ForeignKey("merchant.id"), nullable=False),
        sa.Column("community_fen", sa.Integer, nullable=False),
        sa.Column("merchant_fen", sa.Integer, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("expires_at", MomentText, nullable=False),
        sa.Column("used_at", MomentText),
        sa.Column("used_request", sa.String(64)),
        sa.Column("stars", sa.Integer),
        sa.CheckConstraint(
            "state IN ('issued', 'used', 'refunded', 'expired')", name="voucher_state"
        ),
        sa.CheckConstraint("(state = 'used') = (used_at IS NOT NULL)", name="voucher_used_when"),
        sa.CheckConstraint("(used_at IS NULL) = (used_request IS NULL)", name="voucher_used_how"),
        sa.CheckConstraint(
            "stars IS NULL OR (state = 'used' AND stars BETWEEN 1 AND 5)", name="rated"
        ),
        sa.UniqueConstraint("merchant", "used_request", name="used_by_one_request"),
    )
    op.create_index("ix_voucher_used", "voucher", ["merchant", "used_at"])
    op.create_index("ix_voucher_due", "voucher", ["state", "expires_at"])


def _leases() -> None:
    op.create_table(
        "lease",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("terminal", NAME, sa.ForeignKey("terminal.name"), nullable=False, index=True),
        sa.Column("holder", sa.String, sa.ForeignKey("holder.account"), nullable=False, index=True),
        sa.Column("centre", NAME, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("spent", sa.Integer, nullable=False),
        sa.Column("returned", sa.Integer, nullable=False),
        sa.Column("retired", sa.Integer, nullable=False),
        sa.Column("opened_at", MomentText, nullable=False),
        sa.Column("closed_at", MomentText),
        sa.Column("closed_seq", sa.BigInteger),
        sa.Column("told", sa.Integer),
        sa.CheckConstraint("points > 0", name="lease_of_something"),
        sa.CheckConstraint("spent >= 0 AND returned >= 0 AND retired >= 0", name="lease_parts"),
        sa.CheckConstraint("spent + returned + retired <= points", name="lease_never_overspent"),
        sa.CheckConstraint("(closed_seq IS NULL) = (told IS NULL)", name="lease_told"),
    )
    op.create_table(
        "lease_spend",
        sa.Column("terminal", NAME, sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("lease", sa.String, sa.ForeignKey("lease.id"), nullable=False, index=True),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("conflict", sa.String(16)),
        sa.Column("received_at", MomentText, nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= points AND points > 0", name="spend_taken"),
        sa.CheckConstraint("(conflict IS NULL) = (taken = points)", name="spend_conflict"),
    )
    op.create_table(
        "retired_terminal",
        sa.Column("terminal", NAME, sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("at", MomentText, nullable=False),
    )
