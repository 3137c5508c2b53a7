"""The table of terminals and boards: whose word the ledger takes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table

from linli.ledger.database import MomentText, metadata

terminal = Table(
    "terminal",
    metadata,
    Column("name", String(48), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("scope", String(48), ForeignKey("org.id"), nullable=False),
    Column("centre", String(48), nullable=False),
    Column("watermark", BigInteger, nullable=False),
    Column("registered_at", MomentText, nullable=False),
)
"""`watermark` is the highest seq with none missing below it."""
