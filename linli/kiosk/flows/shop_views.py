"""View states of the shop: what is for points, and what becomes of a redemption.

Like those of `visit_views.py`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum


class WareKind(StrEnum):
    GOOD = "good"
    SERVICE = "service"
    VOUCHER = "voucher"


@dataclass(frozen=True)
class WareCard:
    """Something for points. `left` is None for what does not run out; `door` is the locker's, None
    where it is given out over the counter. `picture` is the path of its picture, "" for none.
    `within` is whether the person's points suffice, None while nobody has tapped."""

    id: str
    title: str
    kind: WareKind
    points: int
    left: int | None
    picture: str
    merchant: str = ""
    door: int | None = None
    within: bool | None = None


@dataclass(frozen=True)
class Shop:
    """A page of the shop. `balance` is None while nobody has tapped; `closes` is the last day of
    the window that is open, `opens` the first of the next one where none is."""

    wares: tuple[WareCard, ...]
    page: int
    pages: int
    only_within: bool
    name: str = ""
    balance: int | None = None
    closes: dt.date | None = None
    opens: dt.date | None = None
    offline_up_to: int | None = None
    """Without the network: what the points held here allow. None while there is one."""


@dataclass(frozen=True)
class Confirm:
    """One ware, and what redeeming it would leave."""

    ware: WareCard
    name: str
    balance: int
    pin: bool
    """Whether a PIN is asked for."""


class Phase(StrEnum):
    """How far a redemption is."""

    PAYING = "paying"
    OPENING = "opening"
    TAKE_IT = "take-it"
    CLOSE_IT = "close-it"


@dataclass(frozen=True)
class Redeeming:
    title: str
    phase: Phase
    door: int | None = None


class Ending(StrEnum):
    """How a redemption ended."""

    OUT = "out"
    COUNTER = "counter"
    VOUCHER = "voucher"
    CAME_BACK = "came-back"
    STAFF_CALLED = "staff-called"


@dataclass(frozen=True)
class Vouchers:
    """Codes that were paid for lately: title and the last day of each."""

    name: str
    rows: tuple[tuple[str, dt.date | None], ...]


class Slip(StrEnum):
    PRINTED = "printed"
    NO_PAPER = "no-paper"
    COVER_OPEN = "cover-open"
    NO_PRINTER = "no-printer"


@dataclass(frozen=True)
class Redeemed:
    """`code` is a voucher's, `picture` its QR code by rows; `left` what can still be redeemed."""

    name: str
    title: str
    points: int
    left: int
    ending: Ending
    slip: Slip = Slip.NO_PRINTER
    merchant: str = ""
    until: dt.date | None = None
    code: str = ""
    picture: tuple[bytes, ...] = field(default=(), repr=False)
