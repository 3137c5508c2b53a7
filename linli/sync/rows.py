"""Rows: what the ledger tells terminals and boards, in a `Change` or `Snapshot` (messages.py)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from linli.sync.values import Count, Kind, Minutes, Moment, Number, Points


class OrgRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="org"):
    """A node of the street – community – building – household tree."""

    id: str
    parent: str | None
    level: str
    name: str


class ActivityRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="activity"):
    """Something to come to. Check-in is open from `starts_at - early_min` to
    `starts_at + late_min`; a sign-out is taken until `ends_at + out_late_min`.
    `min_minutes` is None where one tap is enough."""

    id: str
    title: str
    item: str
    points: Count
    place: str
    starts_at: Moment
    ends_at: Moment
    centre: str
    early_min: Minutes = 30
    late_min: Minutes = 30
    out_late_min: Minutes = 60
    min_minutes: Minutes | None = None
    cancelled: bool = False


class StandingRow(Struct, frozen=True, kw_only=True, gc=False, tag_field="row", tag="standing"):
    """One account's points of one period as everybody may see them.

    `period` is `2026`, `2026-11` or `2026-W48`; `name` is masked, or an alias without consent;
    `reached_at` is the day's moment of the newest deed counted (orders ties)."""

    account: str
    kind: Kind
    name: str
    building: str
    building_name: str
    period: str
    pending: Count
    posted: Count
    reached_at: Moment


class MomentRow(Struct, frozen=True, kw_only=True, gc=False, tag_field="row", tag="moment"):
    """Something that just happened, for the board: `points` is None for a check-in that is
    still waiting for its sign-out."""

    id: str
    name: str
    title: str
    points: Points | None
    at: Moment


class NoticePlace(Struct, frozen=True, kw_only=True):
    """One of the first of a month on notice, by the name that everybody may see."""

    kind: Kind
    rank: Number
    name: str
    points: Count


class NoticeRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="notice"):
    """A month's notice. Objections are taken until the end of the day `closes`, by the `ways`
    named (`card`, `phone`, `desk`); from `sealed_at` on its points may be spent.

    `top` has the first three ranks of each kind, ties cut at three. `root` is how the root of the
    record's checkpoint begins, in hex, and `record` its leaves: "" and 0 before the first."""

    month: str
    opens: dt.date
    closes: dt.date
    sealed_at: Moment | None
    deeds: Count
    points: Count
    people: Count
    units: Count
    top: list[NoticePlace]
    ways: list[str]
    root: str
    record: Count


class StoryRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="story"):
    """A story for the board. `name` is whom it is about ("" for nobody in particular), `honour`
    what they were given in `year` (`star`, `neighbour`, "" for none). One that was taken off has
    `shown` false and no words any more."""

    id: str
    title: str
    text: str
    name: str
    honour: str
    year: str
    shown: bool
    at: Moment


class WareRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="ware"):
    """Something that points are redeemed for: a `good` or `service` of one `centre`, or a
    `voucher` of a `merchant` (its centre is ""; how many of it a person may have, the ledger says
    when asked). `left` is how many goods are on the shelf, None for what is not counted.

    It can be had while it is `on_sale` and a window is open (`WindowRow`), or it is `all_year`.
    `picture` is the SHA-256 (hex) of its picture, "" where there is none."""

    id: str
    centre: str
    kind: str
    name: str
    points: Count
    left: Count | None
    merchant: str
    on_sale: bool
    all_year: bool
    picture: str = ""


class WindowRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="window"):
    """When a `quarter` (`2026-Q4`) is redeemed: from `opens` on, and before `closes`."""

    quarter: str
    opens: Moment
    closes: Moment


Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
"""A time of day in Asia/Shanghai; 24:00 is the end of the day."""


class BoardPage(Struct, frozen=True, kw_only=True):
    """One page of the board, for so many seconds, on every day from `first` until `last`; a span
    that ends before it begins goes over midnight. A page that a board does not know is left out."""

    page: str
    seconds: Annotated[int, Meta(ge=5, le=600)]
    first: Clock = "00:00"
    last: Clock = "24:00"


class BoardPlanRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="board-plan"):
    """What staff want on their boards, in this order: pages that are not listed are off. Rankings
    are of the `periods` named (week, month, year). From `dim_from` until `dim_until` the picture is
    darker by `dim_percent`; both are alike where it never is."""

    pages: list[BoardPage]
    periods: list[str]
    dim_from: Clock
    dim_until: Clock
    dim_percent: Annotated[int, Meta(ge=0, le=90)]


class UrgentRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="urgent"):
    """A message over everything else on the board, from `starts_at` on and before `until`. One that
    was taken back ends when it was."""

    id: str
    text: str
    starts_at: Moment
    until: Moment


class StandardChange(Struct, frozen=True, kw_only=True):
    """What an item brings: `old` is None for a new one, `new` for one that ends."""

    code: str
    name: str
    old: Count | None
    new: Count | None


class StandardChangeRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="standard-change"):
    """What a `version` of the standard changes for deeds done from a day on."""

    version: str
    effective_from: dt.date
    changes: list[StandardChange]


class HolderRow(Struct, frozen=True, kw_only=True, gc=False, tag_field="row", tag="holder"):
    """What a terminal may know of a person: a masked name and balances. Never on the board.

    `consent` is whether that name may stand in public (never a child's), `pin` whether they have
    chosen a PIN."""

    account: str
    kind: Kind
    name: str
    building: str
    building_name: str
    redeemable: Points
    earned: Points
    pending: Points
    consent: bool = False
    under14: bool = False
    pin: bool = False


class CardRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="card"):
    """A card of the centre. `uid` and `key` are hex; `key` is the card's own diversified AES key
    (None for UID-only chips); `status` is active, blocked or replaced. `next_key` is accepted too:
    the card gets it at one of its next taps."""

    card: str
    uid: str
    account: str
    chip: str
    key: str | None
    status: str
    next_key: str | None = None


class AttendanceRow(Struct, frozen=True, kw_only=True, gc=False, tag_field="row", tag="attendance"):
    """Who came to what: the earliest check-in and the latest sign-out known."""

    account: str
    activity: str
    in_at: Moment | None
    out_at: Moment | None


class DeedRow(Struct, frozen=True, kw_only=True, gc=False, tag_field="row", tag="deed"):
    """One deed. `state` is pending, posted or voided; `surplus` is over its item's limit. `reason`
    is why it was voided."""

    id: str
    account: str
    item: str
    activity: str | None
    title: str
    done_at: Moment
    points: Count
    state: str
    surplus: bool
    reason: str = ""


class DoorRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="door"):
    """What is behind a door of a terminal's locker: `ware` is "" where nothing is meant to be.
    `full` is as staff filled it: nothing was given out of it since, or failed to come out."""

    terminal: str
    door: Number
    ware: str
    full: bool


class LeaseState(StrEnum):
    """`recalled`: the terminal should give it back as soon as it can. `refused`: there is no such
    lease, and asking again under the same id may be answered otherwise."""

    GRANTED = "granted"
    REFUSED = "refused"
    RECALLED = "recalled"
    ENDED = "ended"


class LeaseRow(Struct, frozen=True, kw_only=True, tag_field="row", tag="lease"):
    """How a lease stands. `account` is whose points it holds: another than was asked for where
    that one was merged. `reason` is a word that tells why it was refused."""

    id: str
    terminal: str
    account: str
    points: Count
    state: LeaseState
    reason: str = ""


PublicRow = (
    OrgRow
    | ActivityRow
    | StandingRow
    | MomentRow
    | NoticeRow
    | StoryRow
    | WareRow
    | WindowRow
    | BoardPlanRow
    | UrgentRow
    | StandardChangeRow
)
CentreRow = HolderRow | CardRow | AttendanceRow | DeedRow | LeaseRow | DoorRow
Row = PublicRow | CentreRow

__all__ = [
    "ActivityRow",
    "AttendanceRow",
    "BoardPage",
    "BoardPlanRow",
    "CardRow",
    "CentreRow",
    "Clock",
    "DeedRow",
    "DoorRow",
    "HolderRow",
    "LeaseRow",
    "LeaseState",
    "MomentRow",
    "NoticePlace",
    "NoticeRow",
    "OrgRow",
    "PublicRow",
    "Row",
    "StandardChange",
    "StandardChangeRow",
    "StandingRow",
    "StoryRow",
    "UrgentRow",
    "WareRow",
    "WindowRow",
]
