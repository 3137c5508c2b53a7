"""Roll-outs: one task for many terminals, wave after wave (`sync/jobs.py`, `next_step`).

| state    | next                                                                             |
|----------|----------------------------------------------------------------------------------|
| running  | `stopped` by itself with more failures than are tolerated; `held` or `canceled` |
|          | by a maintainer; `over` when the last wave has ended                             |
| held     | `running` again, or `canceled`                                                   |
| stopped  | the same; whoever goes on accepts the failures so far                            |
| canceled | none, as `over`                                                                  |

Whoever looks at a roll-out holds its row first and then its terminals' lists, so that any process
may step it at any time. What a person decides is decided over what they saw: of two at once the
second is told so.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from linli.ledger.fleet.jobs.giving import (
    DEADLINE_S,
    JobError,
    NewId,
    add_jobs,
    hold_lists,
    in_service,
    leave_all,
    want_again,
)
from linli.ledger.fleet.jobs.schema import job, rollout
from linli.ledger.fleet.settings.wishes import StaleError
from linli.ledger.terminals.schema import terminal
from linli.sync.job_messages import ShowMessage, Task, UpdateApp, UpdateFirmware
from linli.sync.jobs import BAD, JobState, Step, next_step
from linli.sync.messages import encode
from linli.sync.parsing import parse

MOST_TERMINALS, MOST_HOURS = 5000, 24 * 31
Waves = Sequence[Sequence[str]]
ITSELF = "-"
"""Who did it, where it was the roll-out."""


class RolloutState(StrEnum):
    RUNNING = "running"
    HELD = "held"
    STOPPED = "stopped"
    CANCELED = "canceled"
    OVER = "over"


FINAL = frozenset({RolloutState.CANCELED, RolloutState.OVER})


@dataclass(frozen=True, slots=True)
class Plan:
    """What is wanted of whom, in which waves, with how many failures tolerated; each job must have
    begun within `hours` of being given."""

    task: Task
    waves: Waves
    tolerated: int
    hours: int
    why: str


def in_waves(names: Sequence[str], sizes: Sequence[int]) -> list[list[str]]:
    """The names in their order, cut into waves of these sizes; one more wave takes the rest."""
    waves, rest = [], list(dict.fromkeys(names))
    for size in sizes:
        waves.append(rest[:size])
        rest = rest[size:]
    return [wave for wave in [*waves, rest] if wave]


def begin(connection: Connection, plan: Plan, by: str, new_id: NewId, now: dt.datetime) -> str:
    """The roll-out's id; its first wave is given. Raises JobError."""
    names = [name for wave in plan.waves for name in wave]
    _check(connection, plan, names)
    found = select(terminal.c.scope).where(terminal.c.name.in_(names)).distinct()
    scopes = connection.execute(found).scalars().all()
    made = new_id()
    connection.execute(
        insert(rollout).values(
            id=made,
            scope=scopes[0] if len(scopes) == 1 else None,
            task=encode(plan.task),
            waves=json.dumps(plan.waves).encode(),
            tolerated=plan.tolerated,
            hours=plan.hours,
            deadline_s=DEADLINE_S[type(plan.task)],
            state=RolloutState.RUNNING.value,
            version=1,
            why=plan.why,
            made_at=now,
            made_by=by[:64],
            changed_at=now,
            changed_by=by[:64],
        )
    )
    step(connection, made, new_id, now)
    return made


def hold(connection: Connection, id_: str, seen: int, by: str, now: dt.datetime) -> None:
    """Nobody begins any more until it goes on. Raises JobError, StaleError."""
    row = _decided(connection, id_, seen)
    if row.state != RolloutState.RUNNING.value:
        raise JobError("the roll-out is not running: look at it again")
    _leave(connection, row, by, now)
    _write(connection, row, RolloutState.HELD, by, now)


def call_off(connection: Connection, id_: str, seen: int, by: str, now: dt.datetime) -> None:
    """Nobody begins any more, for good. Raises JobError, StaleError."""
    row = _decided(connection, id_, seen)
    _leave(connection, row, by, now)
    _write(connection, row, RolloutState.CANCELED, by, now)


def go_on(
    connection: Connection, id_: str, seen: int, by: str, new_id: NewId, now: dt.datetime
) -> None:
    """Who was asked to leave it is asked again; the failures so far are accepted, one more stops it
    again. Raises JobError, StaleError."""
    row = _decided(connection, id_, seen)
    if row.state == RolloutState.RUNNING.value:
        raise JobError("the roll-out is running: look at it again")
    bad = sum(state in BAD for state in _states(connection, row).values())
    want_again(connection, id_)
    tolerated = max(row.tolerated, bad)
    _write(connection, row, RolloutState.RUNNING, by, now, tolerated=tolerated)
    step(connection, id_, new_id, now)


