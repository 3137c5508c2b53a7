"""One look at everything: alerts begin and end, and what is to be told of it is written with them.

What is judged is read without holding anybody up; only where something changed is it written, each
row only if it still is as it was read. Two processes that look at once therefore make one alert of
one fault, and tell of it once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    delete,
    insert,
    or_,
    select,
    true,
    update,
)

from linli.ledger.alerts.course import Course, Turn, step
from linli.ledger.alerts.gathering import district
from linli.ledger.alerts.judging import Judged, Quiet, Subject, judged
from linli.ledger.alerts.observed import About
from linli.ledger.alerts.rules import RULE, Fault, Urgency
from linli.ledger.alerts.schema import alert, alert_route, alert_sent
from linli.ledger.database import reading

AGAIN_AFTER = dt.timedelta(hours=4)
"""What holds and nobody has acknowledged is told again."""
STILL = "still"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A row that has not ended."""

    number: int
    course: Course


def look(engine: Engine, linked_since: dt.datetime | None, now: dt.datetime) -> int:
    """Returns how many alerts began or ended. Raises SQLAlchemyError; IntegrityError where another
    process was quicker, then nothing is kept of this look."""
    with reading(engine) as connection:
        seen = district(connection, linked_since, now)
        kept = _kept(connection)
    already = {key for key, one in kept.items() if one.course.began is not None}
    steps = _steps(judged(seen, now, already), kept, now)
    due = _due_again(kept, now) if already else False
    if not steps and not due:
        return 0
    with engine.begin() as connection:
        turns = sum(_write(connection, one, now) for one in steps)
        if already:
            _tell_again(connection, now)
    return turns


@dataclass(frozen=True, slots=True)
class _Step:
    """From what stands in the database to what is to stand there."""

    of: Judged
    before: _Kept | None
    after: Course | None
    turn: Turn | None


def _steps(
    found: Iterable[Judged], kept: Mapping[Subject, _Kept], now: dt.datetime
) -> Sequence[_Step]:
    steps, looked_at = [], set()
    for one in found:
        looked_at.add(one.key)
        step_ = _step(one, kept.get(one.key), now)
        if step_ is not None:
            steps.append(step_)
    for key in kept.keys() - looked_at:  # nobody speaks of it any more: a roll-out that goes on
        fault, subject = key
        gone = Judged(fault, About.TERMINAL, subject, None, False)
        if (step_ := _step(gone, kept[key], now)) is not None:
            steps.append(step_)
    return steps


def _step(one: Judged, before: _Kept | None, now: dt.datetime) -> _Step | None:
    """None where nothing changes."""
    rule = RULE[one.fault]
    course = before.course if before else None
    calm = dt.timedelta() if one.quiet else rule.calm
    after, turn = step(course, one.met, now, rule.hold, calm)
    return None if after == course else _Step(one, before, after, turn)


def _kept(connection: Connection) -> dict[Subject, _Kept]:
    query = select(alert).where(alert.c.ended.is_(None))
    return {
        (Fault(row.fault), row.subject): _Kept(row.number, Course(row.since, row.began, row.gone))
        for row in connection.execute(query)
        if row.fault in Fault.__members__.values()
    }


# --- what is written -------------------------------------------------------------------------


def _write(connection: Connection, one: _Step, now: dt.datetime) -> int:
    """How many alerts began or ended by it."""
    if one.before is not None:
        number = one.before.number
        if not _change(connection, one, one.before, now):
            return 0  # another process was here
    elif one.after is not None:
        number = _insert(connection, one, one.after)
    else:
        return 0
    if one.turn is Turn.BEGAN:
        _tell(connection, number, one.of.scope, RULE[one.of.fault].urgency, now)
    elif one.turn is Turn.ENDED:
        _tell_end(connection, number, one.of.quiet, now)
    return one.turn is not None


def _insert(connection: Connection, one: _Step, course: Course) -> int:
    row = {
        "fault": one.of.fault.value,
        "about": one.of.about.value,
        "subject": one.of.subject,
        "scope": one.of.scope,
        "urgency": int(RULE[one.of.fault].urgency),
        "says": one.of.says[:400],
        "since": course.since,
        "began": course.began,
    }
    (number,) = connection.execute(insert(alert).values(row).returning(alert.c.number)).one()
    return int(number)


