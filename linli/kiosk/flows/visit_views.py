"""View states of a visit: what somebody sees who came to look, to redeem, or to settle something.

Like those of `views.py`: plain values, masked names, Asia/Shanghai wall times, no words.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from linli.kiosk.flows.news_views import Article, News, NoticeSheet, Ranking
from linli.kiosk.flows.shop_views import Confirm, Redeemed, Redeeming, Shop, Vouchers


class Module(StrEnum):
    """The doors of the resting screen."""

    POINTS = "points"
    SHOP = "shop"
    NEWS = "news"


class Stands(StrEnum):
    """How a deed stands."""

    PENDING = "pending"
    POSTED = "posted"
    VOIDED = "voided"
    SURPLUS = "surplus"
    """Over its item's limit: it brings nothing."""


@dataclass(frozen=True)
class AskCard:
    """A card is asked for, to go on with what was touched; `title` is the ware, "" for none."""

    module: Module
    title: str = ""


# --- one's own points ------------------------------------------------------------------------


@dataclass(frozen=True)
class DeedLine:
    """`timed` is False where only the day is known: no card witnessed it."""

    id: str
    title: str
    done_at: dt.datetime
    points: int
    stands: Stands
    timed: bool = True


@dataclass(frozen=True)
class Rank:
    """This month's rank among people of one's own kind in `place`; None without any points."""

    place: str
    rank: int | None


@dataclass(frozen=True)
class Points:
    """What somebody has, and some of the `count` deeds of a month, the newest first. `earlier` and
    `later` tell whether there are others, of this month or another."""

    name: str
    redeemable: int
    earned: int
    pending: int
    ranks: tuple[Rank, ...]
    month: dt.date
    month_points: int
    count: int
    deeds: tuple[DeedLine, ...]
    earlier: bool = False
    later: bool = False


class Proof(StrEnum):
    """Whether the public record holds a deed, as far as this terminal has looked."""

    NOT_ASKED = "not-asked"
    ASKING = "asking"
    PROVEN = "proven"
    NOT_YET = "not-yet"
    """It is no leaf of the newest checkpoint: those are made each week."""
    WRONG = "wrong"
    OFFLINE = "offline"


@dataclass(frozen=True)
class DeedDetail:
    """`reason` is why it was voided. Where the proof was followed, `place` is the leaf's number,
    `size` the leaves of the signed tree. `object_until` is the last day for an objection, None
    where it is on no notice that hangs."""

    deed: DeedLine
    code: str
    reason: str = ""
    proof: Proof = Proof.NOT_ASKED
    place: int = 0
    size: int = 0
    object_until: dt.date | None = None
    objected: bool = False


class Complaint(StrEnum):
    """What somebody can say against an entry without a keyboard."""

    NOT_DONE = "not-done"
    POINTS = "points"
    DAY = "day"
    CALL_ME = "call-me"


@dataclass(frozen=True)
class Object:
    """Which of the complaints is it?"""

    deed: DeedLine


# --- services --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Services:
    """What can be settled here. `phone`: whether phones can be linked; `consent` is None for a
    child, whose name never stands in public; `vouchers` can be shown once more."""

    name: str
    phone: bool
    consent: bool | None
    pin: bool
    vouchers: int = 0


@dataclass(frozen=True)
class AskConsent:
    """May `name`, masked as it is, stand in public? `agreed` is how it is now."""

    name: str
    agreed: bool


class PadFor(StrEnum):
    """What is typed on the pad of digits."""

    PHONE = "phone"
    PIN = "pin"
    OLD_PIN = "old-pin"
    NEW_PIN = "new-pin"
    NEW_PIN_AGAIN = "new-pin-again"
    MAINTENANCE = "maintenance"


class PadTrouble(StrEnum):
    """Why what was typed is asked for once more."""

    WRONG = "wrong"
    DIFFERENT = "different"
    TOO_EASY = "too-easy"


@dataclass(frozen=True)
class Pad:
    """Digits are asked for; `hidden` ones are shown as dots. `turn` is another for every time the
    pad is shown anew, so that it begins empty. `tries` are left, where that is known."""

    for_: PadFor
    fewest: int
    most: int
    hidden: bool
    turn: int
    trouble: PadTrouble | None = None
    tries: int | None = None


class Outcome(StrEnum):
    """What came of something, said in large words for a moment."""

    OBJECTED = "objected"
    CONSENTED = "consented"
    WITHDREW = "withdrew"
    PIN_SET = "pin-set"
    LOSS_TAKEN = "loss-taken"


class Hindrance(StrEnum):
    """Why something cannot be done, here and now."""

    NO_NETWORK = "no-network"
    NO_ANSWER = "no-answer"
    """The network is there, and the ledger gives no answer."""
    NOT_SAVED = "not-saved"
    CARD_COPYABLE = "card-copyable"
    PIN_LOCKED = "pin-locked"
    NO_PIN = "no-pin"
    CHOOSE_PIN = "choose-pin"
    """There is none yet, and this card may choose one here."""
    NOT_KNOWN = "not-known"
    TOO_FEW = "too-few"
    LEASE_TOO_SMALL = "lease-too-small"
    VOUCHER_OFFLINE = "voucher-offline"
    PIN_OFFLINE = "pin-offline"
    """Only the ledger can check a PIN."""
    HELD_ELSEWHERE = "held-elsewhere"
    """Another terminal holds the points, and is asked to give them back."""
    SLOW = "slow"
    """The points are on their way back from a lease."""
    SILENT = "silent"
    """The ledger may have taken the points, and did not answer: they come back by themselves."""
    SILENT_KEEPS = "silent-keeps"
    """The same, but what was paid is kept for them."""
    DOOR_BUSY = "door-busy"
    TOO_BUSY = "too-busy"
    """The terminal was held up for so long that it began nothing."""
    SOLD_OUT = "sold-out"
    WINDOW_CLOSED = "window-closed"
    QUOTA = "quota"
    WITHDRAWN = "withdrawn"
    VOUCHER_USED = "voucher-used"
    VOUCHER_OVER = "voucher-over"
    REFUSED = "refused"


@dataclass(frozen=True)
class Told:
    """`name` is whom it concerns, `count` a number the words need (cards stopped, points held)."""

    outcome: Outcome
    name: str = ""
    count: int = 0


@dataclass(frozen=True)
class Hindered:
    """It did not work, and nothing was changed. `count` is a number the words need."""

    hindrance: Hindrance
    name: str = ""
    count: int = 0


@dataclass(frozen=True)
class Waiting:
    """The ledger is being asked."""

    name: str = ""


VisitView = (
    AskCard
    | Points
    | DeedDetail
    | Object
    | Services
    | AskConsent
    | Pad
    | Told
    | Hindered
    | Waiting
    | Shop
    | Confirm
    | Redeeming
    | Redeemed
    | Vouchers
    | News
    | Article
    | NoticeSheet
    | Ranking
)
