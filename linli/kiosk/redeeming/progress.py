"""What the screen is told while something is redeemed: values, no words. Each names its request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Printed(StrEnum):
    """What came of a receipt."""

    PRINTED = "printed"
    NO_PAPER = "no-paper"
    COVER_OPEN = "cover-open"
    NO_PRINTER = "no-printer"


class Trouble(StrEnum):
    """Why nothing was redeemed, beside `Hindrance` and the ledger's own reasons
    (`sync.asks.REASONS`)."""

    NOT_SAVED = "not-saved"
    """The terminal could not write it down."""
    NOT_REACHED = "not-reached"
    """The ledger was not reached, and has surely not heard of it."""
    SLOW = "slow"
    """A lease was given back for it, and the points did not come in time: they will."""
    DOOR_BUSY = "door-busy"
    """The door is being opened for somebody else, or holds something else or nothing."""
    NO_LOCKER = "no-locker"
    LATE = "late"
    """The terminal came to it only after whoever confirmed it may have gone."""


class Away(StrEnum):
    """Why something does not come out of a door."""

    JAM = "jam"
    NO_ANSWER = "no-answer"
    UNCLEAR = "unclear"
    NOT_SAVED = "not-saved"


@dataclass(frozen=True)
class Paying:
    """The ledger is asked."""

    request: str


@dataclass(frozen=True)
class OpenDoor:
    """It is paid, and the door is about to open."""

    request: str
    door: int


@dataclass(frozen=True)
class TakeIt:
    """The door is open, and everything is written down."""

    request: str
    door: int


@dataclass(frozen=True)
class Out:
    """All done. `left` is what can still be redeemed, as the ledger said, with what leases here
    hold; None after a lease."""

    request: str
    title: str
    points: int
    left: int | None


@dataclass(frozen=True)
class Voucher:
    """Paid: what the merchant wants to see. `made_at` is when it was redeemed, `left` what could
    still be redeemed then."""

    request: str
    title: str
    points: int
    code: str
    merchant: str
    until: dt.datetime
    made_at: dt.datetime
    left: int | None = None


@dataclass(frozen=True)
class AtCounter:
    """Paid: staff give it out."""

    request: str
    title: str
    points: int
    order: str
    left: int | None


@dataclass(frozen=True)
class CameBack:
    """Nothing is out and nothing is paid, or the points are on their way back. `reason` is a word
    of `Trouble`, `Away`, `way.Hindrance` or `sync.asks.REASONS`; `at_hand` is how many points can
    be spent without the network, `tries` are left for a PIN. `left` is what can be redeemed once
    points that were paid are back; None where the ledger was not paid."""

    request: str
    reason: str
    at_hand: int = 0
    tries: int | None = None
    left: int | None = None


@dataclass(frozen=True)
class Silent:
    """The ledger did not answer while the person stood there, and may have taken the points. Then
    they come back by themselves; where it `keeps`, what was paid waits at the counter, or its code
    is shown when the card is tapped again."""

    request: str
    keeps: bool


@dataclass(frozen=True)
class StaffCalled:
    """It is paid, and nobody knows whether it is out. More may follow."""

    request: str
    reason: Away


@dataclass(frozen=True)
class Receipt:
    request: str
    printed: Printed


Progress = (
    Paying
    | OpenDoor
    | TakeIt
    | Out
    | Voucher
    | AtCounter
    | CameBack
    | Silent
    | StaffCalled
    | Receipt
)
LAST = (Out, Voucher, AtCounter, CameBack, Silent)
"""After one of these only a `Receipt` follows. `StaffCalled` may be the last too."""
Tell = Callable[[Progress], None]
