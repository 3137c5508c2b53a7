"""Secure cards: master keys, orders, talks with cards, and which keys a card has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NAME = sa.String(48)


def upgrade() -> None:
    op.add_column("card", sa.Column("next_key", sa.String))
    op.create_table(
        "card_master",
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("retired_at", MomentText),
        sa.CheckConstraint("generation BETWEEN 1 AND 255", name="generation_is_a_version"),
        sa.CheckConstraint("(sealed IS NULL) = (retired_at IS NOT NULL)", name="retired_is_gone"),
    )
    op.create_table(
        "card_keys",
        sa.Column("card", sa.String, sa.ForeignKey("card.id"), primary_key=True),
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("next", sa.Integer),
    )
    op.create_index("ix_card_keys_scope", "card_keys", ["scope", "generation"])
    _orders()
    op.create_table(
        "card_talk",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("terminal", NAME, sa.ForeignKey("terminal.name"), nullable=False),
        sa.Column("order_id", sa.String(16), sa.ForeignKey("card_order.id")),
        sa.Column("uid", sa.String, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("heard", sa.String(64), nullable=False),
        sa.Column("said", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("expires_at", MomentText, nullable=False),
    )
    op.create_index("ix_card_talk_uid", "card_talk", ["uid"])
    op.create_index("ix_card_talk_expires", "card_talk", ["expires_at"])


def _orders() -> None:
    op.create_table(
        "card_order",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("scope", NAME, sa.ForeignKey("org.id"), nullable=False),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), nullable=False),
        sa.Column("card", sa.String, nullable=False),
        sa.Column("replaces", sa.String, sa.ForeignKey("card.id")),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("expires_at", MomentText, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("uid", sa.String),
        sa.Column("ended_at", MomentText),
        sa.Column("ended_by", sa.String(64)),
        sa.CheckConstraint("state IN ('open', 'done', 'gone')", name="order_state"),
        sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="order_ended"),
    )
    op.create_index("ix_card_order_scope", "card_order", ["scope", "state"])
    is_open = sa.text("state = 'open'")
    for name, column in (("ux_card_order_open", "account"), ("ux_card_order_uid", "uid")):
        op.create_index(
            name,
            "card_order",
            [column],
            unique=True,
            sqlite_where=is_open,
            postgresql_where=is_open,
        )


def downgrade() -> None:
    for table in ("card_talk", "card_order", "card_keys", "card_master"):
        op.drop_table(table)
    op.drop_column("card", "next_key")
