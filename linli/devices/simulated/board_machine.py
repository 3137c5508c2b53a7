"""What the terminal board does with its doors, by the rules its firmware keeps.

A pulse lasts at most two seconds; one opening at a time; a nonce is kept before its coil is
switched on, and never opens again; outputs are off after a reset.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from linli.devices.simulated.board_flash import Flash
from linli.devices.simulated.cabinet import Cabinet
from linli.firmware_bridge.board import DoorState, Event, EventKind, Opening, Outcome, Refusal

LONGEST_PULSE_S = 2.0


@dataclass(frozen=True)
class Timing:
    """A door that has not opened `opens_within_s` after its coil went on is jammed; one that is
    open for `left_open_s` has been left open. Raises ValueError on a pulse over two seconds."""

    pulse_s: float = 0.5
    opens_within_s: float = 1.5
    left_open_s: float = 60.0

    def __post_init__(self) -> None:
        if not 0 < self.pulse_s <= LONGEST_PULSE_S:
            raise ValueError(f"a pulse lasts up to {LONGEST_PULSE_S} s, not {self.pulse_s}")


@dataclass
class Surroundings:
    """What the board's other sensors feel: as in `firmware_bridge.board.Sensors`."""

    presence: bool = False
    tamper: bool = False
    temperature: int = 215
    ambient: int = 320


class RefusalError(Exception):
    """The board does not do that."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal


@dataclass
class _Underway:
    nonce: bytes
    door: int
    since: float
    coil_on: bool = True


@dataclass
class _Seen:
    """The doors as they were last noticed: when each opened, and which were told as left open."""

    open_since: dict[int, float] = field(default_factory=dict)
    left_open: set[int] = field(default_factory=set)


class BoardMachine:
    """One board above one cabinet. `tick` must be called every few milliseconds.

    Raises PowerCutError from any method where the flash is told to; then `start` again.
    `host_restarts` counts how often it took the host's power away.
    """

    def __init__(
        self,
        cabinet: Cabinet,
        flash: Flash,
        surroundings: Surroundings,
        timing: Timing,
        monotonic: Callable[[], float],
    ) -> None:
        self.cabinet, self.flash, self.surroundings = cabinet, flash, surroundings
        self.host_restarts = 0
        self._timing = timing
        self._monotonic = monotonic

    def start(self, reason: int) -> None:
        """As after any reset: outputs off, and what was under way is known to be interrupted.
        `reason` as in docs/protocol.md."""
        self.cabinet.coils_off()
        self._started = self._monotonic()
        self._sequence = 0
        self._underway: _Underway | None = None
        self._heartbeat_until: float | None = None
        self._felt = (False, False)
        now = self._monotonic()
        doors = (door for door in self.cabinet.doors if self.cabinet.contact_open(door))
        self._seen = _Seen(dict.fromkeys(doors, now))
        self.flash.count_boot()
        for nonce, (door, outcome) in list(self.flash.openings.items()):
            if outcome is Outcome.UNDER_WAY:
                self.flash.keep(nonce, door, Outcome.INTERRUPTED)
        self._log(EventKind.BOOT, reason)

    # --- verbs -------------------------------------------------------------------------------

    def open(self, door: int, nonce: bytes) -> Opening:
        """Raises RefusalError."""
        if door not in self.cabinet.doors:
            raise RefusalError(Refusal.NO_SUCH_DOOR)
        if nonce in self.flash.openings:
            first = self.outcome(nonce)
            if first.door != door:
                raise RefusalError(Refusal.OTHER_DOOR)
            return first
        if self._underway is not None:
            raise RefusalError(Refusal.COIL_BUSY)
        if self.cabinet.contact_open(door):
            raise RefusalError(Refusal.DOOR_OPEN)
        self.flash.keep(nonce, door, Outcome.UNDER_WAY)
        self._underway = _Underway(nonce, door, self._monotonic())
        self.cabinet.coil_on(door)
        return Opening(door, Outcome.UNDER_WAY)

    def outcome(self, nonce: bytes) -> Opening:
        """Raises RefusalError."""
        if nonce not in self.flash.openings:
            raise RefusalError(Refusal.NONCE_UNKNOWN)
        door, outcome = self.flash.openings[nonce]
        return Opening(door, outcome, again=True)

    def door_states(self) -> list[DoorState]:
        return [self._state(door) for door in self.cabinet.doors]

    def heartbeat(self, patience_s: int) -> None:
        self._heartbeat_until = self._monotonic() + patience_s if patience_s else None

    # --- time --------------------------------------------------------------------------------

    def tick(self) -> None:
        """See to all that time and people have changed."""
        now = self._monotonic()
        self._watch_doors(now)
        if self._underway is not None:
            self._pursue(self._underway, now)
        self._watch_surroundings()
        if self._heartbeat_until is not None and now >= self._heartbeat_until:
            self._heartbeat_until = None
            self.host_restarts += 1
            self._log(EventKind.HOST_RESTARTED, 0)

    def _pursue(self, opening: _Underway, now: float) -> None:
        opened = opening.door in self._seen.open_since
        waited = now - opening.since
        if opening.coil_on and (opened or waited >= self._timing.pulse_s):
            self.cabinet.coils_off()
            opening.coil_on = False
        if opened:
            self._decide(opening, Outcome.OPENED)
        elif waited >= self._timing.opens_within_s:
            self._decide(opening, Outcome.JAMMED)
            self._log(EventKind.DOOR_JAMMED, opening.door)

    def _decide(self, opening: _Underway, outcome: Outcome) -> None:
        self.flash.keep(opening.nonce, opening.door, outcome)
        self._underway = None

    def _watch_doors(self, now: float) -> None:
        for door in self.cabinet.doors:
            since = self._seen.open_since.get(door)
            if not self.cabinet.contact_open(door):
                if since is not None:
                    del self._seen.open_since[door]
                    self._seen.left_open.discard(door)
                    self._log(EventKind.DOOR_CLOSED, door)
            elif since is None:
                self._seen.open_since[door] = now
                self._log(EventKind.DOOR_OPENED, door)
            elif door not in self._seen.left_open and now - since >= self._timing.left_open_s:
                self._seen.left_open.add(door)
                self._log(EventKind.DOOR_LEFT_OPEN, door)

    def _watch_surroundings(self) -> None:
        feels = (self.surroundings.presence, self.surroundings.tamper)
        kinds = (EventKind.PRESENCE, EventKind.TAMPER)
        for kind, before, now in zip(kinds, self._felt, feels, strict=True):
            if before is not now:
                self._log(kind, int(now))
        self._felt = feels

    def _state(self, door: int) -> DoorState:
        if door in self._seen.left_open:
            return DoorState.LEFT_OPEN
        return DoorState.OPEN if door in self._seen.open_since else DoorState.CLOSED

    def _log(self, kind: EventKind, subject: int) -> None:
        self._sequence += 1
        at_ms = int(1000 * (self._monotonic() - self._started))
        self.flash.append(Event(self.flash.boot, self._sequence, at_ms, kind, subject))
