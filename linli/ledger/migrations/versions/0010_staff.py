"""Staff: accounts, sessions, failed attempts, forms that were taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("login", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("scope", sa.String(48), sa.ForeignKey("org.id")),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account")),
        sa.Column("password", sa.String, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("totp", sa.LargeBinary),
        sa.Column("totp_key", sa.String(32)),
        sa.Column("totp_step", sa.BigInteger),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("ended_at", MomentText),
    )
    op.create_table(
        "staff_session",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("login", sa.String(32), sa.ForeignKey("staff.login"), nullable=False),
        sa.Column("begun_at", MomentText, nullable=False),
        sa.Column("seen_at", MomentText, nullable=False),
        sa.Column("ended_at", MomentText),
    )
    op.create_index("ix_staff_session_login", "staff_session", ["login"])
    op.create_table(
        "attempt",
        sa.Column("name", sa.String(96), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", MomentText, nullable=False),
        sa.Column("held_until", MomentText),
    )
    op.create_table(
        "submission",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", MomentText, nullable=False),
    )


def downgrade() -> None:
    for table in ("submission", "attempt", "staff_session", "staff"):
        op.drop_table(table)
