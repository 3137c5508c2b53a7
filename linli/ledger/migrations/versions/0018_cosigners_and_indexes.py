"""The public keys with which panels' leaders cosign the record; and what pages of a large ledger
look for: a community's pending deeds, and what staff did in some days.
"""

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
    op.drop_index("ix_deed_state", "deed")
    op.create_index("ix_deed_state_account", "deed", ["state", "account"])
    op.create_index("ix_audit_log_at", "audit_log", ["at"])


def downgrade() -> None:
    op.drop_index("ix_audit_log_at", "audit_log")
    op.drop_index("ix_deed_state_account", "deed")
    op.create_index("ix_deed_state", "deed", ["state"])
    op.drop_table("cosigner")
