"""What a redemption needs of everything around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from linli.kiosk.network.ledger_asks import NotReachedError
from linli.kiosk.redeeming.progress import Printed
from linli.kiosk.redeeming.redemption import DoorOutcome
from linli.sync.asks import Answer, Ask
from linli.sync.messages import DoorRow, HolderRow, LeaseRow


class Locker(Protocol):
    """Doors of this terminal. A command is carried out at most once for its nonce (16 bytes),
    however often it is given. Errors are OSError, and then nobody knows."""

    def open(self, door: int, nonce: bytes) -> DoorOutcome:
        """Returns once the door's own switch has told, or has not in time."""

    def outcome(self, nonce: bytes) -> DoorOutcome | None:
        """What came of a command given before, also before a restart. None while the lock board
        cannot be reached; `UNKNOWN` where it was, and does not know (any more)."""


@dataclass(frozen=True)
class Slip:
    """What is printed for the person to take along. `code` and what follows it are a voucher's."""

    request: str
    title: str
    points: int
    order: str
    at: dt.datetime
    left: int | None = None
    code: str = ""
    merchant: str = ""
    until: dt.datetime | None = None
    at_counter: bool = False


class Printer(Protocol):
    def print(self, slip: Slip) -> Printed:
        """Returns once it is printed, or it is known why not."""


class LedgerAsker(Protocol):
    def post(
        self, ask: Ask, then: Callable[[Answer | NotReachedError], None], *, later: bool = False
    ) -> None:
        """Returns at once; `then` is told on any thread."""


class KnownPeople(Protocol):
    """What the ledger's feed told: the replica."""

    def holder(self, account: str) -> HolderRow | None: ...

    def leases(self, terminal: str) -> Sequence[LeaseRow]: ...

    def leases_asked_of(self, account: str) -> Sequence[LeaseRow]: ...

    def doors(self, terminal: str) -> Sequence[DoorRow]: ...
