"""Tables of terminal.db. The events and the outbox are sync's own; attendance, card counters and
tallies are the terminal's memory of its own taps until the ledger's feed tells the same.

A tap writes to four of them; without row ids a table is one tree instead of two, and a commit
half the pages on the card."""

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

held_lease = Table(
    "held_lease",
    metadata,
    Column("id", String, primary_key=True),
    Column("account", String, nullable=False, index=True),
    Column("card", String, nullable=False),
    Column("request", String, nullable=False),
    Column("state", String, nullable=False),
    Column("granted", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    Column("spent", Integer, nullable=False),
    Column("returned", Integer, nullable=False),
    Column("asked_at", String, nullable=False),
    Column("used_at", String, nullable=False),
    CheckConstraint("reserved >= 0 AND spent >= 0 AND returned >= 0", name="lease_parts"),
    CheckConstraint("reserved + spent + returned <= granted", name="lease_never_overspent"),
)
"""What this terminal asked to hold of somebody's points, and what became of them; the id begins
with the account that was asked for, `account` is who has them. `reserved` is held back for doors
that are being opened. `used_at` is when it was granted or last spent from."""

redemption = Table(
    "redemption",
    metadata,
    Column("request", String, primary_key=True),
    Column("account", String, nullable=False),
    Column("card", String, nullable=False),
    Column("trust", String, nullable=False),
    Column("counter", Integer),
    Column("title", String, nullable=False),
    Column("points", Integer, nullable=False),
    Column("ware", String, nullable=False),
    Column("offer", String, nullable=False),
    Column("way", String, nullable=False),
    Column("lease", String, ForeignKey("held_lease.id")),
    Column("door", Integer),
    Column("nonce", LargeBinary, unique=True),
    Column("state", String, nullable=False, index=True),
    Column("order", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("left", Integer),
    Column("code", String, nullable=False),
    Column("merchant", String, nullable=False),
    Column("until", String),
    Column("shown_at", String),
    Column("made_at", String, nullable=False),
    Column("changed_at", String, nullable=False),
    CheckConstraint("way IN ('ledger', 'lease')", name="redemption_way"),
    CheckConstraint("(way = 'lease') = (lease IS NOT NULL)", name="redemption_lease"),
    CheckConstraint("state <> 'opening' OR nonce IS NOT NULL", name="opened_with_nonce"),
    CheckConstraint("points > 0", name="redemption_of_something"),
    Index("ix_redemption_card", "account", "card"),
)
"""States are those of `redeeming/redemption.py`. Words that are not known (yet) are ""."""

used_door = Table(
    "used_door",
    metadata,
    Column("door", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, ForeignKey("event.seq"), nullable=False),
)
"""Doors that opened, jammed, or may have: what the feed says of them is older than event `seq`."""

maintenance_try = Table(
    "maintenance_try",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("last_at", String, nullable=False),
    CheckConstraint("id = 1", name="one_row_of_tries"),
)

objected = Table(
    "objected",
    metadata,
    Column("account", String, primary_key=True),
    Column("deed", String, primary_key=True),
    sqlite_with_rowid=False,
)
"""What was said here: the feed does not tell who objected to what."""

__all__ = [
    "attendance",
    "card_counter",
    "held_lease",
    "maintenance_try",
    "metadata",
    "objected",
    "redemption",
    "tally",
    "used_door",
]
