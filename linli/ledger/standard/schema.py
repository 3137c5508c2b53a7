"""The table of versions of the points standard, each kept as the bytes that terminals get."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table

from linli.ledger.database import MomentText, metadata

standard = Table(
    "standard",
    metadata,
    Column("version", String(32), primary_key=True),
    Column("effective_from", String(10), nullable=False, unique=True),
    Column("doc", LargeBinary, nullable=False),
    Column("imported_at", MomentText, nullable=False),
)
