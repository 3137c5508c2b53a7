"""The door every locker stands behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

NONCE_BYTES = 16


class Outcome(StrEnum):
    """What became of an opening."""

    OPENED = "opened"
    """The contact told that the door is open."""
    NOT_OPENED = "not opened"
    """The door did not open in time and will not open any more for this nonce: it jams, its
    contact is broken, or the command got lost on the way."""
    UNKNOWN = "unknown"
    """It may have opened or not: somebody has to look. Also what the locker cannot tell yet:
    `outcome` may know once the locker can be reached again."""
    NEVER = "never"
    """Only from `outcome`: nothing was ever done for this nonce, or so long ago that it is
    forgotten."""


@dataclass(frozen=True)
class Opening:
    """`again`: the nonce had been used before; nothing was done now, and `outcome` is the first
    one's. `door` is None where nothing is known of the nonce. `reason` is for the maintainer."""

    door: int | None
    outcome: Outcome
    again: bool = False
    reason: str = ""


class DoorChange(StrEnum):
    OPENED = "opened"
    CLOSED = "closed"
    LEFT_OPEN = "left open"


@dataclass(frozen=True)
class DoorEvent:
    """A door moved, by whoever's hand, or has been open for too long."""

    locker: str
    door: int
    change: DoorChange


@dataclass(frozen=True)
class LockerState:
    """The locker works (`up`) or does not, and why in a few words for the maintainer."""

    locker: str
    up: bool
    reason: str


class LockerError(Exception):
    """Nothing was done, and nothing will be: the nonce is as good as before."""


class LockerGoneError(LockerError):
    """The locker cannot be reached."""


class DoorRefusedError(LockerError):
    """This door is not opened for this nonce now; the text says why: it is not there, it stands
    open, or the nonce was used for another door."""


class Locker(Protocol):
    """Doors with numbers from 1. Every method may be called from any thread; an opening takes up
    to some seconds and others wait for it.

    A nonce is 16 bytes that the caller has made up for one redemption and written down before it
    calls `open`. With the same nonce a door opens at most once, however often it is asked for,
    and whatever crashed, was reset or pulled out in between.
    """

    name: str

    def doors(self) -> tuple[int, ...]:
        """The numbers of the doors. Raises LockerGoneError."""

    def states(self) -> Mapping[int, bool]:
        """Which doors stand open. Raises LockerGoneError."""

    def open(self, door: int, nonce: bytes) -> Opening:
        """Open a door and wait for its contact. Raises LockerError where nothing was done; what
        may have been done is told as UNKNOWN, never raised."""

    def outcome(self, nonce: bytes) -> Opening:
        """After a crash: what became of it. Nothing is opened. Raises LockerGoneError."""

    def watch(self, sink: Callable[[DoorEvent | LockerState], None]) -> None:
        """From now on `sink` hears, in a thread of the locker's own, its state and every change of
        state and doors. `sink` must hand over and return. May be called once."""

    def close(self) -> None:
        """End the watch and free the device. May be called twice, and without a watch."""


def checked(nonce: bytes) -> bytes:
    """Raises ValueError unless it has 16 bytes."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}")
    return nonce
