"""Wrong PINs of maintainers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "maintenance_try",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("last_at", sa.String, nullable=False),
        sa.CheckConstraint("id = 1", name="one_row_of_tries"),
    )


def downgrade() -> None:
    op.drop_table("maintenance_try")
