"""Tables of linked phones: the tickets that linked them, and the phones."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table

from linli.ledger.database import MomentText, metadata

phone_ticket = Table(
    "phone_ticket",
    metadata,
    Column("digest", String(32), primary_key=True),
    Column("account", String, ForeignKey("holder.account"), nullable=False),
    Column("card", String, ForeignKey("card.id")),
    Column("terminal", String(48), ForeignKey("terminal.name")),
    Column("issued_by", String(64)),
    Column("issued_at", MomentText, nullable=False),
    Column("used_at", MomentText),
    CheckConstraint("(terminal IS NULL) <> (issued_by IS NULL)", name="ticket_has_one_origin"),
    CheckConstraint("(card IS NULL) = (terminal IS NULL)", name="ticket_of_a_tap_names_its_card"),
    Index("ix_phone_ticket_account", "account"),
)
"""A terminal's ticket is known once it is used, the desk's from its issue on. `digest` is of the
ticket, or of the desk's code: whoever reads the table cannot use it."""

phone = Table(
    "phone",
    metadata,
    Column("id", String(32), ForeignKey("phone_ticket.digest"), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account", String, ForeignKey("holder.account"), nullable=False),
    Column("card", String, ForeignKey("card.id")),
    Column("device", String(32), nullable=False),
    Column("linked_at", MomentText, nullable=False),
    Column("last_seen_at", MomentText, nullable=False),
    Column("revoked_at", MomentText),
    Column("revoked_why", String(16)),
    CheckConstraint("(revoked_at IS NULL) = (revoked_why IS NULL)", name="phone_revoked_with_why"),
    Index("ix_phone_account", "account"),
    Index("ix_phone_card", "card"),
)
"""One row a link, named by its ticket. `card` is the one that was tapped, None for a link of the
desk. `device` is what to call it in a list: Android 手机."""
