"""Monthly adjustments of the standard, and the surveys that feed them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _adjustments()
    _surveys()


def downgrade() -> None:
    for table in (
        "survey_reply",
        "survey_question",
        "survey",
        "adjustment_change",
        "adjustment",
    ):
        op.drop_table(table)


def _adjustments() -> None:
    op.create_table(
        "adjustment",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("effective_on", sa.String(10), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("based_on", sa.String(32), sa.ForeignKey("standard.version")),
        sa.Column("version", sa.String(32), sa.ForeignKey("standard.version"), unique=True),
        sa.Column("published_by", sa.String(64)),
        sa.Column("published_at", MomentText),
        sa.CheckConstraint(
            "(published_at IS NULL) = (version IS NULL)"
            " AND (published_at IS NULL) = (based_on IS NULL)"
            " AND (published_at IS NULL) = (published_by IS NULL)",
            name="published_as_a_version",
        ),
    )
    op.create_table(
        "adjustment_change",
        sa.Column("adjustment", sa.String(16), sa.ForeignKey("adjustment.id"), primary_key=True),
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("field", sa.String(16), primary_key=True),
        sa.Column("old", sa.String, nullable=False),
        sa.Column("new", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.CheckConstraint(
            "field IN ('points', 'name', 'limit', 'duration', 'record', 'added', 'withdrawn')",
            name="adjustment_field",
        ),
    )


def _surveys() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("scope", sa.String(48), sa.ForeignKey("org.id"), nullable=False, index=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("opens", sa.String(10), nullable=False),
        sa.Column("closes", sa.String(10), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("released_at", MomentText),
        sa.CheckConstraint("opens <= closes", name="survey_has_time"),
    )
    op.create_table(
        "survey_question",
        sa.Column("survey", sa.String(16), sa.ForeignKey("survey.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("choices", sa.String, nullable=False),
        sa.Column("item", sa.String),
        sa.CheckConstraint("kind IN ('single', 'multiple', 'scale', 'text')", name="question_kind"),
    )
    op.create_table(
        "survey_reply",
        sa.Column("survey", sa.String(16), sa.ForeignKey("survey.id"), primary_key=True),
        sa.Column("account", sa.String, sa.ForeignKey("holder.account"), primary_key=True),
        sa.Column("answers", sa.String, nullable=False),
        sa.Column("at", MomentText, nullable=False),
    )
