"""What people do at a terminal by themselves: PINs, doors of lockers, and when a consent was said;
what terminals say is settled one word at a time, not only of leases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NAME = sa.String(48)


def upgrade() -> None:
    op.add_column("holder", sa.Column("consent_said_at", MomentText))
    op.create_table(
        "holder_pin",
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), primary_key=True),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("held_until", MomentText),
        sa.Column("set_at", MomentText, nullable=False),
        sa.CheckConstraint("failures >= 0", name="pin_failures"),
    )
    op.rename_table("lease_word", "waiting_word")
    op.create_table(
        "locker_door",
        sa.Column("terminal", NAME, sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("door", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("ware", NAME, sa.ForeignKey("ware.id")),
        sa.Column("filled", sa.Boolean, nullable=False),
        sa.Column("filled_at", MomentText),
        sa.CheckConstraint("door > 0", name="door_has_number"),
        sa.CheckConstraint("ware IS NOT NULL OR NOT filled", name="filled_with_something"),
    )
    op.create_table(
        "door_trouble",
        sa.Column("terminal", NAME, sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("door", sa.Integer, nullable=False),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), nullable=False),
        sa.Column("order_id", sa.String, nullable=False),
        sa.Column("ware", sa.String, nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("came_of_it", sa.String(16), nullable=False),
        sa.Column("at", MomentText, nullable=False),
        sa.Column("settled_at", MomentText),
        sa.Column("settled_by", sa.String(64)),
        sa.Column("found", sa.String(16)),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (found IS NULL) AND (found IS NULL) = (settled_by IS NULL)",
            name="trouble_settled",
        ),
    )
    op.create_index("ix_door_trouble_account", "door_trouble", ["account"])


def downgrade() -> None:
    for table in ("door_trouble", "locker_door", "holder_pin"):
        op.drop_table(table)
    op.rename_table("waiting_word", "lease_word")
    op.drop_column("holder", "consent_said_at")
