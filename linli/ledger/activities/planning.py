"""Puts activities on the programme and takes them off again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import msgspec
from msgspec.structs import asdict, replace
from sqlalchemy import Connection, insert, select, update

from linli.ledger.activities.schema import activity
from linli.ledger.database import in_chunks
from linli.ledger.feed.rows import activity_rows
from linli.ledger.feed.writer import append
from linli.ledger.people.schema import org
from linli.ledger.standard.versions import Standards
from linli.sync.messages import ActivityRow, Item, Stream, encode
from linli.sync.periods import business_day
from linli.sync.rules import sign_out_from, sign_out_until

NOW_IS_ABOUT, FARTHEST = 2050, 100
"""Years: no programme reaches farther, and arithmetic on dates stays inside the calendar."""
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class PlanError(ValueError):
    """An activity cannot be planned or cancelled; the text says why and what to do."""


def plan(
    connection: Connection,
    scope: str,
    rows: Sequence[ActivityRow],
    standards: Standards,
    now: dt.datetime,
) -> list[ActivityRow]:
    """Plan activities in a community, all or none, and return them as planned: with the points
    that the standard gives on their day. A row's own points must be these, or 0.

    Raises PlanError."""
    level = connection.execute(select(org.c.level).where(org.c.id == scope)).scalar()
    if level != "community":
        raise PlanError(f"{scope!r} is not a community: activities are planned in one")
    _refuse_double(connection, [row.id for row in rows])
    planned = [_checked(row, standards) for row in rows]
    if planned:
        connection.execute(insert(activity), [{**asdict(row), "scope": scope} for row in planned])
        append(connection, scope, Stream.CHANGES, planned, now)
    return planned


def cancel(connection: Connection, activity_id: str, now: dt.datetime) -> bool:
    """Cancel an activity; False where it is cancelled already. What people did there before
    stays. Raises PlanError for one that does not exist."""
    scope = connection.execute(
        select(activity.c.scope).where(activity.c.id == activity_id)
    ).scalar()
    if scope is None:
        raise PlanError(f"there is no activity {activity_id!r}: look its id up in the programme")
    cancelled = connection.execute(
        update(activity)
        .where(activity.c.id == activity_id, activity.c.cancelled.is_(False))
        .values(cancelled=True)
    ).rowcount
    if cancelled:
        append(connection, scope, Stream.CHANGES, activity_rows(connection, [activity_id]), now)
    return bool(cancelled)


def _refuse_double(connection: Connection, ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            raise PlanError(f"activity {id_} is given twice: leave one of them out")
        seen.add(id_)
    for chunk in in_chunks(ids):
        query = select(activity.c.id).where(activity.c.id.in_(chunk)).limit(1)
        known = connection.execute(query).scalar()
        if known is not None:
            raise PlanError(f"activity {known} is planned already: give the new one another id")


def _checked(row: ActivityRow, standards: Standards) -> ActivityRow:
    if not ID.fullmatch(row.id):
        raise PlanError(
            f"activity id {row.id!r}: use 1 to 64 letters, digits, '.', - and _,"
            " a letter or digit first"
        )
    try:
        msgspec.json.decode(encode(row), type=ActivityRow)
    except msgspec.ValidationError as error:
        raise PlanError(f"activity {row.id}: no terminal could read it: {error}") from error
    if not row.title.strip():
        raise PlanError(f"activity {row.id} has no title: give the one people are to read")
    _check_times(row)
    day = business_day(row.starts_at)
    item = _item(row, standards, day)
    if row.points not in (0, item.points):
        raise PlanError(
            f"activity {row.id} gives {row.points} points, but {item.code} {item.name} is worth"
            f" {item.points} on {day}: leave the points to the standard"
        )
    return replace(row, points=item.points)


def _check_times(row: ActivityRow) -> None:
    if any(abs(day - NOW_IS_ABOUT) > FARTHEST for day in (row.starts_at.year, row.ends_at.year)):
        raise PlanError(f"activity {row.id} is in {row.starts_at.year}: check its year")
    if row.starts_at.tzinfo is None or row.ends_at.tzinfo is None:
        raise PlanError(f"activity {row.id} has a time without its zone: add +08:00")
    if row.ends_at <= row.starts_at:
        raise PlanError(
            f"activity {row.id} ends at {row.ends_at} but starts at {row.starts_at}:"
            " it must end later"
        )
    first_out = sign_out_from(row, row.starts_at)
    if first_out is not None and first_out > sign_out_until(row):
        raise PlanError(
            f"activity {row.id} asks for {row.min_minutes} minutes, more than there are between"
            " its start and the last sign-out: nobody could earn its points"
        )


def _item(row: ActivityRow, standards: Standards, day: dt.date) -> Item:
    doc = standards.in_force(day)
    if doc is None:
        raise PlanError(f"activity {row.id} is on {day}, before any standard: import one first")
    for class_ in doc.classes:
        for item in class_.items:
            if item.code == row.item:
                if item.record != "checkin":
                    raise PlanError(
                        f"activity {row.id}: {item.code} {item.name} is recorded by {item.record},"
                        " not by a tap at an activity: choose a checkin item"
                    )
                return item
    raise PlanError(
        f"activity {row.id}: standard {doc.version}, in force on {day}, has no item {row.item!r}"
    )
