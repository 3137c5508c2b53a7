"""Tables of the rhythm: each community's calendar, and the duties that fell due."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table

from linli.ledger.database import MomentText, metadata

calendar = Table(
    "calendar",
    metadata,
    Column("scope", String(48), ForeignKey("org.id"), primary_key=True),
    Column("first_month", String(7), nullable=False),
    Column("freeze_day", Integer, nullable=False),
    Column("notice_days", Integer, nullable=False),
    Column("window_days", Integer, nullable=False),
    CheckConstraint("freeze_day BETWEEN 1 AND 28", name="freeze_day_in_any_month"),
    CheckConstraint("notice_days BETWEEN 1 AND 28", name="notice_days_in_a_month"),
)
"""`first_month` is the first that gets a notice; `freeze_day` that of the month after, so that the
last week's review is over; `window_days` is how long a quarter is redeemed."""

duty = Table(
    "duty",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("scope", String(48), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("due_at", MomentText, nullable=False),
    Column("done_at", MomentText),
    Column("outcome", String, nullable=False),
)
"""One row for each that was tried. `outcome` says what was done, or why it still waits."""
