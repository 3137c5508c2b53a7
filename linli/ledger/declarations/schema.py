"""Tables of deeds that no card witnessed, and of what speaks for them."""

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

from linli.ledger.database import MomentText, metadata

declaration = Table(
    "declaration",
    metadata,
    Column("id", String(48), primary_key=True),
    Column("account", String, ForeignKey("holder.account"), nullable=False, index=True),
    Column("item", String(16), nullable=False),
    Column("day", String(10), nullable=False, index=True),
    Column("words", String, nullable=False),
    Column("made_at", MomentText, nullable=False),
)
"""`id` is its deed's too. `words` are empty once the person was forgotten; nothing else changes."""

desk_entry = Table(
    "desk_entry",
    metadata,
    Column("id", String(48), primary_key=True),
    Column("account", String, ForeignKey("holder.account"), nullable=False, index=True),
    Column("item", String(16), nullable=False),
    Column("day", String(10), nullable=False, index=True),
    Column("reason", String, nullable=False),
    Column("paper", String, nullable=False),
    Column("entered_by", String(32), ForeignKey("staff.login"), nullable=False),
    Column("entered_role", String(32), nullable=False),
    Column("entered_account", String, ForeignKey("holder.account")),
    Column("entered_at", MomentText, nullable=False),
    Column("outcome", String(8)),
    Column("settled_by", String(32), ForeignKey("staff.login")),
    Column("settled_role", String(32)),
    Column("settled_account", String, ForeignKey("holder.account")),
    Column("settled_at", MomentText),
    Column("why", String, nullable=False),
    CheckConstraint("outcome IN ('signed', 'refused')", name="entry_outcome"),
    CheckConstraint(
        "(outcome IS NULL) = (settled_at IS NULL) AND (outcome IS NULL) = (settled_by IS NULL)",
        name="entry_settled_by_somebody",
    ),
    CheckConstraint("outcome <> 'signed' OR settled_by <> entered_by", name="entry_signed_by_two"),
    Index("ix_desk_entry_outcome", "outcome"),
)
"""`id` is its deed's once it is signed. `paper` is the number of a paper that proves it, or empty;
the `_account`s are those that staff have as residents; `why` it was refused. What is written in
`reason`, `paper` and `why` is emptied once the person was forgotten."""

photo = Table(
    "photo",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("jpeg", LargeBinary, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
)
"""`id` is the SHA-256 (hex) of `jpeg`: the same photo sent twice is kept once."""

evidence = Table(
    "evidence",
    metadata,
    Column("deed", String(48), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("photo", String(64), ForeignKey("photo.id"), nullable=False, index=True),
    Column("added_at", MomentText, nullable=False),
)
"""The photos of a declaration or entry, from place 1 on. Deleted when the person is forgotten."""
