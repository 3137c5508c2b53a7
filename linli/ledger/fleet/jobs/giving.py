"""Gives jobs to terminals and takes them back; what a terminal is told of its jobs is its list.

Whoever changes a terminal's jobs holds its row of `job_list`, of several terminals in the order of
their names, so that several processes and people may do it at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence

from sqlalchemy import Connection, false, func, insert, select, update

from linli.ledger.database import in_chunks, insert_missing
from linli.ledger.fleet.jobs.schema import job, job_list
from linli.ledger.shop.schema import retired_terminal
from linli.ledger.terminals.registry import TERMINAL
from linli.ledger.terminals.schema import terminal
from linli.sync.job_messages import (
    CollectLogs,
    Maintain,
    Restart,
    Screenshot,
    SelfTest,
    ShowMessage,
    Task,
    UpdateApp,
    UpdateFirmware,
)
from linli.sync.jobs import JobState
from linli.sync.messages import encode

NewId = Callable[[], str]
"""Makes a name that no other has: 16 small hexadecimal digits or more."""
WAITING_AT_MOST = 60
"""Jobs that one terminal may have open, before somebody has to cancel some."""
DEADLINE_S: dict[type[Task], int] = {
    Restart: 900,
    SelfTest: 300,
    CollectLogs: 300,
    Screenshot: 300,
    ShowMessage: 120,
    Maintain: 120,
    UpdateApp: 3600,
    UpdateFirmware: 1800,
}
"""How long each may be under way at the terminal, the way of its result included."""


class JobError(ValueError):
    """A job cannot be given or canceled; the text says why and what to do."""


def give(
    connection: Connection,
    name: str,
    task: Task,
    until: dt.datetime,
    by: str,
    new_id: NewId,
    now: dt.datetime,
) -> str:
    """The new job's id; it must have begun before `until`. Raises JobError."""
    if until <= now:
        raise JobError("it would be over before it could begin: choose a later time")
    if not in_service(connection, [name]):
        raise JobError(f"{name} takes no jobs: it is no terminal in service")
    hold_lists(connection, [name])
    waiting = select(func.count()).where(job.c.terminal == name, job.c.ended_at.is_(None))
    if connection.execute(waiting).scalar_one() >= WAITING_AT_MOST:
        raise JobError(f"{name} has {WAITING_AT_MOST} open jobs: cancel some of them first")
    (made,) = add_jobs(connection, [name], task, until, by, new_id, now)
    return made


def add_jobs(
    connection: Connection,
    names: Sequence[str],
    task: Task,
    until: dt.datetime,
    by: str,
    new_id: NewId,
    now: dt.datetime,
    rollout: str | None = None,
) -> list[str]:
    """One for each terminal, whose lists are held."""
    row = {
        "task": encode(task),
        "until": until,
        "deadline_s": DEADLINE_S[type(task)],
        "given_at": now,
        "given_by": by[:64],
        "rollout": rollout,
        "canceled_by": "",
        "left_by_rollout": False,
        "state": JobState.QUEUED.value,
        "reason": "",
        "detail": "",
        "digest": "",
        "presumed": False,
    }
    made = [new_id() for _ in names]
    if made:
        rows = [row | {"id": id_, "terminal": name} for id_, name in zip(made, names, strict=True)]
        connection.execute(insert(job), rows)
        tell_again(connection, names)
    return made


def cancel(connection: Connection, job_id: str, by: str, now: dt.datetime) -> str:
    """Ask its terminal to leave it, whose name is returned; canceled it is when that says so. What
    is being done already may still be finished. Raises JobError for one that has ended or is not
    there."""
    found = connection.execute(select(job.c.terminal).where(job.c.id == job_id)).scalar()
    if found is None:
        raise JobError(f"there is no job {job_id}")
    hold_lists(connection, [found])
    open_now = (job.c.id == job_id) & job.c.ended_at.is_(None)
    row = {"canceled_at": now, "canceled_by": by[:64], "left_by_rollout": False}
    if not connection.execute(update(job).where(open_now).values(row)).rowcount:
        raise JobError(f"job {job_id} has ended already: look at it again")
    tell_again(connection, [found])
    return str(found)


def leave_all(
    connection: Connection, rollout: str, names: Collection[str], by: str, now: dt.datetime
) -> None:
    """Queued jobs of a roll-out that are not to be begun any more. What a person canceled before
    stays theirs."""
    hold_lists(connection, names)
    row = {"canceled_at": now, "canceled_by": by[:64], "left_by_rollout": True}
    for chunk in in_chunks(names):
        which = (
            (job.c.rollout == rollout)
            & job.c.terminal.in_(chunk)
            & job.c.ended_at.is_(None)
            & job.c.canceled_at.is_(None)
        )
        connection.execute(update(job).where(which).values(row))
    tell_again(connection, names)


def want_again(connection: Connection, rollout: str) -> None:
    """Jobs that `leave_all` asked to leave and that are still open are wanted after all."""
    left = (
        (job.c.rollout == rollout)
        & (job.c.left_by_rollout != false())
        & job.c.canceled_at.is_not(None)
        & job.c.ended_at.is_(None)
    )
    names = connection.execute(select(job.c.terminal).where(left)).scalars().all()
    hold_lists(connection, names)
    connection.execute(update(job).where(left).values(canceled_at=None, canceled_by=""))
    tell_again(connection, names)


def hold_lists(connection: Connection, names: Collection[str]) -> None:
    """Nobody else changes these terminals' jobs before this transaction ends."""
    for chunk in in_chunks(sorted(names)):
        rows = [{"terminal": name, "edition": 0} for name in chunk]
        insert_missing(connection, job_list, rows)
        held = select(job_list.c.terminal).where(job_list.c.terminal.in_(chunk))
        connection.execute(held.order_by(job_list.c.terminal).with_for_update()).all()


def tell_again(connection: Connection, names: Collection[str]) -> None:
    """What these terminals are told of their jobs is not what it was."""
    for chunk in in_chunks(names):
        of_them = job_list.c.terminal.in_(chunk)
        grown = update(job_list).where(of_them).values(edition=job_list.c.edition + 1)
        connection.execute(grown)


def in_service(connection: Connection, names: Collection[str]) -> set[str]:
    """Those of them that are terminals and take jobs."""
    found: set[str] = set()
    for chunk in in_chunks(names):
        query = (
            select(terminal.c.name)
            .outerjoin(retired_terminal, retired_terminal.c.terminal == terminal.c.name)
            .where(
                terminal.c.name.in_(chunk),
                terminal.c.kind == TERMINAL,
                retired_terminal.c.terminal.is_(None),
            )
        )
        found.update(connection.execute(query).scalars())
    return found
