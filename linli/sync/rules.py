"""Rules that a terminal applies at the tap and the ledger applies for good: one source for both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from linli.sync.messages import ActivityRow, AttendanceRow, Trust

PIN_LENGTH = 6
PIN_ABOVE = 50
"""Points that somebody may spend at once with a verified card alone."""


def deed_id(activity: str, account: str) -> str:
    """One deed per person and activity, whichever terminal saw it, in whatever order."""
    return f"{activity}.{account}"


def lease_id(account: str, request: str) -> str:
    """The terminal that asked finds its answer by it."""
    return f"{account}.{request}"


def pin_needed(trust: Trust, points: int) -> bool:
    """Whether spending so many points asks for the holder's PIN: always where the card could be a
    copy."""
    return trust is not Trust.HIGH or points > PIN_ABOVE


def easy_pin(pin: str) -> bool:
    """One that others would try first: the same digit all through, or a run such as 123456 or
    987654. The ledger also refuses what it knows of the person."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {9})


def check_in_hours(activity: ActivityRow) -> tuple[dt.datetime, dt.datetime]:
    """The first and the last moment of a check-in, unless the activity is cancelled."""
    early, late = dt.timedelta(minutes=activity.early_min), dt.timedelta(minutes=activity.late_min)
    return activity.starts_at - early, activity.starts_at + late


def check_in_open(activity: ActivityRow, at: dt.datetime) -> bool:
    opens, closes = check_in_hours(activity)
    return not activity.cancelled and opens <= at <= closes


def sign_out_from(activity: ActivityRow, in_at: dt.datetime) -> dt.datetime | None:
    """The first moment a sign-out counts, or None where one tap is enough."""
    if activity.min_minutes is None:
        return None
    return in_at + dt.timedelta(minutes=activity.min_minutes)


def sign_out_until(activity: ActivityRow) -> dt.datetime:
    return activity.ends_at + dt.timedelta(minutes=activity.out_late_min)


def merged(known: AttendanceRow | None, other: AttendanceRow) -> AttendanceRow:
    """Earliest check-in, latest sign-out: the order in which the two became known is no matter."""
    if known is None:
        return other
    ins = [t for t in (known.in_at, other.in_at) if t is not None]
    outs = [t for t in (known.out_at, other.out_at) if t is not None]
    return AttendanceRow(
        account=other.account,
        activity=other.activity,
        in_at=min(ins, default=None),
        out_at=max(outs, default=None),
    )


def done_at(activity: ActivityRow, attendance: AttendanceRow) -> dt.datetime | None:
    """When the deed was done, or None while it is not: it is done at the check-in, and only
    counts once somebody who must sign out has stayed the minimum time."""
    if attendance.in_at is None:
        return None
    due = sign_out_from(activity, attendance.in_at)
    if due is not None and (attendance.out_at is None or attendance.out_at < due):
        return None
    return attendance.in_at


@dataclass(frozen=True)
class Countable:
    """A deed as the limit rule sees it."""

    id: str
    done_at: dt.datetime
    posted: bool


def surplus(deeds: Iterable[Countable], limit: int) -> frozenset[str]:
    """Ids over the limit among the deeds of one account, item and period.

    What a review has posted stays posted and takes its place first; the pending ones follow in
    the order (done_at, id), so that the order of arrival makes no difference.
    """
    everything = list(deeds)
    free = max(0, limit - sum(1 for deed in everything if deed.posted))
    waiting = sorted((d for d in everything if not d.posted), key=lambda d: (d.done_at, d.id))
    return frozenset(deed.id for deed in waiting[free:])
