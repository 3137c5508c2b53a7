"""The table of activities: what there is to come to, each in one community's scope."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table

from linli.ledger.database import MomentText, metadata

activity = Table(
    "activity",
    metadata,
    Column("id", String, primary_key=True),
    Column("scope", String(48), ForeignKey("org.id"), nullable=False, index=True),
    Column("title", String, nullable=False),
    Column("item", String(16), nullable=False),
    Column("points", Integer, nullable=False),
    Column("place", String, nullable=False),
    Column("starts_at", MomentText, nullable=False),
    Column("ends_at", MomentText, nullable=False),
    Column("centre", String(48), nullable=False),
    Column("early_min", Integer, nullable=False),
    Column("late_min", Integer, nullable=False),
    Column("out_late_min", Integer, nullable=False),
    Column("min_minutes", Integer),
    Column("cancelled", Boolean, nullable=False),
)
