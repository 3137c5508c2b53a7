"""Tables of the points standard: its versions, each kept as the bytes that terminals get, and the
monthly adjustments that make the next one."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, LargeBinary, String, Table

from linli.ledger.database import MomentText, metadata

standard = Table(
    "standard",
    metadata,
    Column("version", String(32), primary_key=True),
    Column("effective_from", String(10), nullable=False, unique=True),
    Column("doc", LargeBinary, nullable=False),
    Column("imported_at", MomentText, nullable=False),
)

adjustment = Table(
    "adjustment",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("month", String(7), nullable=False),
    Column("effective_on", String(10), nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", MomentText, nullable=False),
    Column("based_on", String(32), ForeignKey("standard.version")),
    Column("version", String(32), ForeignKey("standard.version"), unique=True),
    Column("published_by", String(64)),
    Column("published_at", MomentText),
    CheckConstraint(
        "(published_at IS NULL) = (version IS NULL)"
        " AND (published_at IS NULL) = (based_on IS NULL)"
        " AND (published_at IS NULL) = (published_by IS NULL)",
        name="published_as_a_version",
    ),
)
"""A change set: a draft while it has no `version`, and never changed any more from then on.
`based_on` is the version that it changed."""

adjustment_change = Table(
    "adjustment_change",
    metadata,
    Column("adjustment", String(16), ForeignKey("adjustment.id"), primary_key=True),
    Column("code", String, primary_key=True),
    Column("field", String(16), primary_key=True),
    Column("old", String, nullable=False),
    Column("new", String, nullable=False),
    Column("reason", String, nullable=False),
    CheckConstraint(
        "field IN ('points', 'name', 'limit', 'duration', 'record', 'added', 'withdrawn')",
        name="adjustment_field",
    ),
)
"""`old` and `new` are JSON, `null` where there is nothing."""
