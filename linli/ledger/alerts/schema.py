"""Tables of what is wrong, whom it is told to, and what was told."""

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

alert = Table(
    "alert",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("fault", String(24), nullable=False),
    Column("about", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("scope", String(48), ForeignKey("org.id")),
    Column("urgency", Integer, nullable=False),
    Column("says", String(400), nullable=False),
    Column("since", MomentText, nullable=False),
    Column("began", MomentText),
    Column("gone", MomentText),
    Column("ended", MomentText),
    Column("quiet", String(16)),
    Column("told_at", MomentText),
    Column("acknowledged_at", MomentText),
    Column("acknowledged_by", String),
    Column("acknowledged_why", String(200)),
    CheckConstraint(
        "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)"
        " AND (acknowledged_at IS NULL) = (acknowledged_why IS NULL)",
        name="acknowledged_with_a_reason",
    ),
    Index("ix_alert_began", "began"),
)
"""`subject` is the name of a terminal, centre or roll-out; `scope` the community, None for what is
about the whole district. Without `began` the fault was seen, and not for long enough yet. `quiet`
says why it ended without a word. `told_at` is when it was last put on its way to anybody."""
Index(
    "ix_alert_open",
    alert.c.fault,
    alert.c.subject,
    unique=True,
    sqlite_where=alert.c.ended.is_(None),
    postgresql_where=alert.c.ended.is_(None),
)
"""Two processes that look at the same time make one alert."""

alert_route = Table(
    "alert_route",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("title", String(40), nullable=False),
    Column("scope", String(48), ForeignKey("org.id")),
    Column("urgency", Integer, nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    Column("key_id", String(32), nullable=False),
    Column("target", LargeBinary, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("made_by", String, nullable=False),
    Column("made_at", MomentText, nullable=False),
    Column("closed_at", MomentText),
    CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours"),
)
"""Whom to tell: of one community, or None for all; of what is at least so urgent. Quiet hours are
minutes of the day in Asia/Shanghai. `target` (addresses, or a URL) and `secret` are sealed."""

alert_message = Table(
    "alert_message",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("route", String(16), ForeignKey("alert_route.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("made_at", MomentText, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", MomentText, nullable=False),
    Column("sent_at", MomentText),
    Column("given_up_at", MomentText),
    Column("error", String(300), nullable=False),
    Index("ix_alert_message_route", "route", "made_at"),
)
"""One message to one route: sent at least once under the same `id`, or given up. `kind` is `alerts`
or `test`."""
Index(
    "ix_alert_message_waiting",
    alert_message.c.next_at,
    sqlite_where=alert_message.c.sent_at.is_(None) & alert_message.c.given_up_at.is_(None),
    postgresql_where=alert_message.c.sent_at.is_(None) & alert_message.c.given_up_at.is_(None),
)

alert_sent = Table(
    "alert_sent",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("alert", Integer, ForeignKey("alert.number"), nullable=False),
    Column("route", String(16), ForeignKey("alert_route.id"), nullable=False),
    Column("turn", String(8), nullable=False),
    Column("made_at", MomentText, nullable=False),
    Column("message", String(32), ForeignKey("alert_message.id")),
    Index("ix_alert_sent_alert", "alert"),
    Index("ix_alert_sent_message", "message"),
)
"""What a route is to be told of an alert: that it `began`, holds `still`, or `ended`. Written with
the alert; `message` is the one that carries it, None while it waits to be gathered."""
Index(
    "ix_alert_sent_waiting",
    alert_sent.c.route,
    sqlite_where=alert_sent.c.message.is_(None),
    postgresql_where=alert_sent.c.message.is_(None),
)