def _change(connection: Connection, one: _Step, before: _Kept, now: dt.datetime) -> bool:
    """Whether it still was as it was read."""
    was = before.course
    same: ColumnElement[bool] = (
        (alert.c.number == before.number)
        & alert.c.ended.is_(None)
        & (alert.c.began.is_(None) if was.began is None else alert.c.began.is_not(None))
    )
    if one.after is not None:
        values: dict[str, Any] = {"since": one.after.since, "gone": one.after.gone}
        if one.turn is Turn.BEGAN:
            values |= {"began": one.after.began, "says": one.of.says[:400]}
    elif one.turn is Turn.ENDED:
        quiet = one.of.quiet.value if one.of.quiet else None
        values = {"ended": now, "gone": was.gone or now, "quiet": quiet}
    else:
        return connection.execute(delete(alert).where(same)).rowcount == 1
    return connection.execute(update(alert).where(same).values(values)).rowcount == 1


def _tell(
    connection: Connection,
    number: int,
    scope: str | None,
    urgency: Urgency,
    now: dt.datetime,
    turn: str = Turn.BEGAN.value,
) -> None:
    """Every route that wants to know gets it on its way."""
    routes = connection.execute(select(alert_route.c.id).where(_wanting(scope, urgency)))
    rows = [
        {"alert": number, "route": id_, "turn": turn, "made_at": now} for id_ in routes.scalars()
    ]
    if rows:
        connection.execute(insert(alert_sent), rows)
    connection.execute(update(alert).where(alert.c.number == number).values(told_at=now))


def _wanting(scope: str | None, urgency: int) -> ColumnElement[bool]:
    """What is about the whole district goes to all: whoever looks after one community is to know
    why all of it is silent."""
    theirs: ColumnElement[bool] = alert_route.c.scope.is_(None)
    theirs = true() if scope is None else or_(theirs, alert_route.c.scope == scope)
    return theirs & (alert_route.c.urgency <= int(urgency)) & alert_route.c.closed_at.is_(None)


def _tell_end(connection: Connection, number: int, quiet: Quiet | None, now: dt.datetime) -> None:
    """Only to whom it was told; what had not gone out yet need not any more."""
    unsent = (alert_sent.c.alert == number) & alert_sent.c.message.is_(None)
    connection.execute(delete(alert_sent).where(unsent))
    if quiet is not None:
        return
    told = (
        select(alert_sent.c.route)
        .join(alert_route, alert_route.c.id == alert_sent.c.route)
        .where(alert_sent.c.alert == number, alert_route.c.closed_at.is_(None))
        .distinct()
    )
    rows = [
        {"alert": number, "route": id_, "turn": Turn.ENDED.value, "made_at": now}
        for id_ in connection.execute(told).scalars()
    ]
    if rows:
        connection.execute(insert(alert_sent), rows)


# --- told again ------------------------------------------------------------------------------


def _due_again(kept: Mapping[Subject, _Kept], now: dt.datetime) -> bool:
    """Whether any is old enough to be looked at: the rest the database tells."""
    began = (one.course.began for one in kept.values() if one.course.began is not None)
    return any(now - moment >= AGAIN_AFTER for moment in began)


def _tell_again(connection: Connection, now: dt.datetime) -> None:
    holds = (
        alert.c.began.is_not(None)
        & alert.c.ended.is_(None)
        & alert.c.gone.is_(None)
        & alert.c.acknowledged_at.is_(None)
        & (alert.c.told_at <= now - AGAIN_AFTER)
    )
    rows: Sequence[Row[Any]] = connection.execute(select(alert).where(holds)).all()
    for row in rows:
        mine = update(alert).where(alert.c.number == row.number, holds).values(told_at=now)
        if connection.execute(mine).rowcount:
            _tell(connection, row.number, row.scope, Urgency(row.urgency), now, STILL)
