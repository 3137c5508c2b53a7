"""What just happened, for the board: moments, derived from attendance and the deeds it made."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, select

from linli.ledger.activities.schema import activity
from linli.ledger.feed.rows import Pair, by_attendance
from linli.ledger.ingest.schema import attendance
from linli.ledger.journal.deed import VOIDED
from linli.ledger.journal.schema import deed
from linli.ledger.people.masking import public_name
from linli.ledger.people.schema import holder
from linli.sync.messages import AttendanceRow, Kind, MomentRow

DEED_ID = attendance.c.activity + "." + attendance.c.account
"""`sync.rules.deed_id` in SQL."""


def moment_rows(connection: Connection, pairs: Collection[Pair]) -> list[MomentRow]:
    """The moments of attendances by (account, activity): one for the check-in, `….in`, and one
    for the sign-out, `….out`, where one is asked for and made a deed. The points stand with
    the one that earned them."""
    wanted = set(pairs)
    return [
        moment
        for where in by_attendance(pairs)
        for row in connection.execute(_attended().where(where))
        if (row.account, row.activity) in wanted
        for moment in _moments(row)
    ]


def newest_moments(connection: Connection, scope: str, count: int) -> list[MomentRow]:
    """The newest `count` moments of a scope's activities, newest first."""
    here = _attended().where(activity.c.scope == scope)
    ins = here.where(attendance.c.in_at.is_not(None)).order_by(attendance.c.in_at.desc())
    outs = here.where(
        attendance.c.out_at.is_not(None),
        deed.c.id.is_not(None),
        activity.c.min_minutes.is_not(None),
    ).order_by(attendance.c.out_at.desc())
    found = {
        moment.id: moment
        for query in (ins, outs)
        for row in connection.execute(query.limit(count))
        for moment in _moments(row)
    }
    return sorted(found.values(), key=_newest_first)[:count]


def _newest_first(moment: MomentRow) -> tuple[float, str]:
    return (-moment.at.timestamp(), moment.id)


def _attended() -> Select[Any]:
    """Attendances with what is needed to tell of them; a voided deed does not count as one."""
    return (
        select(
            attendance.c.account,
            attendance.c.activity,
            attendance.c.in_at,
            attendance.c.out_at,
            activity.c.title,
            activity.c.points.label("planned"),
            activity.c.min_minutes,
            deed.c.points.label("earned"),
            holder.c.kind,
            holder.c.name_masked,
            holder.c.alias,
            holder.c.public_consent,
            holder.c.under14,
        )
        .join(activity, activity.c.id == attendance.c.activity)
        .join(holder, holder.c.account == attendance.c.account)
        .outerjoin(
            deed,
            (deed.c.id == DEED_ID) & (deed.c.state != VOIDED),
        )
    )


def _moments(row: Row[Any]) -> Iterator[MomentRow]:
    name = public_name(
        row.name_masked,
        row.alias,
        Kind(row.kind),
        consent=row.public_consent,
        under14=row.under14,
    )
    came = AttendanceRow(
        account=row.account, activity=row.activity, in_at=row.in_at, out_at=row.out_at
    )
    what = What(row.title, row.planned, signs_out=row.min_minutes is not None)
    return moments_of(came, what, name, row.earned)


class What(Struct, frozen=True):
    """What an activity is called, what it is worth, and whether one signs out of it."""

    title: str
    points: int
    signs_out: bool


def moments_of(
    came: AttendanceRow, what: What, name: str, earned: int | None
) -> Iterator[MomentRow]:
    """The moments of one attendance; `earned` are the points of its deed, where it made one that
    counts. Pure."""
    id_ = f"{came.activity}.{came.account}"
    if came.in_at is not None:
        points = None if what.signs_out else what.points if earned is None else earned
        yield MomentRow(id=f"{id_}.in", name=name, title=what.title, points=points, at=came.in_at)
    if what.signs_out and came.out_at is not None and earned is not None:
        yield MomentRow(id=f"{id_}.out", name=name, title=what.title, points=earned, at=came.out_at)
