"""What terminals say of their jobs, and what is presumed of those nothing is heard of.

| the ledger has        | a terminal's word that is taken                               |
|-----------------------|---------------------------------------------------------------|
| QUEUED                | any                                                           |
| IN_PROGRESS           | any but QUEUED                                                |
| an end that it said   | none: the same again changes nothing, another is not believed |
| an end presumed by us | any but QUEUED; what was still under way is open again        |

Words of one job may come twice, late, and in any order: the end that was said stays. A terminal
that says for ever that it is at it holds up no roll-out for ever: beyond the job's last moment that
counts as silence, and such an end gives way to no other word that it goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Connection, select, update

from linli.ledger.database import in_chunks
from linli.ledger.fleet.jobs.giving import hold_lists, tell_again
from linli.ledger.fleet.jobs.schema import job
from linli.ledger.shop.schema import retired_terminal
from linli.sync.job_messages import JobStatus
from linli.sync.jobs import OPEN, JobState

AWAY = dt.timedelta(hours=1)
"""After `until`: a job that nobody began is given up. A terminal that is there says so itself."""
SILENT = dt.timedelta(hours=6)
"""Beyond its deadline: one that was begun is given up. The link may be away while it is done."""
ENDLESS = "deadline"
BEGUN = JobState.IN_PROGRESS


class Heard(Enum):
    """What became of a word."""

    TAKEN = "taken"
    KNOWN = "known"
    """Nothing new."""
    NO_JOB = "no such job"
    ANOTHERS = "another terminal's job"
    BACKWARDS = "another end than it said before"


@dataclass(frozen=True, slots=True)
class Word:
    """What became of it, and the roll-out that it concerns."""

    heard: Heard
    rollout: str | None = None


def follows(kept: JobState, said: JobState, *, presumed: bool) -> bool:
    """Whether a terminal's word is taken over what is kept. Pure."""
    if kept is JobState.QUEUED:
        return True
    return said is not JobState.QUEUED and (kept is BEGUN or presumed)


def hear(connection: Connection, told: JobStatus, now: dt.datetime) -> Word:
    """Keep a terminal's word about one of its jobs."""
    return hear_all(connection, [told], now)[0]


def hear_all(connection: Connection, told: Sequence[JobStatus], now: dt.datetime) -> list[Word]:
    """What became of each, in their order."""
    names: dict[str, str] = {}
    for chunk in in_chunks(one.id for one in told):
        query = select(job.c.id, job.c.terminal).where(job.c.id.in_(chunk))
        names |= {row.id: row.terminal for row in connection.execute(query)}
    theirs = [one for one in told if names.get(one.id) == one.terminal]
    hold_lists(connection, {one.terminal for one in theirs})
    return [_heard(connection, one, names.get(one.id), now) for one in told]


def _heard(connection: Connection, told: JobStatus, owner: str | None, now: dt.datetime) -> Word:
    if owner is None:
        return Word(Heard.NO_JOB)
    if owner != told.terminal:
        return Word(Heard.ANOTHERS)
    kept = connection.execute(select(job).where(job.c.id == told.id)).one()
    before = JobState(kept.state)
    if not follows(before, told.state, presumed=kept.presumed) or _endless(kept, told, now):
        return Word(Heard.KNOWN if before is told.state else Heard.BACKWARDS)
    row: dict[str, Any] = {
        "state": told.state.value,
        "reason": _plain(told.reason),
        "detail": _plain(told.detail),
        "digest": told.result,
        "heard_at": now,
        "presumed": False,
        "ended_at": None if told.state in OPEN else now,
    }
    connection.execute(update(job).where(job.c.id == told.id).values(row))
    if (kept.ended_at is None) != (told.state in OPEN):
        tell_again(connection, [told.terminal])
    return Word(Heard.KNOWN if before is told.state else Heard.TAKEN, kept.rollout)


def _endless(kept: Any, told: JobStatus, now: dt.datetime) -> bool:
    """Once more that it goes on, of what must have ended by now."""
    before = kept.state == BEGUN.value or kept.reason == ENDLESS
    return told.state is BEGUN and before and now >= _last_moment(kept)


def any_open(connection: Connection) -> bool:
    """Whether any job has not ended."""
    query = select(job.c.id).where(job.c.ended_at.is_(None)).limit(1)
    return connection.execute(query).first() is not None


def give_up(connection: Connection, now: dt.datetime) -> int:
    """End what nothing was heard of for long, and what belongs to terminals that were taken out of
    service. Returns how many."""
    query = (
        select(job.c.id, job.c.terminal)
        .outerjoin(retired_terminal, retired_terminal.c.terminal == job.c.terminal)
        .where(
            job.c.ended_at.is_(None),
            retired_terminal.c.terminal.is_not(None)
            | (job.c.until <= now - AWAY)
            | (job.c.state == BEGUN.value),
        )
    )
    found = connection.execute(query).all()
    names = {row.terminal for row in found}
    out = _retired(connection) & names if names else set()
    hold_lists(connection, names)
    ended = [row for row in found if _end(connection, row.id, row.terminal in out, now)]
    tell_again(connection, {row.terminal for row in ended})
    return len(ended)


def _end(connection: Connection, job_id: str, out: bool, now: dt.datetime) -> bool:
    """Looked at again, now that its list is held."""
    kept = connection.execute(select(job).where(job.c.id == job_id)).one()
    presumed = _presumed(kept, out, now) if kept.ended_at is None else None
    if presumed is None:
        return False
    state, reason = presumed
    row = {"state": state.value, "reason": reason, "ended_at": now, "presumed": True}
    connection.execute(update(job).where(job.c.id == job_id).values(row))
    return True


def _presumed(kept: Any, out: bool, now: dt.datetime) -> tuple[JobState, str] | None:
    if out:
        return JobState.CANCELED, "retired"
    if kept.state == BEGUN.value:
        last = kept.heard_at or kept.given_at
        if now < last + _span(kept):
            return None
        return JobState.TIMED_OUT, ENDLESS if now >= _last_moment(kept) else "silent"
    if now < kept.until + AWAY:
        return None
    if kept.canceled_at is not None:
        return JobState.CANCELED, "canceled"
    return JobState.TIMED_OUT, "away"


def _span(kept: Any) -> dt.timedelta:
    return dt.timedelta(seconds=kept.deadline_s) + SILENT


def _last_moment(kept: Any) -> dt.datetime:
    """It must have begun before `until`; whoever is at it still is stuck, or lies."""
    moment: dt.datetime = kept.until + _span(kept)
    return moment


def _retired(connection: Connection) -> set[str]:
    return set(connection.execute(select(retired_terminal.c.terminal)).scalars())


def _plain(text: str) -> str:
    """What no database keeps and no page shows becomes a space."""
    return "".join(c if c.isprintable() else " " for c in text)
