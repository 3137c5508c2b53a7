"""Tables of terminals and boards: whose word the ledger takes, how they came in, by which
certificates they connect, and whether one identity is in use twice."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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

terminal = Table(
    "terminal",
    metadata,
    Column("name", String(48), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("scope", String(48), ForeignKey("org.id"), nullable=False),
    Column("centre", String(48), nullable=False),
    Column("watermark", BigInteger, nullable=False),
    Column("registered_at", MomentText, nullable=False),
    Column("distrusted_at", MomentText),
    Column("quarantined_at", MomentText),
    Column("quarantined_for", String(16)),
)
"""`watermark` is the highest seq with none missing below it. Of one that was lost or stolen nothing
is taken any more, from `distrusted_at` on; of one in quarantine nothing until it is let out."""

claim = Table(
    "claim",
    metadata,
    Column("code", String(8), primary_key=True),
    Column("public_key", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("boot", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    Column("place", String(40), nullable=False),
    Column("address", String(64), nullable=False),
    Column("made_at", MomentText, nullable=False),
    Column("until", MomentText, nullable=False),
    Column("decided_at", MomentText),
    Column("decided_by", String),
    Column("terminal", String(48), ForeignKey("terminal.name")),
    Column("centre_name", String, nullable=False),
    CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="claim_decided_by"),
    CheckConstraint("terminal IS NULL OR decided_at IS NOT NULL", name="claim_confirmed"),
    Index("ix_claim_key", "public_key", "until"),
    Index("ix_claim_address", "address", "made_at"),
)
"""Newcomers that show a code. `terminal` is what became of one; decided without it, it was
refused."""

terminal_certificate = Table(
    "terminal_certificate",
    metadata,
    Column("serial", String(40), primary_key=True),
    Column("terminal", String(48), ForeignKey("terminal.name"), nullable=False),
    Column("pem", LargeBinary, nullable=False),
    Column("issued_at", MomentText, nullable=False),
    Column("until", MomentText, nullable=False),
    Column("revoked_at", MomentText),
    Index("ix_certificate_terminal", "terminal", "issued_at"),
    Index("ix_certificate_until", "until"),
)
"""`serial` in hexadecimal."""

terminal_boot = Table(
    "terminal_boot",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("boot", String(64), nullable=False),
    Column("heard_at", MomentText, nullable=False),
)
"""Starts of a terminal's program as the broker heard of them, the newest with the highest
number."""

identity_alarm = Table(
    "identity_alarm",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("detail", String, nullable=False),
    Column("count", Integer, nullable=False),
    Column("first_at", MomentText, nullable=False),
    Column("last_at", MomentText, nullable=False),
    Column("settled_at", MomentText),
    Column("settled_by", String),
    CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="alarm_settled_by"),
)
"""One identity in use twice, as far as anything shows it; settled by a maintainer until it comes
again."""
