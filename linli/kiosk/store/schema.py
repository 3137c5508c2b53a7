"""Tables of terminal.db. The events and the outbox are sync's own; attendance, card counters and
tallies are the terminal's memory of its own taps until the ledger's feed tells the same."""

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
)

card_counter = Table(
    "card_counter",
    metadata,
    Column("card", String, primary_key=True),
    Column("counter", Integer, nullable=False),
)

tally = Table(
    "tally",
    metadata,
    Column("name", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("count", Integer, nullable=False),
)

__all__ = ["attendance", "card_counter", "metadata", "tally"]
