"""View states: what a screen shows, as plain values. Flows make them, screens only draw them.

Names are masked already; words are chosen by the screen (see kiosk/theme/words.py), so that one
view state can be shown in either language. Times are Asia/Shanghai wall times.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from linli.kiosk.flows.afar_views import AfarView, Notice, OutOfService
from linli.kiosk.flows.maintenance_views import MaintenanceView
from linli.kiosk.flows.visit_views import Module, VisitView


class Trouble(StrEnum):
    """Why a tap or a scan did not end in a check-in; one drawing and one sentence each."""

    UNKNOWN_CARD = "unknown_card"
    BLOCKED_CARD = "blocked_card"
    REPLAYED_CARD = "replayed_card"
    FORGED_CARD = "forged_card"
    READ_AGAIN = "read_again"
    NOTHING_OPEN = "nothing_open"
    TOO_EARLY = "too_early"
    ALREADY_DONE = "already_done"
    CLOSED_MEANWHILE = "closed_meanwhile"
    NOT_SAVED = "not_saved"
    PHONE_AT_DESK = "phone_at_desk"
    PHONE_LATER = "phone_later"
    VOUCHER_AT_SHOP = "voucher_at_shop"
    VOUCHER_GOOD = "voucher_good"
    VOUCHER_USED = "voucher_used"
    VOUCHER_OVER = "voucher_over"
    SCAN_WITH_PHONE = "scan_with_phone"
    NOT_OUR_CODE = "not_our_code"


class Link(StrEnum):
    STARTING = "starting"
    """Nobody has looked yet: the program has just begun."""
    ONLINE = "online"
    OFFLINE = "offline"


class Reader(StrEnum):
    STARTING = "starting"
    READY = "ready"
    RECONNECTING = "reconnecting"


@dataclass(frozen=True)
class ActivityCard:
    """One activity as a row of the home screen or a big card to choose."""

    id: str
    title: str
    place: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    points: int
    present: int
    open_now: bool


@dataclass(frozen=True)
class Home:
    """The resting screen. `known` tells whether the programme has ever been fetched, `modules` what
    else there is to touch, `notice` what somebody has to say to all who come."""

    centre: str
    activities: tuple[ActivityCard, ...] = ()
    known: bool = True
    modules: tuple[Module, ...] = ()
    notice: Notice | None = None


@dataclass(frozen=True)
class Choose:
    """Several activities are open: the person touches one."""

    name: str
    options: tuple[ActivityCard, ...]
    trace: str


@dataclass(frozen=True)
class Standing:
    """Where somebody stands this month within `place` (their community), of their own kind.

    `gap` is the points missing to catch up with the next better rank `next_rank`; both None at
    the top.
    `progress` is 0…1, own points over the next one's."""

    place: str
    rank: int
    gap: int | None
    next_rank: int | None
    progress: float


@dataclass(frozen=True)
class Success:
    """Checked in, or signed out with the award.

    `points` is what the deed brings. `counted` is False where the month's limit for the item is
    used up. `sign_out_after` is set when a second tap is still needed for the points. `more` offers
    to look at one's points."""

    signed_out: bool
    name: str
    title: str
    place: str
    at: dt.datetime
    points: int
    counted: bool
    sign_out_after: dt.datetime | None
    redeemable: int
    pending: int
    standing: Standing | None
    done_this_month: int
    done_by_class: tuple[tuple[str, int], ...]
    trace: str
    more: bool = False


@dataclass(frozen=True)
class Refused:
    """`minutes` goes with TOO_EARLY (minutes until a sign-out counts), `next_activity` with
    NOTHING_OPEN and ALREADY_DONE; `title` is the activity concerned, or what a voucher is for, of
    `merchant` and good before `until`. `more` offers to look at one's points."""

    trouble: Trouble
    name: str = ""
    title: str = ""
    minutes: int = 0
    sign_out_after: dt.datetime | None = None
    next_activity: ActivityCard | None = None
    trace: str = ""
    more: bool = False
    merchant: str = ""
    until: dt.datetime | None = None


@dataclass(frozen=True)
class PhoneLink:
    """A QR code that links one phone to the person's account: rows from the top, 1 for each dark
    module."""

    name: str
    code: tuple[bytes, ...] = field(repr=False)
    trace: str


View = Home | Choose | Success | Refused | PhoneLink | VisitView | MaintenanceView | AfarView


def rests(view: View) -> bool:
    """Whether nobody stands there, as far as the screen tells."""
    return isinstance(view, Home | OutOfService)


@dataclass(frozen=True)
class Status:
    """The calm part of every screen: is the network there, is the reader there, what waits."""

    link: Link = Link.OFFLINE
    reader: Reader = Reader.RECONNECTING
    waiting: int = 0
    """Events not yet confirmed by the ledger."""
    large_type: bool = False
    """As the terminal is set, or as somebody who stands here wished."""


@dataclass(frozen=True)
class Screen:
    """What the window is told to show: the view and when it goes home by itself.

    `also` is the moment of the person who tapped a second or two before: it stays in sight as
    one line, so that two people tapping close together both see theirs."""

    view: View
    home_after_s: float | None = None
    also: Success | None = None
    status: Status = field(default_factory=Status)
