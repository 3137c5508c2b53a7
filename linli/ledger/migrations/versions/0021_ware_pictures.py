"""Pictures of wares."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ware_picture",
        sa.Column("ware", sa.String(48), sa.ForeignKey("ware.id"), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("jpeg", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_ware_picture_digest", "ware_picture", ["digest"])


def downgrade() -> None:
    op.drop_table("ware_picture")
