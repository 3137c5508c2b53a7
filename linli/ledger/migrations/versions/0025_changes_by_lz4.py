"""On PostgreSQL, changes are pressed by LZ4.

A batch's change is some hundred kilobytes of JSON, and is read soon after it was written, by the
publisher. PostgreSQL's own way of making it small took as long as writing all other rows of a tap's
standing (https://www.postgresql.org/docs/current/storage-toast.html). Builds without LZ4 go on as
before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KNOWN = "SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression'"


def upgrade() -> None:
    _press_by("lz4")


def downgrade() -> None:
    _press_by("pglz")


def _press_by(way: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    known = connection.execute(sa.text(KNOWN)).scalar()
    if known is not None and way in known:
        op.execute(f"ALTER TABLE change ALTER COLUMN payload SET COMPRESSION {way}")
