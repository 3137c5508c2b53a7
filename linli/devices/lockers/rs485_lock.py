"""Ready-made RS-485 lock boards: they open what they are told and keep nothing.

What a nonce opened is kept in a file beside them (openings_file.py), written before the command
is sent. A command is sent once and never again: whether it arrived is asked of the contact. So a
command lost on the way is a door that did not open, and a crash in the middle stays UNKNOWN.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

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
from linli.devices.lockers.openings_file import OpeningsFile, OpeningsFileError
from linli.devices.lockers.rs485_frames import (
    QUERY,
    SPEED,
    STATES,
    TOLD,
    Channel,
    Finder,
    Told,
    open_frame,
    query_frame,
)
from linli.devices.lockers.watching import Watch
from linli.firmware_bridge.client import Line
from linli.firmware_bridge.errors import LineGoneError
from linli.firmware_bridge.serial_line import SerialLine

ANSWER_S = 0.15
"""Ten bytes take 10 ms at 9600 bit/s, and boards think for some tens."""
TRIES = 4
DRAIN_S = 0.5
GAP_S = 0.8
"""No hand opens and shuts a door quicker: a silence that is longer may have hidden it."""
LOOK_S, ASK_AGAIN_S = 0.3, 0.1


class Rs485Locker:
    """A `Locker` (see base.py) of the doors in `channels`, by number.

    `openings` is the file of what was opened. `open_is` is the state byte that means open, 0x11
    or 0x00. A door that has not opened `opens_within_s` after its command is not opened; one that
    is open for `left_open_s` has been left open. Raises ValueError, and OpeningsFileError if the
    file is damaged.
    """

    def __init__(
        self,
        line: Line,
        channels: Mapping[int, Channel],
        openings: Path,
        name: str = "locker",
        *,
        open_is: int = 0x11,
        opens_within_s: float = 2.0,
        left_open_s: float = 60.0,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        if open_is not in STATES:
            raise ValueError(f"the state that means open is 0x11 or 0x00, not {open_is:#x}")
        if len(set(channels.values())) != len(channels):
            raise ValueError("two doors have the same channel")
        self.name = name
        self._line = line
        self._channels = dict(sorted(channels.items()))
        self._kept = OpeningsFile(openings)
        self._open_is = open_is
        self._opens_within_s = opens_within_s
        self._monotonic = monotonic
        self._pause = pause
        self._finder = Finder()
        self._one_at_a_time = threading.RLock()
        self._seen = _Seen(name, left_open_s)
        self._looked = False
        self._watch = Watch(name, self._look, LOOK_S)

    @classmethod
    def at(cls, path: str | Path, channels: Mapping[int, Channel], openings: Path) -> Rs485Locker:
        """On the serial port `path` (/dev/serial/by-id/…), opened at first need."""
        return cls(SerialLine(path, SPEED), channels, openings)

    def doors(self) -> tuple[int, ...]:
        return tuple(self._channels)

    def states(self) -> Mapping[int, bool]:
        return {door: self._is_open(door) for door in self._channels}

    def open(self, door: int, nonce: bytes) -> Opening:
        checked(nonce)
        with self._one_at_a_time:
            kept = self._kept.find(nonce)
            if kept is not None and kept.door == door:
                return Opening(door, kept.outcome, again=True)
            if kept is not None:
                raise DoorRefusedError("the nonce was used for another door")
            if door not in self._channels:
                raise DoorRefusedError("there is no such door")
            if self._is_open(door):
                raise DoorRefusedError("the door stands open")
            return self._opened(door, nonce)

    def outcome(self, nonce: bytes) -> Opening:
        with self._one_at_a_time:
            kept = self._kept.find(checked(nonce))
        if kept is None:
            return Opening(None, Outcome.NEVER)
        return Opening(kept.door, kept.outcome, again=True)

    def watch(self, sink: Callable[[DoorEvent | LockerState], None]) -> None:
        self._watch.start(sink)

    def close(self) -> None:
        self._watch.close()
        self._line.close()
        with self._one_at_a_time:
            self._kept.close()

    # --- opening -----------------------------------------------------------------------------

    def _opened(self, door: int, nonce: bytes) -> Opening:
        try:
            self._kept.begin(nonce, door)
        except OpeningsFileError as error:
            raise DoorRefusedError(str(error)) from error
        try:
            self._line.write(open_frame(self._channels[door]))
            opening = self._waited(door)
        except (LineGoneError, LockerGoneError) as error:
            return Opening(door, Outcome.UNKNOWN, reason=str(error))
        with contextlib.suppress(OpeningsFileError):  # then it stays UNKNOWN, which is no lie
            self._kept.decide(nonce, opening.outcome)
        return opening

    def _waited(self, door: int) -> Opening:
        """Until the contact tells that the door is open, or tells after the time that it is not.
        What it tells then comes after the command on the same line, so it is final."""
        heard_at = self._monotonic()
        deadline = heard_at + self._opens_within_s
        missed = False
        while True:
            late = self._monotonic() >= deadline
            try:
                if late:
                    self._line.ready()
                    self._drain(ANSWER_S)
                if self._is_open(door):
                    return Opening(door, Outcome.OPENED)
            except (LineGoneError, LockerGoneError):
                if late:
                    raise
            else:
                now = self._monotonic()
                missed, heard_at = missed or now - heard_at > GAP_S, now
                if late:
                    return _not_seen_open(door, missed=missed)
            self._pause(ASK_AGAIN_S)

    # --- asking ------------------------------------------------------------------------------

    def _is_open(self, door: int) -> bool:
        """Raises LockerGoneError."""
        channel = self._channels[door]
        with self._one_at_a_time:
            for _ in range(TRIES):
                try:
                    self._line.ready()
                    self._drain(0)
                    self._line.write(query_frame(channel))
                    state = self._answer(channel)
                except LineGoneError as error:
                    raise LockerGoneError(str(error)) from error
                if state is not None:
                    return state == self._open_is
        raise LockerGoneError(f"the lock board with address {channel.address} does not answer")

    def _drain(self, quiet_s: float) -> None:
        """Answers to earlier questions say nothing of now. Reads until it is quiet for so long,
        or noise has gone on for too long."""
        deadline = self._monotonic() + DRAIN_S
        while (data := self._line.read(quiet_s)) and self._monotonic() < deadline:
            for told in self._finder.feed(data):
                self._hear(told)
        self._finder.clear()

    def _answer(self, channel: Channel) -> int | None:
        deadline = self._monotonic() + ANSWER_S
        while (left := deadline - self._monotonic()) > 0:
            for told in self._finder.feed(self._line.read(left)):
                if told.kind == QUERY and told.channel == channel:
                    return told.state
                self._hear(told)
        self._finder.clear()  # half a frame before a silence will not be completed
        return None

    # --- watching ----------------------------------------------------------------------------

    def _hear(self, told: Told) -> None:
        """What a board tells unasked: a door that was opened and shut between two looks."""
        if told.kind != TOLD:
            return
        for door, channel in self._channels.items():
            if channel == told.channel:
                self._seen.note(door, is_open=told.state == self._open_is, at=self._monotonic())

    def _look(self) -> list[DoorEvent]:
        for door in self._channels:
            with self._one_at_a_time:
                self._seen.note(door, is_open=self._is_open(door), at=self._monotonic())
        with self._one_at_a_time:
            changes, first = self._seen.changes(), not self._looked
            self._looked = True
        return [] if first else changes


def _not_seen_open(door: int, *, missed: bool) -> Opening:
    if missed:
        return Opening(door, Outcome.UNKNOWN, reason="the lock board was silent for a while")
    reason = "its contact did not tell that the door opened"
    return Opening(door, Outcome.NOT_OPENED, reason=reason)


class _Seen:
    """Doors as they were last seen, and what changed since that was last asked."""

    def __init__(self, name: str, left_open_s: float) -> None:
        self._name = name
        self._left_open_s = left_open_s
        self._open: dict[int, bool] = {}
        self._since: dict[int, float] = {}
        self._changes: list[DoorEvent] = []

    def note(self, door: int, *, is_open: bool, at: float) -> None:
        before = self._open.get(door)
        self._open[door] = is_open
        if before is not is_open:
            self._since[door] = at
            if before is not None:
                self._tell(door, DoorChange.OPENED if is_open else DoorChange.CLOSED)
        elif is_open and at - self._since.get(door, at) >= self._left_open_s:
            del self._since[door]
            self._tell(door, DoorChange.LEFT_OPEN)

    def changes(self) -> list[DoorEvent]:
        changes, self._changes = self._changes, []
        return changes

    def _tell(self, door: int, change: DoorChange) -> None:
        self._changes.append(DoorEvent(self._name, door, change))
