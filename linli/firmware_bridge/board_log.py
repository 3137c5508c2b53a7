"""What the terminal board writes down of itself, read a stretch at a time by a cursor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated

from msgspec import Meta, Struct

Number = Annotated[int, Meta(ge=0)]


class EventKind(IntEnum):
    """What the board writes down; `subject` is the door, the reset's reason, or 0 or 1."""

    BOOT = 1
    DOOR_OPENED = 2
    DOOR_CLOSED = 3
    DOOR_JAMMED = 4
    DOOR_LEFT_OPEN = 5
    TAMPER = 6
    PRESENCE = 7
    HOST_RESTARTED = 8


class Event(Struct, frozen=True, array_like=True):
    """One line of the board's log. `at_ms` counts from the start of boot `boot`; `sequence` from
    1 in each boot. `kind` is an EventKind, or a number that this program does not know yet."""

    boot: Number
    sequence: Number
    at_ms: Number
    kind: Number
    subject: int


@dataclass(frozen=True, order=True)
class Cursor:
    """The last event that was read; the first to read from is before all."""

    boot: int = 0
    sequence: int = 0


START = Cursor()


@dataclass(frozen=True)
class Events:
    """A stretch of the log. Read on from `cursor`; `lost`: events before these were overwritten
    before they were read; `more`: there is more to read now."""

    events: tuple[Event, ...]
    cursor: Cursor
    lost: bool
    more: bool
