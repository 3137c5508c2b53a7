"""Tables of the journal: accounts, transfers between them, and the deeds they pay for.

The database itself holds three rules (see migrations/versions/0001_ledger.py): accounts sum to
zero at every commit, a holder's balance is never below zero, and a transfer only ever goes from
pending to posted or voided. On PostgreSQL the foreign keys of `deed` and `transfer` are triggers
that look once for each statement (0023_references_by_statement.py)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from linli.ledger.database import MomentText, metadata

account = Table(
    "account",
    metadata,
    Column("id", String, primary_key=True),
    Column("holder", String, ForeignKey("holder.account")),
    Column("purse", String(16), nullable=False),
    Column("system", Boolean, nullable=False),
    Column("posted", BigInteger, nullable=False),
    Column("pending", BigInteger, nullable=False),
    CheckConstraint("system OR (posted >= 0 AND pending >= 0)", name="no_overdraft"),
    Index("ix_account_holder", "holder"),
)
"""`pending` counts pending transfers except those of surplus deeds."""

zero = Table("zero", metadata, Column("value", BigInteger, primary_key=True, autoincrement=False))

ledger_total = Table(
    "ledger_total",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column(
        "posted",
        BigInteger,
        ForeignKey("zero.value", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    Column(
        "pending",
        BigInteger,
        ForeignKey("zero.value", deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
)
"""One row, kept by a trigger on `account`; its foreign keys to the only row of `zero` are checked
at commit, so that a transaction that makes or loses points cannot be committed."""

ledger_step = Table(
    "ledger_step",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("posted", BigInteger, nullable=False),
    Column("pending", BigInteger, nullable=False),
)
"""On PostgreSQL, what a statement adds to the total waits here for the end of its transaction, so
that writers do not wait for each other; outside of one there is nothing in it. SQLite has one
writer, and adds at once."""

deed = Table(
    "deed",
    metadata,
    Column("id", String, primary_key=True),
    Column("account", String, ForeignKey("holder.account"), nullable=False),
    Column("activity", String, ForeignKey("activity.id")),
    Column("item", String(16), nullable=False),
    Column("done_at", MomentText, nullable=False),
    Column("day", String(10), nullable=False),
    Column("points", Integer, nullable=False),
    Column("standard_version", String(32), nullable=False),
    Column("state", String(8), nullable=False),
    Column("surplus", Boolean, nullable=False),
    Column("flags", String, nullable=False),
    Column("transfer", String, nullable=False),
    Index("ix_deed_account_item_day", "account", "item", "day"),
    Index("ix_deed_state_account", "state", "account"),
)
"""`day` is the business day of `done_at`; `flags` are sorted, a space between; `transfer` is the
one that pays for it now."""

transfer = Table(
    "transfer",
    metadata,
    Column("id", String, primary_key=True),
    Column("debit", String, ForeignKey("account.id"), nullable=False),
    Column("credit", String, ForeignKey("account.id"), nullable=False),
    Column("points", Integer, CheckConstraint("points > 0", name="points_move"), nullable=False),
    Column("state", String(8), nullable=False),
    Column("deed", String),
    Column("item", String(16)),
    Column("standard_version", String(32)),
    Column("made_at", MomentText, nullable=False),
    Column("decided_at", MomentText),
    Column("reason", String, nullable=False),
    CheckConstraint("state IN ('pending', 'posted', 'voided')", name="transfer_state"),
    CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name="decided_when"),
    Index("ix_transfer_deed", "deed"),
)
