"""Tables of the ranking: each account's points of a period, and how many accounts of a node
have how many points, so that a rank is a short sum at any size."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table

from linli.ledger.database import MomentText, metadata

standing = Table(
    "standing",
    metadata,
    Column("period", String(8), primary_key=True),
    Column("account", String, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("building", String(48), nullable=False),
    Column("scope", String(48), nullable=False),
    Column("pending", Integer, nullable=False),
    Column("posted", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("reached_at", MomentText, nullable=False),
    Index("ix_standing_rank", "period", "scope", "kind", "points"),
    sqlite_with_rowid=False,
)
"""`points` is pending + posted. A row that came back to nothing stays, with 0."""

point_count = Table(
    "point_count",
    metadata,
    Column("period", String(8), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("node", String(48), primary_key=True),
    Column("points", Integer, primary_key=True, autoincrement=False),
    Column("accounts", Integer, nullable=False),
    CheckConstraint("accounts >= 0", name="accounts_counted"),
    sqlite_with_rowid=False,
)
