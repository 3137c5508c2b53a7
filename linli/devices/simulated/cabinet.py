"""A cabinet of doors with electric locks and contacts, and the hand that pushes them shut.

A coil that is on for `SPRINGS_AFTER_S` lets its door spring open. What coils did is kept, so that
tests can ask what must never happen. Every method may be called from any thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

SPRINGS_AFTER_S = 0.05


@dataclass(frozen=True)
class Pulse:
    """A coil was on for so long."""

    door: int
    seconds: float


class Cabinet:
    """Doors 1 to `doors`, all shut.

    Switches: a door in `jammed` does not spring open; the contact of a door in `blind` always
    tells shut. `pulses` are those that ended, `opened` the doors in the order they sprang open.
    """

    def __init__(self, doors: int, monotonic: Callable[[], float]) -> None:
        self.doors = range(1, doors + 1)
        self.jammed: set[int] = set()
        self.blind: set[int] = set()
        self.pulses: list[Pulse] = []
        self.opened: list[int] = []
        self.most_coils_on = 0
        self._monotonic = monotonic
        self._open: set[int] = set()
        self._on_since: dict[int, float] = {}
        self._lock = threading.RLock()

    # --- the hand ----------------------------------------------------------------------------

    def is_open(self, door: int) -> bool:
        """Whether the door stands open, whatever its contact tells."""
        with self._lock:
            self._settle()
            return door in self._open

    def push_shut(self, door: int) -> None:
        """A door does not latch while its coil is on."""
        with self._lock:
            self._settle()
            if door not in self._on_since:
                self._open.discard(door)

    def pull_open(self, door: int) -> None:
        """By force, or with the key."""
        with self._lock:
            self._open.add(door)

    # --- the wires ---------------------------------------------------------------------------

    def coil_on(self, door: int) -> None:
        with self._lock:
            self._on_since.setdefault(door, self._monotonic())
            self.most_coils_on = max(self.most_coils_on, len(self._on_since))

    def coils_off(self) -> None:
        """All of them, as when the power goes."""
        with self._lock:
            self._settle()
            now = self._monotonic()
            self.pulses += [Pulse(door, now - since) for door, since in self._on_since.items()]
            self._on_since.clear()

    def coil_is_on(self, door: int) -> bool:
        with self._lock:
            return door in self._on_since

    def contact_open(self, door: int) -> bool:
        """What the contact tells."""
        with self._lock:
            self._settle()
            return door in self._open and door not in self.blind

    def _settle(self) -> None:
        now = self._monotonic()
        for door, since in self._on_since.items():
            free = door not in self.jammed and door not in self._open
            if free and now - since >= SPRINGS_AFTER_S:
                self._open.add(door)
                self.opened.append(door)
