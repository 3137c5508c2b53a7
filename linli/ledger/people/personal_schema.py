"""Tables of personal data, sealed, and of everybody who looked at it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from linli.ledger.database import MomentText, metadata

person = Table(
    "person",
    metadata,
    Column("account", String, ForeignKey("holder.account"), primary_key=True),
    Column("key_id", String(32), nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("phone", LargeBinary),
    Column("id_tail", LargeBinary),
    Column("birthday", LargeBinary),
    Column("phone_index", LargeBinary),
    Column("kept_at", MomentText, nullable=False),
    Index("ix_person_phone", "phone_index"),
    Index("ix_person_key", "key_id"),
)
"""Values as `vault.seal` leaves them; `key_id` names the key of a row. Deleted on erasure."""

audit_log = Table(
    "audit_log",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", MomentText, nullable=False),
    Column("who", String(64), nullable=False),
    Column("role", String(32), nullable=False),
    Column("what", String, nullable=False),
    Column("account", String),
    Column("why", String, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("ix_audit_log_account", "account"),
    Index("ix_audit_log_at", "at"),
)
"""Only ever added to: the database refuses the rest, and `digest` covers a row and `previous`, the
digest before it, so that what was taken away all the same is missed."""

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
)
"""One row: the end of the log. Without it, nobody would miss the newest rows."""
