"""What a maintainer sees of jobs and roll-outs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, select

from linli.ledger.fleet.jobs.rollouts import FINAL, RolloutState, newest_jobs
from linli.ledger.fleet.jobs.schema import job, job_result, rollout
from linli.ledger.shop.schema import retired_terminal
from linli.ledger.terminals.registry import TERMINAL
from linli.ledger.terminals.schema import terminal
from linli.sync.job_messages import CollectLogs, Task
from linli.sync.jobs import BAD, OPEN, JobState
from linli.sync.parsing import parse

LATE = dt.timedelta(minutes=2)
"""Lines may still be on their way when the following has ended."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it stands. `result` is the media type of what was uploaded, empty for none."""

    id: str
    terminal: str
    task: Task
    until: dt.datetime
    given_at: dt.datetime
    given_by: str
    rollout: str | None
    canceled_at: dt.datetime | None
    canceled_by: str
    state: JobState
    reason: str
    detail: str
    heard_at: dt.datetime | None
    ended_at: dt.datetime | None
    presumed: bool
    result: str

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def leaving(self) -> bool:
        """Canceled, and its terminal has not said so yet."""
        return self.is_open and self.canceled_at is not None

    @property
    def is_bad(self) -> bool:
        return self.state in BAD

    @property
    def followed_until(self) -> dt.datetime | None:
        """New lines of the log come until then; None where none are wanted, or not yet."""
        if not isinstance(self.task, CollectLogs) or not self.task.follow_s:
            return None
        begun = self.ended_at or self.heard_at
        if self.state is not JobState.SUCCEEDED or begun is None:
            return None
        return begun + dt.timedelta(seconds=self.task.follow_s)


@dataclass(frozen=True, slots=True)
class Rollout:
    """A roll-out as it stands; `jobs` has each terminal's newest, of those that were given one."""

    id: str
    scope: str | None
    task: Task
    waves: list[list[str]]
    tolerated: int
    hours: int
    state: RolloutState
    version: int
    why: str
    made_at: dt.datetime
    made_by: str
    changed_at: dt.datetime
    changed_by: str
    jobs: Mapping[str, Job]

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def terminals(self) -> int:
        return sum(map(len, self.waves))

    @property
    def done(self) -> int:
        return sum(job.state is JobState.SUCCEEDED for job in self.jobs.values())

    @property
    def bad(self) -> int:
        return sum(job.is_bad for job in self.jobs.values())

    @property
    def under_way(self) -> int:
        return sum(job.is_open for job in self.jobs.values())

    @property
    def wave(self) -> int:
        """Which of its waves is the last that anybody was given, from 1; 0 before the first."""
        begun = [n for n, wave in enumerate(self.waves, 1) if any(m in self.jobs for m in wave)]
        return max(begun, default=0)

    def in_order(self, wave: list[str]) -> list[str]:
        """What needs a person first, what is done last."""
        return sorted(wave, key=lambda name: (_rank(self.jobs.get(name)), name))


def _rank(one: Job | None) -> int:
    if one is None:
        return 2
    return 0 if one.is_bad else 1 if one.is_open else 3


def jobs_of(connection: Connection, name: str, most: int = 20) -> list[Job]:
    """A terminal's jobs, the newest first."""
    query = _jobs().where(job.c.terminal == name)
    rows = connection.execute(query.order_by(job.c.given_at.desc(), job.c.id).limit(most))
    return [_job(row) for row in rows]


def all_jobs(connection: Connection, *, only_open: bool, most: int = 500) -> list[Job]:
    """Of all terminals, the newest first."""
    query = _jobs().order_by(job.c.given_at.desc(), job.c.id).limit(most)
    if only_open:
        query = query.where(job.c.ended_at.is_(None))
    return [_job(row) for row in connection.execute(query)]


def one_job(connection: Connection, job_id: str) -> tuple[Job, str] | None:
    """The job, and the community of its terminal."""
    query = _jobs().add_columns(terminal.c.scope).join(terminal, terminal.c.name == job.c.terminal)
    row = connection.execute(query.where(job.c.id == job_id)).first()
    return None if row is None else (_job(row), str(row.scope))


def rollouts(connection: Connection, scope: str | None, most: int = 100) -> list[Rollout]:
    """The newest first; with a `scope` those of that community alone."""
    return with_jobs(connection, rollouts_alone(connection, scope, most))


def rollouts_alone(connection: Connection, scope: str | None, most: int = 100) -> list[Rollout]:
    """As `rollouts`, without their jobs: there are thousands of each."""
    query = select(rollout).order_by(rollout.c.made_at.desc(), rollout.c.id).limit(most)
    if scope is not None:
        query = query.where(rollout.c.scope == scope)
    return [_rollout(row) for row in connection.execute(query)]


def with_jobs(connection: Connection, some: Sequence[Rollout]) -> list[Rollout]:
    return [
        replace(
            one,
            jobs={n: _job(row, one.task) for n, row in newest_jobs(connection, one.id).items()},
        )
        for one in some
    ]


def one_rollout(connection: Connection, id_: str) -> Rollout | None:
    row = connection.execute(select(rollout).where(rollout.c.id == id_)).first()
    return None if row is None else with_jobs(connection, [_rollout(row)])[0]


@dataclass(frozen=True, slots=True)
class Taker:
    """A terminal that jobs may be given to, and where it is."""

    name: str
    scope: str
    centre: str


def takers(connection: Connection, scopes: Collection[str]) -> list[Taker]:
    """The terminals in service of these communities, by community and name."""
    query = (
        select(terminal.c.name, terminal.c.scope, terminal.c.centre)
        .outerjoin(retired_terminal, retired_terminal.c.terminal == terminal.c.name)
        .where(terminal.c.kind == TERMINAL, retired_terminal.c.terminal.is_(None))
        .order_by(terminal.c.scope, terminal.c.name)
    )
    return [Taker(*row) for row in connection.execute(query) if row.scope in scopes]


def is_followed(connection: Connection, name: str, job_id: str, now: dt.datetime) -> bool:
    """Whether somebody wants new lines of this terminal's log for this job."""
    row = connection.execute(_jobs().where(job.c.id == job_id, job.c.terminal == name)).first()
    if row is None:
        return False
    found = _job(row)
    if found.followed_until is not None:
        return now < found.followed_until + LATE
    return isinstance(found.task, CollectLogs) and found.task.follow_s > 0 and found.state in OPEN


def _jobs() -> Select[Any]:
    result = job_result.c.media_type.label("result")
    return select(job, result).outerjoin(job_result, job_result.c.job == job.c.id)


def _job(row: Any, task: Task | None = None) -> Job:
    """`task` is its task, where that was read already."""
    fields: dict[str, Any] = {name: getattr(row, name, "") for name in Job.__dataclass_fields__}
    fields |= {"task": task or _task(row.task), "state": JobState(row.state)}
    fields["result"] = getattr(row, "result", None) or ""
    return Job(**fields)


def _rollout(row: Any) -> Rollout:
    names = Rollout.__dataclass_fields__
    fields: dict[str, Any] = {name: getattr(row, name, None) for name in names}
    fields |= {"task": _task(row.task), "state": RolloutState(row.state)}
    fields["waves"] = json.loads(row.waves)
    fields["jobs"] = {}
    return Rollout(**fields)


def _task(kept: bytes) -> Task:
    return parse(bytes(kept), Task)  # type: ignore[arg-type]
