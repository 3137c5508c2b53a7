"""Tables of the monthly notice, of objections to it, and of what sealed points are owed back."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from linli.ledger.database import MomentText, metadata

notice = Table(
    "notice",
    metadata,
    Column("scope", String(48), ForeignKey("org.id"), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("frozen_at", MomentText, nullable=False),
    Column("until", MomentText, nullable=False),
    Column("sealed_at", MomentText),
)

notice_deed = Table(
    "notice_deed",
    metadata,
    Column("deed", String, ForeignKey("deed.id"), primary_key=True),
    Column("scope", String(48), nullable=False),
    Column("month", String(7), nullable=False),
    Column("sealed", Boolean, nullable=False),
    Index("ix_notice_deed_month", "scope", "month"),
)
"""A deed is on one notice, for good. `sealed` is false for one that was corrected before."""

objection = Table(
    "objection",
    metadata,
    Column("id", String, primary_key=True),
    Column("deed", String, ForeignKey("notice_deed.deed"), nullable=False),
    Column("account", String, ForeignKey("holder.account"), nullable=False),
    Column("way", String(8), nullable=False),
    Column("words", String, nullable=False),
    Column("made_at", MomentText, nullable=False),
    Column("upheld", Boolean),
    Column("answer", String),
    Column("answered_by", String, ForeignKey("holder.account")),
    Column("answered_at", MomentText),
    CheckConstraint("way IN ('card', 'phone', 'desk')", name="objection_way"),
    Index("ix_objection_deed", "deed"),
)
"""`account` is who objected. Never changed once answered, but for `words` and `answer`, which
are emptied when who objected, or who did the deed, is forgotten."""

debt = Table(
    "debt",
    metadata,
    Column("deed", String, ForeignKey("deed.id"), primary_key=True),
    Column("holder", String, ForeignKey("holder.account"), nullable=False, index=True),
    Column("issuance", String, ForeignKey("account.id"), nullable=False),
    Column("points", Integer, CheckConstraint("points >= 0", name="debt_is_some"), nullable=False),
)
"""What a correction of a sealed deed could not take back, as it was spent: settled from what is
sealed later, down to 0."""
