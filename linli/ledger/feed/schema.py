"""Tables of the feeds: the last number of each, and every numbered change."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, String, Table, false

from linli.ledger.database import MomentText, metadata

feed_head = Table(
    "feed_head",
    metadata,
    Column("scope", String(48), primary_key=True),
    Column("stream", String(16), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("scope", String(48), primary_key=True),
    Column("stream", String(16), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", MomentText, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("published", Boolean, nullable=False),
)
Index(
    "ix_change_waiting",
    change.c.scope,
    change.c.stream,
    change.c.number,
    sqlite_where=change.c.published == false(),
    postgresql_where=change.c.published == false(),
)
"""The ledger's own outbox: what was committed and not yet taken by the broker."""
