"""What a known card's tap means at this moment.

In this order:
1. somebody still inside an activity that wants a sign-out: sign out, or say how long to wait;
2. exactly one open activity they have not come to yet: check in;
3. several: let them choose;
4. none: say what they did already, or what opens next.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linli.kiosk.flows.views import ActivityCard, Refused, Trouble
from linli.sync.messages import ActivityRow, AttendanceRow
from linli.sync.periods import SHANGHAI
from linli.sync.rules import check_in_open, done_at, sign_out_from, sign_out_until


@dataclass(frozen=True)
class Enter:
    activity: ActivityRow


@dataclass(frozen=True)
class Leave:
    activity: ActivityRow


@dataclass(frozen=True)
class Ask:
    options: tuple[ActivityRow, ...]


@dataclass(frozen=True)
class Decline:
    trouble: Trouble
    activity: ActivityRow | None = None
    minutes: int = 0
    sign_out_after: dt.datetime | None = None
    next_activity: ActivityRow | None = None


Decision = Enter | Leave | Ask | Decline


def decide(
    now: dt.datetime,
    activities: Sequence[ActivityRow],
    attendances: Mapping[str, AttendanceRow],
) -> Decision:
    """`activities` are the centre's of these days; `attendances` this person's, by activity."""
    inside = _inside(now, activities, attendances)
    if inside is not None:
        return _leave_or_wait(now, *inside)
    open_now = [a for a in activities if check_in_open(a, now)]
    candidates = tuple(a for a in open_now if not _came(attendances.get(a.id)))
    if len(candidates) == 1:
        return Enter(candidates[0])
    if candidates:
        return Ask(candidates)
    return _nothing(now, activities, attendances)


def decide_choice(
    now: dt.datetime,
    chosen: str,
    activities: Sequence[ActivityRow],
    attendances: Mapping[str, AttendanceRow],
) -> Decision:
    """The person touched one of several. The world may have moved since they were asked."""
    for activity in activities:
        if activity.id != chosen:
            continue
        if _came(attendances.get(chosen)):
            return Decline(Trouble.ALREADY_DONE, activity)
        if check_in_open(activity, now):
            return Enter(activity)
        return Decline(Trouble.CLOSED_MEANWHILE, activity)
    return Decline(Trouble.CLOSED_MEANWHILE)


def declined(decline: Decline, name: str, following: ActivityCard | None, trace: str) -> Refused:
    """What is said to the person of this name; `following` is what opens next, as it is shown."""
    after = decline.sign_out_after
    return Refused(
        decline.trouble,
        name=name,
        title=decline.activity.title if decline.activity else "",
        minutes=decline.minutes,
        sign_out_after=after.astimezone(SHANGHAI) if after is not None else None,
        next_activity=following,
        trace=trace,
        more=True,
    )


def _came(attendance: AttendanceRow | None) -> bool:
    return attendance is not None and attendance.in_at is not None


def _inside(
    now: dt.datetime,
    activities: Sequence[ActivityRow],
    attendances: Mapping[str, AttendanceRow],
) -> tuple[ActivityRow, dt.datetime] | None:
    """The activity this person is inside of, and from when a sign-out counts: the first due."""
    found = []
    for activity in activities:
        attendance = attendances.get(activity.id)
        if attendance is None or attendance.in_at is None or activity.cancelled:
            continue
        due = sign_out_from(activity, attendance.in_at)
        if due is None or done_at(activity, attendance) is not None:
            continue
        if attendance.in_at <= now <= sign_out_until(activity):
            found.append((activity, due))
    return min(found, key=lambda pair: (pair[1], pair[0].id), default=None)


def _leave_or_wait(now: dt.datetime, activity: ActivityRow, due: dt.datetime) -> Decision:
    if now >= due:
        return Leave(activity)
    minutes = math.ceil((due - now).total_seconds() / 60)
    return Decline(Trouble.TOO_EARLY, activity, minutes=minutes, sign_out_after=due)


def _nothing(
    now: dt.datetime,
    activities: Sequence[ActivityRow],
    attendances: Mapping[str, AttendanceRow],
) -> Decline:
    coming = [
        a
        for a in activities
        if not a.cancelled and now < a.starts_at and not _came(attendances.get(a.id))
    ]
    next_activity = min(coming, key=lambda a: a.starts_at, default=None)
    for activity in activities:
        if _came(attendances.get(activity.id)) and now <= activity.ends_at:
            return Decline(Trouble.ALREADY_DONE, activity, next_activity=next_activity)
    return Decline(Trouble.NOTHING_OPEN, next_activity=next_activity)
