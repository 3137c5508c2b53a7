"""How a terminal or board is: its own word on its parts, its machine and its program.

`health` stands retained at the broker: the last word of each. It is said once a minute, and at once
when a part fails or works again. Nothing in it speaks of a person.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from linli.sync.messages import Count, Moment, Name, learn

MESSAGE_BYTES = 16384
"""A longer one is not even read."""
EVERY_S = 60.0
HOT_C = 80.0
"""A Raspberry Pi slows itself down from here on (its documentation, "Thermal management")."""
Short = Annotated[str, Meta(max_length=64)]


class PartState(StrEnum):
    """`absent`: none is set up. `off`: set up, and not there or not answering."""

    WORKING = "working"
    WARNING = "warning"
    OFF = "off"
    ABSENT = "absent"


class PartHealth(Struct, frozen=True, kw_only=True):
    """One thing that is plugged in: `what` is `reader`, `scanner`, `printer`, `board`, `locker`,
    `display` or `sound`, `name` which one of several. `problem` is a word for programs such as
    `paper-out`, `cover-open`, `no-answer`; empty where it works."""

    what: Annotated[str, Meta(pattern=r"^[a-z][a-z-]{0,31}$")]
    state: PartState
    name: Short = ""
    problem: Short = ""


class RestartNote(Struct, frozen=True, kw_only=True):
    """One end of the program, as its supervisor wrote it down; `lived_s` is how long it ran."""

    at: Moment
    reason: Short
    lived_s: Annotated[float, Meta(ge=0)]


class ErrorNote(Struct, frozen=True, kw_only=True):
    """One line of the log at level warning or above: the event alone, none of its values."""

    at: Moment
    event: Annotated[str, Meta(max_length=200)]


class MachineHealth(Struct, frozen=True, kw_only=True):
    """What is None is not measured by this machine. `throttled_now` and `throttled_since_start`
    name strains such as `under-voltage`; `disk_worn_percent` is the card's or drive's own word."""

    celsius: float | None = None
    throttled_now: Annotated[list[Short], Meta(max_length=8)] = []
    throttled_since_start: Annotated[list[Short], Meta(max_length=8)] = []
    disk_free_mb: Count | None = None
    disk_total_mb: Count | None = None
    disk_worn_percent: Annotated[int, Meta(ge=0, le=255)] | None = None
    memory_mb: Count | None = None
    """What the program's processes take, PSS."""
    clock_good: bool = False
    clock_source: Short = ""
    clock_offset_ms: float | None = None


class Health(Struct, frozen=True, kw_only=True):
    """`began_at` is this start of the program. `frame_age_s` is how long ago the window's loop last
    turned; `outbox_oldest_s` the age of the first event that the ledger has not confirmed.
    `doors_open` are numbers of locker doors that stand open. `trial` is the version that is on
    probation, empty where none is."""

    terminal: Name
    at: Moment
    bootid: Short
    began_at: Moment
    version: Short
    firmware: Short = ""
    trial: Short = ""
    maintained: bool = False
    machine: MachineHealth
    parts: Annotated[list[PartHealth], Meta(max_length=24)] = []
    outbox: Count = 0
    outbox_oldest_s: Annotated[float, Meta(ge=0)] = 0.0
    doors_open: Annotated[list[Annotated[int, Meta(ge=0, le=255)]], Meta(max_length=64)] = []
    last_card_at: Moment | None = None
    frame_age_s: Annotated[float, Meta(ge=0)] | None = None
    restarts: Annotated[list[RestartNote], Meta(max_length=20)] = []
    errors: Annotated[list[ErrorNote], Meta(max_length=20)] = []


HEALTH_TYPES = (Health,)
learn(*HEALTH_TYPES)
