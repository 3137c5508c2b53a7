"""The door every card reader stands behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Chip(StrEnum):
    """The kind of chip, as far as the anticollision tells (NXP AN10833)."""

    TYPE2 = "type2"
    ISO_DEP = "iso-dep"
    CLASSIC = "classic"
    UNKNOWN = "unknown"
    """The reader only tells the UID."""


class Part(StrEnum):
    """How much of its UID a reader tells."""

    WHOLE = "whole"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True)
class CardSeen:
    """Somebody laid a card on the reader: one of these per tap, however long it lies there.

    - `uid`: as the anticollision gave it; anybody can imitate it.
    - `ndef`: the NDEF message of an ISO-DEP card, None where there is none or it was not read.
    - `monotonic`: seconds, when the card was first noticed.
    - `random_uid`: the UID is made up anew each time (a phone): never an identity.
    - `torn`: an ISO-DEP card left before its message could be read.
    - `part`: `uid` is only the first or the last bytes of the card's own.
    """

    reader: str
    uid: bytes
    chip: Chip
    ndef: bytes | None
    monotonic: float
    random_uid: bool
    torn: bool
    part: Part = Part.WHOLE


@dataclass(frozen=True)
class ReaderState:
    """The reader works (`up`) or does not, and why in a few words for the maintainer."""

    reader: str
    up: bool
    reason: str


class CardLostError(Exception):
    """The card did not answer to the end: it was taken away or sits at the edge of the field."""


Exchange = Callable[[bytes], bytes]
"""Sends a command APDU to the card that lies there. Raises CardLostError."""


class CardTalk(Protocol):
    """Somebody who speaks with cards for longer than a reading. Both are called in the reader's
    thread, after the tap was told, for as long as the card lies there."""

    def wants(self, uid: bytes) -> bool:
        """Whether this ISO-DEP card is to be spoken with now; asked at every poll."""

    def speak(self, uid: bytes, exchange: Exchange) -> None:
        """Speak with it until done. A lost card is for this method to deal with; what `exchange`
        raises of a broken reader goes on to the driver."""


@runtime_checkable
class SpeakingReader(Protocol):
    """What readers can do besides that can carry APDUs for as long as a card lies there."""

    def speak_by(self, talk: CardTalk) -> None:
        """Let `talk` speak with cards from now on. Before `start`."""


class CardReader(Protocol):
    """One reader with one thread of its own.

    `start` returns at once; from then on `sink` is called from the reader's thread, first with
    the reader's state, then with every card and every change of state. `sink` must hand over and
    return. `close` returns when the thread has ended and the device is free; it may be called
    twice, and before `start`. A reader that is pulled out is not an error: it says so, tries
    again by itself and says when it is back.
    """

    name: str

    def start(self, sink: Callable[[CardSeen | ReaderState], None]) -> None: ...

    def close(self) -> None: ...
