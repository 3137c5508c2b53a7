"""On SQLite, tables of short rows are kept in the order of their keys, each row once.

A table with a row number is two trees, the rows and an index of the keys. Standings and counts are
written with every deed, and a rank is a walk through the counts: one tree is half the work
(https://sqlite.org/withoutrowid.html). PostgreSQL has no such tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NAME = sa.String(48)
INDEXES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "standing": {"ix_standing_rank": ("period", "scope", "kind", "points")},
    "point_count": {},
    "attendance": {"ix_attendance_in": ("in_at",), "ix_attendance_out": ("out_at",)},
}


def upgrade() -> None:
    _rebuild(with_rowid=False)


def downgrade() -> None:
    _rebuild(with_rowid=True)


def _rebuild(*, with_rowid: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, indexes in INDEXES.items():
        new = op.create_table(f"{table}_new", *_columns(table), sqlite_with_rowid=with_rowid)
        names = [column.name for column in new.columns]
        old = sa.table(table, *map(sa.column, names))
        op.execute(sa.insert(new).from_select(names, sa.select(old)))
        op.drop_table(table)
        op.rename_table(f"{table}_new", table)
        for index, columns in indexes.items():
            op.create_index(index, table, list(columns))


def _columns(table: str) -> list[sa.schema.SchemaItem]:
    if table == "standing":
        return [
            sa.Column("period", sa.String(8), primary_key=True),
            sa.Column("account", sa.String, primary_key=True),
            sa.Column("kind", sa.String(16), nullable=False),
            sa.Column("building", NAME, nullable=False),
            sa.Column("scope", NAME, nullable=False),
            sa.Column("pending", sa.Integer, nullable=False),
            sa.Column("posted", sa.Integer, nullable=False),
            sa.Column("points", sa.Integer, nullable=False),
            sa.Column("reached_at", MomentText, nullable=False),
        ]
    if table == "point_count":
        return [
            sa.Column("period", sa.String(8), primary_key=True),
            sa.Column("kind", sa.String(16), primary_key=True),
            sa.Column("node", NAME, primary_key=True),
            sa.Column("points", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("accounts", sa.Integer, nullable=False),
            sa.CheckConstraint("accounts >= 0", name="accounts_counted"),
        ]
    return [
        sa.Column("account", sa.String, primary_key=True),
        sa.Column("activity", sa.String, primary_key=True),
        sa.Column("in_at", MomentText),
        sa.Column("out_at", MomentText),
        sa.Column("flags", sa.String, nullable=False),
    ]
