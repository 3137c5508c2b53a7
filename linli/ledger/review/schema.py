"""Tables of the review: who sits on a community's panel, and what they said of each deed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from linli.ledger.database import MomentText, metadata

panel = Table(
    "panel",
    metadata,
    Column("scope", String(48), ForeignKey("org.id"), primary_key=True),
    Column(
        "quorum", Integer, CheckConstraint("quorum >= 1", name="quorum_is_some"), nullable=False
    ),
)

panel_member = Table(
    "panel_member",
    metadata,
    Column("scope", String(48), ForeignKey("panel.scope"), primary_key=True),
    Column("account", String, ForeignKey("holder.account"), primary_key=True),
    Column("since", MomentText, primary_key=True),
    Column("role", String(16), nullable=False),
    Column("stands_for", String(32), nullable=False),
    Column("until", MomentText),
    CheckConstraint("role IN ('leader', 'member')", name="panel_role"),
)
"""`stands_for` is whom they represent: a committee, party members, residents. Never deleted."""

opinion = Table(
    "opinion",
    metadata,
    Column("deed", String, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("member", String, ForeignKey("holder.account"), primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("choice", String(8), nullable=False),
    Column("reason", String, nullable=False),
    Column("at", MomentText, nullable=False),
    CheckConstraint("choice IN ('post', 'void', 'return')", name="opinion_choice"),
)
"""Each `turn` of a member in a `round` replaces the one before; all are kept."""

verdict = Table(
    "verdict",
    metadata,
    Column("deed", String, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("scope", String(48), nullable=False),
    Column("week", String(8), nullable=False),
    Column("choice", String(8), nullable=False),
    Column("reason", String, nullable=False),
    Column("at", MomentText, nullable=False),
    Column("completed_at", MomentText),
    Column("completion", String),
    Index("ix_verdict_week", "scope", "week"),
)
"""What the panel decided. A deed that was returned gets its next round by being completed."""

case_opened = Table(
    "case_opened",
    metadata,
    Column("deed", String, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("role", String(64), nullable=False),
    Column("at", MomentText, nullable=False),
)
"""When a member first opened a deed in a round, and as what they sit on the panel; not who."""
