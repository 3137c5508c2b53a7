"""Tables of terminal.db. The events and the outbox are sync's own; attendance, card counters and
tallies are the terminal's memory of its own taps until the ledger's feed tells the same.

A tap writes to four of them; without row ids a table is one tree instead of two, and a commit
half the pages on the card."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from linli.sync.outbox import metadata

attendance = Table(
    "attendance",
    metadata,
    Column("account", String, primary_key=True),
    Column("activity", String, primary_key=True),
    Column("in_at", String),
    Column("out_at", String),
    sqlite_with_rowid=False,
)

card_counter = Table(
    "card_counter",
    metadata,
    Column("card", String, primary_key=True),
    Column("counter", Integer, nullable=False),
    sqlite_with_rowid=False,
)

tally = Table(
    "tally",
    metadata,
    Column("name", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("count", Integer, nullable=False),
)

__all__ = ["attendance", "card_counter", "metadata", "tally"]
