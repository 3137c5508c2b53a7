"""What the attendant's thread is told, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from linli.devices.readers.base import CardSeen, ReaderState
from linli.devices.scanners.base import Scanned, ScannerState
from linli.kiosk.flows import views
from linli.kiosk.flows.actions import Action
from linli.sync.asks import Answer


@dataclass(frozen=True)
class Chosen:
    """`at` is when the screen was touched (monotonic seconds)."""

    activity: str
    at: float


@dataclass(frozen=True)
class Touched:
    """A button of a visit; `at` is as above."""

    action: Action
    at: float


@dataclass(frozen=True)
class Came:
    """What somebody waited for, to be taken in the attendant's thread."""

    act: Callable[[], None]


@dataclass(frozen=True)
class VoucherTold:
    """What the ledger says of a scanned voucher; `at_once` is what its screen shows so far."""

    at_once: views.Refused
    answer: Answer | None


@dataclass(frozen=True)
class WentHome:
    at: float


@dataclass(frozen=True)
class Online:
    online: bool


@dataclass(frozen=True)
class Stop:
    pass


Inbox = (
    CardSeen
    | ReaderState
    | Scanned
    | ScannerState
    | VoucherTold
    | Chosen
    | Touched
    | Came
    | WentHome
    | Online
    | Stop
)
