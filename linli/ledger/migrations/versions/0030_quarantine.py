"""Terminals that are set apart, since when and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("terminal", sa.Column("quarantined_at", MomentText))
    op.add_column("terminal", sa.Column("quarantined_for", sa.String(16)))


def downgrade() -> None:
    op.drop_column("terminal", "quarantined_for")
    op.drop_column("terminal", "quarantined_at")
