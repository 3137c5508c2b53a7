"""The success screen's figures: what somebody has, where they stand, how far to the next one.

The ledger's answer is a moment away when the screen is drawn, so the deed of this very tap is
added to what the replica knows, unless the replica has it already.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linli.kiosk.flows.views import Standing, Success
from linli.sync.messages import ActivityRow, DeedRow, HolderRow, Item
from linli.sync.periods import period_of
from linli.sync.rules import Countable, deed_id, surplus


@dataclass(frozen=True)
class Tap:
    """What was just committed. `awards` tells whether the deed is done with it."""

    activity: ActivityRow
    account: str
    at: dt.datetime
    in_at: dt.datetime
    signed_out: bool
    awards: bool
    sign_out_after: dt.datetime | None
    trace: str


@dataclass(frozen=True)
class Person:
    """What the replica knows: `item` is the standard's entry for the activity's item in force,
    `class_names` the standard's classes by code, `month_total` the points shown on the board.
    `held` are redeemable points that leases of this terminal hold."""

    holder: HolderRow
    deeds: Sequence[DeedRow]
    item: Item | None
    class_names: Mapping[str, str]
    month_total: int
    held: int = 0


@dataclass(frozen=True)
class Gain:
    """What the tap's deed adds to the replica's figures. `points` is what it is worth by the
    standard; `added` is 0 where it does not count, or is known already."""

    points: int
    counted: bool
    added: int


def gain(tap: Tap, person: Person) -> Gain:
    points = person.item.points if person.item is not None else tap.activity.points
    own = deed_id(tap.activity.id, tap.account)
    counted = not _over_limit(tap, person, own)
    known = any(deed.id == own for deed in person.deeds)
    return Gain(points, counted, points if tap.awards and counted and not known else 0)


def _over_limit(tap: Tap, person: Person, own: str) -> bool:
    if person.item is None or person.item.limit is None:
        return False
    limit = person.item.limit
    period = period_of(tap.in_at, limit.per)
    others = [
        Countable(deed.id, deed.done_at, deed.state == "posted")
        for deed in person.deeds
        if deed.item == person.item.code
        and deed.state != "voided"
        and deed.id != own
        and period_of(deed.done_at, limit.per) == period
    ]
    return own in surplus([*others, Countable(own, tap.in_at, posted=False)], limit.n)


@dataclass(frozen=True)
class Better:
    """The next better points total of the ranking, and the rank it holds."""

    total: int
    rank: int


def place_in_ranking(place: str, total: int, rank: int, better: Better | None) -> Standing | None:
    """`total` includes this tap; without any points there is no place to speak of."""
    if total <= 0:
        return None
    if better is None:
        return Standing(place, rank, None, None, 1.0)
    return Standing(place, rank, better.total - total, better.rank, total / better.total)


def success(
    tap: Tap, person: Person, gained: Gain, standing: Standing | None, *, more: bool
) -> Success:
    """The finished view state."""
    month = period_of(tap.at, "month")
    own = deed_id(tap.activity.id, tap.account)
    codes = [
        deed.item[:1]
        for deed in person.deeds
        if deed.state != "voided" and deed.id != own and period_of(deed.done_at, "month") == month
    ]
    if tap.awards:
        codes.append(tap.activity.item[:1])
    by_class = Counter(codes).most_common()
    return Success(
        signed_out=tap.signed_out,
        name=person.holder.name,
        title=tap.activity.title,
        place=tap.activity.place,
        at=tap.at,
        points=gained.points,
        counted=gained.counted,
        sign_out_after=tap.sign_out_after,
        redeemable=person.holder.redeemable + person.held,
        pending=person.holder.pending + gained.added,
        standing=standing,
        done_this_month=len(codes),
        done_by_class=tuple((person.class_names.get(code, code), n) for code, n in by_class),
        trace=tap.trace,
        more=more,
    )
