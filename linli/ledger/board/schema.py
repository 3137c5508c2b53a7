"""Tables of the board: each community's plan, and the messages over everything else."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from linli.ledger.database import MomentText, metadata

board_plan = Table(
    "board_plan",
    metadata,
    Column("scope", String(48), ForeignKey("org.id"), primary_key=True),
    Column("doc", LargeBinary, nullable=False),
    Column("set_by", String, nullable=False),
    Column("set_at", MomentText, nullable=False),
)
"""`doc` is the `BoardPlanRow`, as boards are told of it."""

urgent = Table(
    "urgent",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("scope", String(48), ForeignKey("org.id"), nullable=False),
    Column("text", String, nullable=False),
    Column("starts_at", MomentText, nullable=False),
    Column("until", MomentText, nullable=False),
    Column("said_by", String, nullable=False),
    Column("said_at", MomentText, nullable=False),
    Column("ended_by", String),
    Column("ended_at", MomentText),
    CheckConstraint("starts_at < until", name="urgent_has_time"),
    CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="urgent_ended_by_somebody"),
    Index("ix_urgent_scope", "scope", "until"),
)
"""`until` stays what was said; one that was taken back is over from `ended_at` on."""
