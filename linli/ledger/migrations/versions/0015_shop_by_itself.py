"""The shop runs by itself: windows and settlements by the calendar, words of terminals about
leases, what was handed out, and merchants' phones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NAME = sa.String(48)
WINDOW_DAYS = "14"
ALREADY_GIVEN = (
    'INSERT INTO handed_out (transfer, "by", at)'
    " SELECT 'redeem.' || id, '', made_at FROM redemption WHERE ware IS NOT NULL"
)
"""Before, nobody wrote down who handed a thing out; nobody waits for it any more."""


def upgrade() -> None:
    _calendar()
    _leases()
    _merchants()


def downgrade() -> None:
    for table in ("merchant_device", "merchant_login", "settlement", "handed_out", "lease_word"):
        op.drop_table(table)
    for column in (
        *("refund_reason", "refund_request", "refunded_at"),
        *("missing", "from_stock", "pieces", "ware"),
    ):
        op.drop_column("lease_spend", column)
    op.drop_column("lease", "recalled_at")
    op.execute("DELETE FROM duty WHERE length(period) > 8")
    with op.batch_alter_table("duty") as duty:
        duty.alter_column("period", type_=sa.String(8), existing_type=sa.String(10))
    op.drop_column("calendar", "window_days")


def _calendar() -> None:
    op.add_column(
        "calendar",
        sa.Column("window_days", sa.Integer, nullable=False, server_default=WINDOW_DAYS),
    )
    with op.batch_alter_table("duty") as duty:
        duty.alter_column("period", type_=sa.String(10), existing_type=sa.String(8))


def _leases() -> None:
    op.add_column("lease", sa.Column("recalled_at", MomentText))
    for column in (
        sa.Column("ware", NAME),
        sa.Column("pieces", sa.Integer, nullable=False, server_default="1"),
        sa.Column("from_stock", sa.Integer, nullable=False, server_default="0"),
        sa.Column("missing", sa.Integer, nullable=False, server_default="0"),
        sa.Column("refunded_at", MomentText),
        sa.Column("refund_request", sa.String(64)),
        sa.Column("refund_reason", sa.String),
    ):
        op.add_column("lease_spend", column)
    op.create_table(
        "lease_word",
        sa.Column("terminal", NAME, sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    )
    op.create_table(
        "handed_out",
        sa.Column("transfer", sa.String, sa.ForeignKey("transfer.id"), primary_key=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", MomentText, nullable=False),
    )
    op.execute(ALREADY_GIVEN)


def _merchants() -> None:
    op.create_table(
        "settlement",
        sa.Column("merchant", NAME, sa.ForeignKey("merchant.id"), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("vouchers", sa.Integer, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("community_fen", sa.BigInteger, nullable=False),
        sa.Column("merchant_fen", sa.BigInteger, nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
    )
    op.create_table(
        "merchant_login",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("merchant", NAME, sa.ForeignKey("merchant.id"), nullable=False, index=True),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("expires_at", MomentText, nullable=False),
        sa.Column("ended_at", MomentText),
    )
    op.create_table(
        "merchant_device",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("merchant", NAME, sa.ForeignKey("merchant.id"), nullable=False, index=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("since", MomentText, nullable=False),
        sa.Column("seen_at", MomentText, nullable=False),
        sa.Column("ended_at", MomentText),
        sa.Column("ended_by", sa.String(64)),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name="device_ended_by_somebody"
        ),
    )
