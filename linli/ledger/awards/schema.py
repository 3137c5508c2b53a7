"""Tables of the annual awards: who was proposed, how the panel voted, who was chosen."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, String, Table

from linli.ledger.database import MomentText, metadata

candidate = Table(
    "candidate",
    metadata,
    Column("scope", String(48), ForeignKey("org.id"), primary_key=True),
    Column("year", String(4), primary_key=True),
    Column("title", String(16), primary_key=True),
    Column("account", String, ForeignKey("holder.account"), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("proposed_at", MomentText, nullable=False),
    Column("chosen_at", MomentText),
    Column("number", String(32), unique=True),
    CheckConstraint("title IN ('star', 'neighbour')", name="award_title"),
    CheckConstraint("(chosen_at IS NULL) = (number IS NULL)", name="chosen_with_a_number"),
)
"""`number` is the certificate's."""

ballot = Table(
    "ballot",
    metadata,
    Column("scope", String(48), primary_key=True),
    Column("year", String(4), primary_key=True),
    Column("title", String(16), primary_key=True),
    Column("account", String, primary_key=True),
    Column("member", String, ForeignKey("holder.account"), primary_key=True),
    Column("in_favour", Boolean, nullable=False),
    Column("at", MomentText, nullable=False),
)
"""A member's last word on one candidate."""
