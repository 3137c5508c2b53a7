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
from linli.sync.rules import check_in_open, done_at, merged, sign_out_until

LATE = dt.timedelta(days=1)
"""An event that reached the ledger later than this is flagged, never dropped."""


class Tap(Struct, frozen=True):
    """One check-in (`entering`) or sign-out, dated. `flag` is what its clock left open."""

    account: str
    activity: str
    entering: bool
    card: str
    trust: Trust
    at: dt.datetime
    received_at: dt.datetime
    flag: str


class Attended(Struct, frozen=True):
    """`done_at` is None while the deed is not done. `flags` are what a reviewer should know:
    clock, late, low-trust, outside-window, re-dated, stopped-card."""

    row: AttendanceRow
    flags: tuple[str, ...]
    done_at: dt.datetime | None


def attended(
    activity: ActivityRow, taps: Iterable[Tap], stops: Mapping[str, Sequence[Stop]]
) -> Attended:
    """`taps` are all of one account at this activity, at least one; `stops` tells when each of
    the account's cards was not to be taken."""
    known = [(tap, _in_window(activity, tap)) for tap in taps]
    counted = [tap for way in (True, False) for tap in _counted(known, way)]
    row = reduce(merged, (_row(tap) for tap in counted[1:]), _row(counted[0]))
    flags = {flag for tap, inside in known for flag in _flags(tap, inside, stops)}
    return Attended(row, tuple(sorted(flags)), done_at(activity, row))


def _counted(taps: Iterable[tuple[Tap, bool]], entering: bool) -> list[Tap]:
    """Of the check-ins, or of the sign-outs, those inside the window; where there is none, the
    others: a tap with a wrong date never takes the place of a right one."""
    same_way = [(tap, inside) for tap, inside in taps if tap.entering is entering]
    return [tap for tap, inside in same_way if inside] or [tap for tap, _ in same_way]


def _in_window(activity: ActivityRow, tap: Tap) -> bool:
    return check_in_open(activity, tap.at) if tap.entering else _may_leave(activity, tap.at)


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
    if any(stop.covers(tap.at) for stop in stops.get(tap.card, ())):
        yield "stopped-card"
    if not inside:
        yield "outside-window"


def _may_leave(activity: ActivityRow, at: dt.datetime) -> bool:
    opens = activity.starts_at - dt.timedelta(minutes=activity.early_min)
    return not activity.cancelled and opens <= at <= sign_out_until(activity)
