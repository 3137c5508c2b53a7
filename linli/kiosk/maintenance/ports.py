"""What the maintainer's menu needs of the terminal around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from linli.kiosk.doctor.finding import Finding
from linli.kiosk.flows.maintenance_views import LevelNote, Room
from linli.kiosk.maintenance.card_room import MakingPort
from linli.kiosk.maintenance.tries import Tries


class LevelGoneError(OSError):
    """There is nothing whose level it could be; `note` says why."""

    def __init__(self, note: LevelNote) -> None:
        super().__init__(note.value)
        self.note = note


class LevelPort(Protocol):
    """Something with a volume or a brightness, in percent. Raises OSError where it is gone.
    `note` is what there is to say about a level that is there."""

    @property
    def note(self) -> LevelNote | None: ...

    def read(self) -> int: ...

    def write(self, percent: int) -> None: ...


@dataclass(frozen=True)
class NoLevel:
    """A `LevelPort` of something that this terminal does not have."""

    note: LevelNote

    def read(self) -> int:
        raise LevelGoneError(self.note)

    def write(self, percent: int) -> None:
        raise LevelGoneError(self.note)


class ServicePort(Protocol):
    """`on_show.OnShow`."""

    @property
    def out_of_service(self) -> bool: ...

    def serve(self, *, again: bool) -> None:
        """Raises OSError."""
        ...


class TriesStore(Protocol):
    """Durable. Raises NotSavedError, an OSError."""

    def read(self) -> Tries: ...

    def write(self, tries: Tries) -> None: ...


@dataclass(frozen=True)
class Ports:
    """`reach` asks the ledger for a sign of life and tells it from whatever thread. `levels` holds
    what this terminal has. `diagnose` looks at everything: it tells each finding from whatever
    thread, and None after the last."""

    tries: TriesStore
    linked: Callable[[], bool]
    waiting: Callable[[], int]
    reach: Callable[[Callable[[bool], None]], None]
    restart: Callable[[], None]
    making: MakingPort
    service: ServicePort
    levels: Mapping[Room, LevelPort] = field(default_factory=dict)
    diagnose: Callable[[Callable[[Finding | None], None]], None] = lambda found: found(None)
