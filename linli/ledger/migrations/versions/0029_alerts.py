"""Alerts: what is wrong with terminals, whom it is told to, and what was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("fault", sa.String(24), nullable=False),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("scope", sa.String(48), sa.ForeignKey("org.id")),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("says", sa.String(400), nullable=False),
        sa.Column("since", MomentText, nullable=False),
        sa.Column("began", MomentText),
        sa.Column("gone", MomentText),
        sa.Column("ended", MomentText),
        sa.Column("quiet", sa.String(16)),
        sa.Column("told_at", MomentText),
        sa.Column("acknowledged_at", MomentText),
        sa.Column("acknowledged_by", sa.String),
        sa.Column("acknowledged_why", sa.String(200)),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)"
            " AND (acknowledged_at IS NULL) = (acknowledged_why IS NULL)",
            name="acknowledged_with_a_reason",
        ),
    )
    op.create_index("ix_alert_began", "alert", ["began"])
    _partial("ix_alert_open", "alert", ["fault", "subject"], "ended IS NULL", unique=True)
    op.create_table(
        "alert_route",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(48), sa.ForeignKey("org.id")),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("quiet_from", sa.Integer),
        sa.Column("quiet_until", sa.Integer),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("target", sa.LargeBinary, nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("closed_at", MomentText),
        sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours"),
    )
    op.create_table(
        "alert_message",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("route", sa.String(16), sa.ForeignKey("alert_route.id"), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_at", MomentText, nullable=False),
        sa.Column("sent_at", MomentText),
        sa.Column("given_up_at", MomentText),
        sa.Column("error", sa.String(300), nullable=False),
    )
    op.create_index("ix_alert_message_route", "alert_message", ["route", "made_at"])
    waiting = "sent_at IS NULL AND given_up_at IS NULL"
    _partial("ix_alert_message_waiting", "alert_message", ["next_at"], waiting)
    op.create_table(
        "alert_sent",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("alert", sa.Integer, sa.ForeignKey("alert.number"), nullable=False),
        sa.Column("route", sa.String(16), sa.ForeignKey("alert_route.id"), nullable=False),
        sa.Column("turn", sa.String(8), nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("message", sa.String(32), sa.ForeignKey("alert_message.id")),
    )
    op.create_index("ix_alert_sent_alert", "alert_sent", ["alert"])
    op.create_index("ix_alert_sent_message", "alert_sent", ["message"])
    _partial("ix_alert_sent_waiting", "alert_sent", ["route"], "message IS NULL")


def downgrade() -> None:
    for table in ("alert_sent", "alert_message", "alert_route", "alert"):
        op.drop_table(table)


def _partial(
    name: str, table: str, columns: list[str], where: str, *, unique: bool = False
) -> None:
    op.create_index(
        name,
        table,
        columns,
        unique=unique,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
