"""Doors behind the terminal board, which keeps the nonces itself (firmware_bridge/board.py)."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from linli.devices.lockers.base import (
    DoorChange,
    DoorEvent,
    DoorRefusedError,
    LockerGoneError,
    LockerState,
    Opening,
    Outcome,
    checked,
)
from linli.devices.lockers.watching import Watch
from linli.firmware_bridge import board as wire
from linli.firmware_bridge.board import Board, DoorState, Refusal
from linli.firmware_bridge.board_log import START, Cursor, EventKind, Events
from linli.firmware_bridge.errors import BoardError, LineGoneError, RefusedError

ASK_AGAIN_S = 0.05
LOOK_S = 0.2
OUTCOMES = {
    wire.Outcome.OPENED: (Outcome.OPENED, ""),
    wire.Outcome.JAMMED: (Outcome.NOT_OPENED, "its contact did not tell that the door opened"),
    wire.Outcome.INTERRUPTED: (Outcome.UNKNOWN, "the board was reset while it opened the door"),
    wire.Outcome.UNDER_WAY: (Outcome.UNKNOWN, "the board is still at it"),
}
REASONS = {
    Refusal.NO_SUCH_DOOR: "there is no such door",
    Refusal.COIL_BUSY: "the board is busy with another door",
    Refusal.OTHER_DOOR: "the nonce was used for another door",
    Refusal.DOOR_OPEN: "the door stands open",
    Refusal.STORAGE: "the board could not keep the nonce",
}
CHANGES = {
    EventKind.DOOR_OPENED: DoorChange.OPENED,
    EventKind.DOOR_CLOSED: DoorChange.CLOSED,
    EventKind.DOOR_LEFT_OPEN: DoorChange.LEFT_OPEN,
}


class SmpLocker:
    """A `Locker` (see base.py). The board is shared with whoever needs its lights and sensors:
    `close` ends the watch and leaves it open.

    `patience_s` bounds an opening: longer than the board takes to tell a jam, and long enough for
    it to restart. `monotonic` and `pause` are a clock in seconds and a sleep.
    """

    def __init__(
        self,
        board: Board,
        name: str = "locker",
        patience_s: float = 8.0,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self._board = board
        self._patience_s = patience_s
        self._monotonic = monotonic
        self._pause = pause
        self._one_at_a_time = threading.Lock()
        self._cursor: Cursor | None = None
        self._fits = False
        self._watch = Watch(name, self._look, LOOK_S)

    def doors(self) -> tuple[int, ...]:
        return tuple(self.states())

    def states(self) -> Mapping[int, bool]:
        with self._asking():
            states = self._board.doors()
        return {door: state is not DoorState.CLOSED for door, state in enumerate(states, 1)}

    def open(self, door: int, nonce: bytes) -> Opening:
        checked(nonce)
        if door < 1:
            raise DoorRefusedError(REASONS[Refusal.NO_SUCH_DOOR])
        with self._one_at_a_time:
            return self._opened(door, nonce)

    def outcome(self, nonce: bytes) -> Opening:
        checked(nonce)
        deadline = self._monotonic() + self._patience_s
        while True:
            opening = self._known(nonce)
            under_way = opening is not None and opening.outcome is wire.Outcome.UNDER_WAY
            if not under_way or self._monotonic() >= deadline:
                return _told(opening) if opening else Opening(None, Outcome.NEVER)
            self._pause(ASK_AGAIN_S)

    def watch(self, sink: Callable[[DoorEvent | LockerState], None]) -> None:
        self._watch.start(sink)

    def close(self) -> None:
        self._watch.close()

    def _opened(self, door: int, nonce: bytes) -> Opening:
        before = self._known(nonce)
        if before is not None and before.door != door:
            raise DoorRefusedError(REASONS[Refusal.OTHER_DOOR])
        return replace(self._pursued(door, nonce), again=before is not None)

    def _known(self, nonce: bytes) -> wire.Opening | None:
        with self._asking():
            try:
                return self._board.outcome(nonce)
            except RefusedError as error:
                if error.code != Refusal.NONCE_UNKNOWN:
                    raise
                return None

    def _pursued(self, door: int, nonce: bytes) -> Opening:
        """Asks until the board knows. To ask again is safe: the board keeps the nonce."""
        deadline = self._monotonic() + self._patience_s
        sent = False
        while True:
            try:
                opening = self._board.open(door, nonce)
                if opening.outcome is not wire.Outcome.UNDER_WAY:
                    return _told(opening)
                sent, reason = True, "the board is still at it"
            except LineGoneError as error:
                reason = str(error)
                if not sent:
                    raise LockerGoneError(reason) from error
            except RefusedError as error:
                reason = _reason(error)
                if error.code != Refusal.COIL_BUSY or self._monotonic() >= deadline:
                    raise DoorRefusedError(reason) from error
            except BoardError as error:
                sent, reason = True, str(error)
            if self._monotonic() >= deadline:
                return Opening(door, Outcome.UNKNOWN, reason=reason)
            self._pause(ASK_AGAIN_S)

    @contextlib.contextmanager
    def _asking(self) -> Iterator[None]:
        """Around questions, which may be asked again: whatever fails, the board cannot be reached.
        A board that comes after an outage may be another one, so it is looked at first."""
        try:
            if not self._fits:
                self._board.require()
                self._fits = True
            yield
        except BoardError as error:
            self._fits = False
            raise LockerGoneError(str(error)) from error

    def _look(self) -> list[DoorEvent]:
        """What is in the log since the last look; the first look starts at its end."""
        first = self._cursor is None
        cursor, more = self._cursor or START, True
        changes: list[DoorEvent] = []
        while more:
            log = self._log(cursor)
            changes += [
                DoorEvent(self.name, event.subject, CHANGES[EventKind(event.kind)])
                for event in log.events
                if event.kind in CHANGES
            ]
            cursor, more = log.cursor, log.more
        self._cursor = cursor
        return [] if first else changes

    def _log(self, after: Cursor) -> Events:
        with self._asking():
            return self._board.events(after)


def _told(opening: wire.Opening) -> Opening:
    outcome, reason = OUTCOMES[opening.outcome]
    return Opening(opening.door, outcome, opening.again, reason)


def _reason(error: RefusedError) -> str:
    try:
        return REASONS[Refusal(error.code)]
    except (KeyError, ValueError):
        return str(error)
