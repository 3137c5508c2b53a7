"""Tables of what arrived: events for good, the batches that brought them, what was parked, and
who came to what."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from linli.ledger.database import MomentText, metadata

received = Table(
    "received",
    metadata,
    Column("terminal", String(48), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("type", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("boot", String, nullable=False),
    Column("claimed_at", MomentText),
    Column("clockgood", Boolean, nullable=False),
    Column("monotonicms", BigInteger, nullable=False),
    Column("received_at", MomentText, nullable=False),
    Column("batch", BigInteger, nullable=False),
    Column("account", String),
    Column("activity", String),
    Column("applied", Boolean, nullable=False),
    Column("reason", String(24)),
    Index("ix_received_account", "account", "activity"),
    Index("ix_received_boot", "terminal", "boot", "clockgood", "seq"),
)
"""`reason` says why an event is not applied; `digest` is the SHA-256 (hex) of `body`."""

batch = Table(
    "batch",
    metadata,
    Column("terminal", String(48), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("forked", Boolean, nullable=False),
    Index("ix_batch_number", "terminal", "number"),
)
"""`forked` batches contradict one that came before them: kept, parked, and not applied."""

parked = Table(
    "parked",
    metadata,
    Column("terminal", String, primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("reason", String(24), nullable=False),
    Column("detail", String, nullable=False),
    Column("signed", Boolean, nullable=False),
    Column("seq", BigInteger),
    Column("payload", LargeBinary, nullable=False),
    Column("count", Integer, nullable=False),
    Column("first_at", MomentText, nullable=False),
    Column("last_at", MomentText, nullable=False),
    Index("ix_parked_rubbish", "signed", "last_at"),
)
"""`terminal` is the name in the topic; `seq` is set for a single event of a signed batch."""

waiting_word = Table(
    "waiting_word",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
)
"""Events that are kept, and settled one at a time after their batch: words.py."""

attendance = Table(
    "attendance",
    metadata,
    Column("account", String, primary_key=True),
    Column("activity", String, primary_key=True),
    Column("in_at", MomentText),
    Column("out_at", MomentText),
    Column("flags", String, nullable=False),
    Index("ix_attendance_in", "in_at"),
    Index("ix_attendance_out", "out_at"),
    sqlite_with_rowid=False,
)
