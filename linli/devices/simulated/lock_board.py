"""A ready-made RS-485 lock board with the cabinet behind it, without hardware.

board = SimulatedLockBoard(directory / "locks", doors=6)
channels = {door: Channel(1, door) for door in board.cabinet.doors}
locker = Rs485Locker.at(board.path, channels, directory / "openings")   # the real driver

As the real ones, it opens what it is told as often as it is told, and all for channel 0.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.lockers.rs485_frames import OPEN, QUERY, SIZE, SPEED, TOLD, with_check
from linli.devices.simulated.cabinet import Cabinet
from linli.devices.simulated.plugged_device import PluggedDevice

PULSE_S = 0.5
SILENCE_S = 0.03
"""A frame that was begun is forgotten after so long."""


class LockBoardChip:
    """One board of address `address`, powered."""

    def __init__(
        self,
        cabinet: Cabinet,
        monotonic: Callable[[], float],
        address: int = 1,
        open_is: int = 0x11,
    ) -> None:
        self.cabinet = cabinet
        self._monotonic = monotonic
        self._address = address
        self._open_is = open_is
        self.power_up()

    def power_up(self) -> None:
        self._dead = False
        self._buffer = b""
        self._heard_at = 0.0
        self._off_at: float | None = None
        self._were_open = self._open()
        self.cabinet.coils_off()

    def power_down(self) -> None:
        self._dead = True
        self.cabinet.coils_off()

    def receive(self, data: bytes) -> bytes:
        if self._dead:
            return b""
        now = self._monotonic()
        if now - self._heard_at > SILENCE_S:
            self._buffer = b""
        self._heard_at = now
        self._buffer += data
        answers = b""
        while len(self._buffer) >= SIZE:
            frame = self._buffer[:SIZE]
            sound = frame == with_check(frame[:-1])
            answers += self._done(frame) if sound else b""
            self._buffer = self._buffer[SIZE if sound else 1 :]
        return answers

    def tick(self) -> bytes:
        """Coils off in time; which doors were opened or shut is told unasked."""
        if self._dead:
            return b""
        if self._off_at is not None and self._monotonic() >= self._off_at:
            self.cabinet.coils_off()
            self._off_at = None
        are_open = self._open()
        changed, self._were_open = sorted(are_open ^ self._were_open), are_open
        return b"".join(self._told(TOLD, door) for door in changed)

    def _done(self, frame: bytes) -> bytes:
        kind, address, channel, what, _ = frame
        if address != self._address:
            return b""
        if (kind, what) == (OPEN, 0x11):
            return self._pulse(channel)
        if (kind, what) == (QUERY, 0x33) and channel in self.cabinet.doors:
            return self._told(QUERY, channel)
        return b""

    def _pulse(self, channel: int) -> bytes:
        doors = self.cabinet.doors if channel == 0 else [channel]
        if channel and channel not in self.cabinet.doors:
            return b""
        self.cabinet.coils_off()
        for door in doors:
            self.cabinet.coil_on(door)
        self._off_at = self._monotonic() + PULSE_S
        return self._told(OPEN, channel) if channel else b""

    def _told(self, kind: int, door: int) -> bytes:
        is_open = self.cabinet.contact_open(door)
        state = self._open_is if is_open else self._open_is ^ 0x11
        return with_check(bytes([kind, self._address, door, state]))

    def _open(self) -> set[int]:
        return {door for door in self.cabinet.doors if self.cabinet.contact_open(door)}


class SimulatedLockBoard(PluggedDevice):
    """People and cables: `cabinet`, `faults`, `unplug`, `replug`. Power: `reset`, `cut_power`,
    `give_power`."""

    def __init__(
        self,
        path: Path,
        doors: int = 6,
        open_is: int = 0x11,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.cabinet = Cabinet(doors, monotonic)
        self.chip = LockBoardChip(self.cabinet, monotonic, open_is=open_is)
        super().__init__(path, self.chip, SPEED)

    def reset(self) -> None:
        with self.lock:
            self.chip.power_up()

    def cut_power(self) -> None:
        with self.lock:
            self.chip.power_down()

    def give_power(self) -> None:
        with self.lock:
            self.chip.power_up()

    def close(self) -> None:
        super().close()
        self.cut_power()
