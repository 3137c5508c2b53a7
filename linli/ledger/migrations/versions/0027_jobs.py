"""Jobs that terminals are given from afar, their results, and roll-outs in waves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from linli.ledger.database import MomentText

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rollout",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("scope", sa.String(48), sa.ForeignKey("org.id")),
        sa.Column("task", sa.LargeBinary, nullable=False),
        sa.Column("waves", sa.LargeBinary, nullable=False),
        sa.Column("tolerated", sa.Integer, nullable=False),
        sa.Column("hours", sa.Integer, nullable=False),
        sa.Column("deadline_s", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("made_at", MomentText, nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("changed_at", MomentText, nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Index("ix_rollout_state", "state", "made_at"),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name"), nullable=False),
        sa.Column("task", sa.LargeBinary, nullable=False),
        sa.Column("until", MomentText, nullable=False),
        sa.Column("deadline_s", sa.Integer, nullable=False),
        sa.Column("given_at", MomentText, nullable=False),
        sa.Column("given_by", sa.String(64), nullable=False),
        sa.Column("rollout", sa.String(64), sa.ForeignKey("rollout.id")),
        sa.Column("canceled_at", MomentText),
        sa.Column("canceled_by", sa.String(64), nullable=False),
        sa.Column("left_by_rollout", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(48), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("heard_at", MomentText),
        sa.Column("ended_at", MomentText),
        sa.Column("presumed", sa.Boolean, nullable=False),
        sa.CheckConstraint("NOT presumed OR ended_at IS NOT NULL", name="job_presumed_end"),
        sa.Index("ix_job_terminal", "terminal", "given_at"),
        sa.Index("ix_job_rollout", "rollout"),
        sa.Index("ix_job_open", "ended_at", "terminal"),
    )
    op.create_table(
        "job_list",
        sa.Column("terminal", sa.String(48), sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("edition", sa.Integer, nullable=False),
    )
    op.create_table(
        "job_result",
        sa.Column("job", sa.String(64), sa.ForeignKey("job.id"), primary_key=True),
        sa.Column("media_type", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("taken_at", MomentText, nullable=False),
        sa.Column("kept_until", MomentText, nullable=False),
        sa.Index("ix_job_result_kept", "kept_until"),
    )


def downgrade() -> None:
    for table in ("job_result", "job_list", "job", "rollout"):
        op.drop_table(table)
