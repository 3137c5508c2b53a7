"""What is behind the doors: what the feed says, but for doors that were used here since.

A terminal that is cut off must not sell twice what was behind a door. So one that was used here
counts as empty until the feed says so too: then the ledger has heard of it, and what it says later
is newer. Where the feed was not heard in between (a snapshot came after staff had filled the door
again) it is believed some time after the ledger confirmed the event.
"""

from __future__ import annotations

from linli.kiosk.redeeming.machine import KnownPeople
from linli.kiosk.store.doors import UsedDoor, UsedDoors
from linli.sync.clock import Clock
from linli.sync.messages import DoorRow

BELIEVED_S = 600.0
"""The ledger applies an event seconds after it confirmed it; the feed follows it by seconds."""


class Doors:
    """The doors of `terminal`. Every method raises NotSavedError."""

    def __init__(self, used: UsedDoors, people: KnownPeople, clock: Clock, terminal: str) -> None:
        self._used = used
        self._people = people
        self._clock = clock
        self._terminal = terminal
        self._confirmed: dict[UsedDoor, float] = {}
        """Since when it has been known that the ledger has the event."""

    def full(self) -> tuple[DoorRow, ...]:
        """Doors that something can be had from; safe from any thread."""
        used = {door.door for door in self._used.all()}
        return tuple(
            row
            for row in self._people.doors(self._terminal)
            if row.full and row.ware and row.door not in used
        )

    def holds(self, door: int, ware: str) -> bool:
        """Whether one of `ware` is behind this door, as far as is known; safe from any thread."""
        return any((row.door, row.ware) == (door, ware) for row in self.full())

    def hear(self) -> None:
        """The feed told something, or some time has passed."""
        used = self._used.all()
        if not used:
            return
        rows = {row.door: row for row in self._people.doors(self._terminal)}
        now = self._clock.monotonic()
        for door in used:
            if door.confirmed:
                self._confirmed.setdefault(door, now)
            row = rows.get(door.door)
            empty = row is not None and not row.full
            if empty or now - self._confirmed.get(door, now) >= BELIEVED_S:
                self._used.forget(door)
                self._confirmed.pop(door, None)
