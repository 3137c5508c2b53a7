"""Tables of staff: accounts, sessions, failed attempts at any door, and forms that were taken."""

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

staff = Table(
    "staff",
    metadata,
    Column("login", String(32), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("role", String(16), nullable=False),
    Column("scope", String(48), ForeignKey("org.id")),
    Column("account", String, ForeignKey("holder.account")),
    Column("password", String, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("totp", LargeBinary),
    Column("totp_key", String(32)),
    Column("totp_step", BigInteger),
    Column("made_at", MomentText, nullable=False),
    Column("ended_at", MomentText),
)
"""`scope` is the community they work for, None for the whole ledger; `account` the points account
of a panel member; `totp` the secret of their one-time codes as `vault.seal` leaves it, `totp_step`
the newest code that was used."""

staff_session = Table(
    "staff_session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("login", String(32), ForeignKey("staff.login"), nullable=False),
    Column("begun_at", MomentText, nullable=False),
    Column("seen_at", MomentText, nullable=False),
    Column("ended_at", MomentText),
    Index("ix_staff_session_login", "login"),
)
"""`digest` is the SHA-256 of what the browser holds: who reads the table gets in nowhere."""

attempt = Table(
    "attempt",
    metadata,
    Column("name", String(96), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", MomentText, nullable=False),
    Column("held_until", MomentText),
)
"""Failed attempts by what was tried, such as `login:liuyang` or `address:10.1.2.3`."""

submission = Table(
    "submission",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("by", String(64), nullable=False),
    Column("at", MomentText, nullable=False),
)
"""Forms that were taken, so that the same one sent twice is done once."""
