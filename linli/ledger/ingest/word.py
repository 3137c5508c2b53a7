"""One word of a terminal as it is settled, and what can come of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from linli.ledger.ingest.events import Reason
from linli.sync.messages import DoorEvent, LeaseEvent, WordEvent

Said = LeaseEvent | DoorEvent | WordEvent
"""Events that are settled one at a time."""


@dataclass(frozen=True, slots=True)
class Word:
    """`said_at` is when it was said, and never later than now; `certain` whether a good clock
    vouches for that."""

    terminal: str
    seq: int
    said: Said
    said_at: dt.datetime
    certain: bool


@dataclass(frozen=True, slots=True)
class Unfit:
    """It cannot be applied, and why: it is parked."""

    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Later:
    """It speaks of an event that is still on its way, and waits for it."""


Settled = Unfit | Later | None
