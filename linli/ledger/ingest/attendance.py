"""From taps to attendance: what all taps of one person at one activity amount to. Pure.

Whatever the order in which the taps became known, the answer is the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from msgspec import Struct

from linli.ledger.people.stops import Stop
from linli.sync.messages import ActivityRow, AttendanceRow, Trust
from linli.sync.rules import check_in_hours, done_at, merged, sign_out_until

LATE = dt.timedelta(days=1)
"""An event that reached the ledger later than this is flagged, never dropped."""


class Tap(Struct, frozen=True, gc=False):
    """One check-in (`entering`) or sign-out, dated. `flag` is what its clock left open."""

    account: str
    activity: str
    entering: bool
    card: str
    trust: Trust
    at: dt.datetime
    received_at: dt.datetime
    flag: str


class Attended(Struct, frozen=True, gc=False):
    """`done_at` is None while the deed is not done. `flags` are what a reviewer should know:
    clock, late, low-trust, outside-window, re-dated, stopped-card."""

    row: AttendanceRow
    flags: tuple[str, ...]
    done_at: dt.datetime | None


class Hours(Struct, frozen=True):
    """An activity, and between which moments its check-ins and sign-outs count."""

    activity: ActivityRow
    check_in: tuple[dt.datetime, dt.datetime]
    sign_out: tuple[dt.datetime, dt.datetime]


def hours_of(activity: ActivityRow) -> Hours:
    opens, closes = check_in_hours(activity)
    return Hours(activity, (opens, closes), (opens, sign_out_until(activity)))


def attended(hours: Hours, taps: Sequence[Tap], stops: Mapping[str, Sequence[Stop]]) -> Attended:
    """`taps` are all of one account at this activity, at least one; `stops` tells when each of
    the account's cards was not to be taken."""
    known = [(tap, _in_window(hours, tap)) for tap in taps]
    counted = taps if len(taps) == 1 else [t for way in (True, False) for t in _counted(known, way)]
    row = reduce(merged, map(_row, counted[1:]), _row(counted[0]))
    flags = {flag for tap, inside in known for flag in _flags(tap, inside, stops)}
    return Attended(row, tuple(sorted(flags)), done_at(hours.activity, row))


def _counted(taps: Iterable[tuple[Tap, bool]], entering: bool) -> list[Tap]:
    """Of the check-ins, or of the sign-outs, those inside the window; where there is none, the
    others: a tap with a wrong date never takes the place of a right one."""
    same_way = [(tap, inside) for tap, inside in taps if tap.entering is entering]
    return [tap for tap, inside in same_way if inside] or [tap for tap, _ in same_way]


def _in_window(hours: Hours, tap: Tap) -> bool:
    first, last = hours.check_in if tap.entering else hours.sign_out
    return first <= tap.at <= last and not hours.activity.cancelled


def _row(tap: Tap) -> AttendanceRow:
    return AttendanceRow(
        account=tap.account,
        activity=tap.activity,
        in_at=tap.at if tap.entering else None,
        out_at=None if tap.entering else tap.at,
    )


def _flags(tap: Tap, inside: bool, stops: Mapping[str, Sequence[Stop]]) -> Iterable[str]:
    if tap.flag:
        yield tap.flag
    if tap.trust is Trust.LOW:
        yield "low-trust"
    if tap.received_at - tap.at > LATE:
        yield "late"
    known = stops.get(tap.card)
    if known and any(stop.covers(tap.at) for stop in known):
        yield "stopped-card"
    if not inside:
        yield "outside-window"