def step(connection: Connection, id_: str, new_id: NewId, now: dt.datetime) -> bool:
    """What is to be done next is done; whether there was anything."""
    row = _held(connection, id_)
    if row is None or row.state != RolloutState.RUNNING.value:
        return False
    states = _states(connection, row)
    next_ = next_step(json.loads(row.waves), states, row.tolerated)
    if next_.stopped:
        _leave(connection, row, ITSELF, now)
        _write(connection, row, RolloutState.STOPPED, ITSELF, now)
    elif next_.give:
        _give(connection, row, next_, new_id, now)
    elif next_.over:
        _write(connection, row, RolloutState.OVER, ITSELF, now)
    else:
        return False
    return True


def running(connection: Connection) -> list[str]:
    """Their ids, the oldest first."""
    query = select(rollout.c.id).where(rollout.c.state == RolloutState.RUNNING.value)
    return list(connection.execute(query.order_by(rollout.c.made_at)).scalars())


def newest_jobs(connection: Connection, id_: str) -> dict[str, Any]:
    """The row of each terminal's newest job of a roll-out, but for those it was told to leave, and
    left."""
    query = select(job).where(job.c.rollout == id_).order_by(job.c.given_at, job.c.id)
    return {
        row.terminal: row
        for row in connection.execute(query)
        if not (row.left_by_rollout and row.state == JobState.CANCELED.value)
    }


def _states(connection: Connection, row: Any) -> Mapping[str, JobState]:
    """Of each who was given it; one that was taken out of service before is passed over."""
    jobs = newest_jobs(connection, row.id)
    states = {name: JobState(found.state) for name, found in jobs.items()}
    names = {name for wave in json.loads(row.waves) for name in wave}
    for name in (names - states.keys()) - in_service(connection, names - states.keys()):
        states[name] = JobState.CANCELED
    return states


def _give(connection: Connection, row: Any, next_: Step, new_id: NewId, now: dt.datetime) -> None:
    hold_lists(connection, next_.give)
    until = now + dt.timedelta(hours=row.hours)
    task: Task = parse(bytes(row.task), Task)  # type: ignore[arg-type]
    if isinstance(task, ShowMessage):
        until = min(until, task.until)
    add_jobs(connection, next_.give, task, until, row.made_by, new_id, now, row.id)


def _leave(connection: Connection, row: Any, by: str, now: dt.datetime) -> None:
    queued = [name for name, state in _states(connection, row).items() if state is JobState.QUEUED]
    leave_all(connection, row.id, queued, by, now)


def _decided(connection: Connection, id_: str, seen: int) -> Any:
    row = _held(connection, id_)
    if row is None:
        raise JobError(f"there is no roll-out {id_}")
    if row.version != seen:
        raise StaleError("the roll-out has changed meanwhile")
    if row.state in FINAL:
        raise JobError("the roll-out is over: begin a new one")
    return row


def _held(connection: Connection, id_: str) -> Any:
    query = select(rollout).where(rollout.c.id == id_)
    return connection.execute(query.with_for_update()).first()


def _write(
    connection: Connection,
    row: Any,
    state: RolloutState,
    by: str,
    now: dt.datetime,
    tolerated: int | None = None,
) -> None:
    values = {
        "state": state.value,
        "version": row.version + 1,
        "changed_at": now,
        "changed_by": by[:64],
        "tolerated": row.tolerated if tolerated is None else tolerated,
    }
    connection.execute(update(rollout).where(rollout.c.id == row.id).values(values))


def _check(connection: Connection, plan: Plan, names: Sequence[str]) -> None:
    if not 0 < len(names) <= MOST_TERMINALS:
        raise JobError(f"choose 1 to {MOST_TERMINALS} terminals")
    if len(set(names)) != len(names):
        raise JobError("a terminal stands in two waves: name each once")
    if not 1 <= plan.hours <= MOST_HOURS:
        raise JobError(f"a roll-out's jobs hold for 1 to {MOST_HOURS} hours")
    if not 0 <= plan.tolerated <= MOST_TERMINALS:
        raise JobError(f"0 to {MOST_TERMINALS} failures can be tolerated")
    if not 0 < len(plan.why) <= 200:
        raise JobError("say in 1 to 200 characters what the roll-out is for")
    missing = sorted(set(names) - in_service(connection, names))
    if missing:
        raise JobError(f"{missing[0]} takes no jobs: it is no terminal in service")
    _require_alone(connection, plan.task, set(names))


def _require_alone(connection: Connection, task: Task, names: set[str]) -> None:
    """Two versions that are rolled out to one terminal at once would chase each other. Its list is
    held meanwhile: of two people who begin at the same moment the second sees the first's."""
    if not isinstance(task, UpdateApp | UpdateFirmware):
        return
    hold_lists(connection, names)
    unfinished = rollout.c.state.not_in([state.value for state in FINAL])
    query = select(rollout.c.id, rollout.c.task, rollout.c.waves).where(unfinished)
    for row in connection.execute(query):
        other: Task = parse(bytes(row.task), Task)  # type: ignore[arg-type]
        both = names & {name for wave in json.loads(row.waves) for name in wave}
        if type(other) is type(task) and both:
            raise JobError(
                f"{min(both)} is part of another update, {row.id}: let that end, or cancel it"
            )
