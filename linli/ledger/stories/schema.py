"""The table of stories."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from linli.ledger.database import MomentText, metadata

story = Table(
    "story",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("scope", String(48), ForeignKey("org.id"), nullable=False),
    Column("title", String, nullable=False),
    Column("text", String, nullable=False),
    Column("account", String, ForeignKey("holder.account")),
    Column("certificate", String(32), ForeignKey("candidate.number")),
    Column("activity", String, ForeignKey("activity.id")),
    Column("written_by", String, nullable=False),
    Column("written_at", MomentText, nullable=False),
    Column("approved_by", String),
    Column("approved_at", MomentText),
    Column("taken_down_by", String),
    Column("taken_down_at", MomentText),
    Column("taken_down_why", String),
    CheckConstraint("(approved_by IS NULL) = (approved_at IS NULL)", name="approved_by_somebody"),
    CheckConstraint("approved_by <> written_by", name="approved_by_another"),
    CheckConstraint(
        "(taken_down_by IS NULL) = (taken_down_at IS NULL)"
        " AND (taken_down_by IS NULL) = (taken_down_why IS NULL)",
        name="taken_down_with_a_reason",
    ),
    Index("ix_story_account", "account"),
    Index("ix_story_scope", "scope", "approved_at"),
)
"""`account` is whom it is about, None for nobody in particular; `certificate` that of the honour it
tells of, `activity` the sharing session it was told at. What is written is never changed: a better
one is another row. `title` and `text` are empty once the person is forgotten."""
Index(
    "ix_story_certificate",
    story.c.certificate,
    unique=True,
    sqlite_where=story.c.taken_down_at.is_(None),
    postgresql_where=story.c.taken_down_at.is_(None),
)
"""An honour has one story, until that is taken down."""
