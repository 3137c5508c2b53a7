"""Tables of jobs at terminals: one by one, in roll-outs, with what came of them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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

rollout = Table(
    "rollout",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("scope", String(48), ForeignKey("org.id")),
    Column("task", LargeBinary, nullable=False),
    Column("waves", LargeBinary, nullable=False),
    Column("tolerated", Integer, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("deadline_s", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("why", String(200), nullable=False),
    Column("made_at", MomentText, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("changed_at", MomentText, nullable=False),
    Column("changed_by", String(64), nullable=False),
    Index("ix_rollout_state", "state", "made_at"),
)
"""One task for many terminals, in waves of names (JSON). `scope` is the community that all of them
belong to, none where they are of several. A job of it must have begun within `hours` of being
given. `version` counts what was decided about it."""

job = Table(
    "job",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("terminal", String(48), ForeignKey("terminal.name"), nullable=False),
    Column("task", LargeBinary, nullable=False),
    Column("until", MomentText, nullable=False),
    Column("deadline_s", Integer, nullable=False),
    Column("given_at", MomentText, nullable=False),
    Column("given_by", String(64), nullable=False),
    Column("rollout", String(64), ForeignKey("rollout.id")),
    Column("canceled_at", MomentText),
    Column("canceled_by", String(64), nullable=False),
    Column("left_by_rollout", Boolean, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(48), nullable=False),
    Column("detail", String(200), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("heard_at", MomentText),
    Column("ended_at", MomentText),
    Column("presumed", Boolean, nullable=False),
    CheckConstraint("NOT presumed OR ended_at IS NOT NULL", name="job_presumed_end"),
    Index("ix_job_terminal", "terminal", "given_at"),
    Index("ix_job_rollout", "rollout"),
    Index("ix_job_open", "ended_at", "terminal"),
)
"""What a terminal is to do once. `state`, `reason`, `detail` and `digest` (of its result) are the
terminal's last word, at `heard_at`; an end that was `presumed` is the ledger's own, of a job that
nothing was heard of for long, and gives way to the terminal's. It is canceled once the terminal
says so; `left_by_rollout` where a roll-out that stopped asked for it."""

job_list = Table(
    "job_list",
    metadata,
    Column("terminal", String(48), ForeignKey("terminal.name"), primary_key=True),
    Column("edition", Integer, nullable=False),
)
"""Grows with every change to what a terminal is told of its jobs. Who changes one of its jobs holds
this row."""

job_result = Table(
    "job_result",
    metadata,
    Column("job", String(64), ForeignKey("job.id"), primary_key=True),
    Column("media_type", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("taken_at", MomentText, nullable=False),
    Column("kept_until", MomentText, nullable=False),
    Index("ix_job_result_kept", "kept_until"),
)
"""What a terminal uploaded for a job: a picture, lines of its log, findings."""
