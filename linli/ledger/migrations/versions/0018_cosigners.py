"""The public keys with which panels' leaders cosign the record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cosigner",
        sa.Column("login", sa.String(32), sa.ForeignKey("staff.login"), primary_key=True),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("since", MomentText, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("cosigner")
