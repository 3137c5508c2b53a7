"""Tables of how terminals and boards are: their last word, whether they are there, and what
happened to them lately."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from linli.ledger.database import MomentText, metadata

terminal_health = Table(
    "terminal_health",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("heard_at", MomentText, nullable=False),
    Column("said_at", MomentText, nullable=False),
    Column("began_at", MomentText, nullable=False),
    Column("bootid", String(64), nullable=False),
    Column("version", String(64), nullable=False),
    Column("firmware", String(64), nullable=False),
    Column("trial", String(64), nullable=False),
    Column("maintained", Boolean, nullable=False),
    Column("outbox", Integer, nullable=False),
    Column("outbox_oldest_s", Float, nullable=False),
    Column("celsius", Float),
    Column("disk_free_mb", Integer),
    Column("clock_good", Boolean, nullable=False),
    Column("problems", String, nullable=False),
    Column("doc", LargeBinary, nullable=False),
)
"""`heard_at` is by the ledger's clock, all other times by the terminal's. `problems` are those of
`problems.py` that its word alone shows, JSON; `doc` is the whole word, `Health` as JSON."""

terminal_presence = Table(
    "terminal_presence",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("online", Boolean, nullable=False),
    Column("since", MomentText, nullable=False),
    Column("bootid", String(64), nullable=False),
)
"""Whether it is connected, since when by the ledger's clock, and which start of its program said
`online` last."""

terminal_history = Table(
    "terminal_history",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("terminal", String(48), ForeignKey("terminal.name"), nullable=False),
    Column("at", MomentText, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("detail", String(200), nullable=False),
    Index("ix_history_terminal", "terminal", "number"),
)
"""What happened to each, the newest with the highest number, `at` by the ledger's clock; of each
the last few hundred, of the last months (`history.py`)."""
