"""What simulated devices on a serial cable have in common: the cable, its faults, the plug."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol

from linli.devices.simulated.line_faults import LineFaults
from linli.devices.simulated.pn532_chip import Reply
from linli.devices.simulated.pty_line import PtyLine


class Plugged:
    """A device on a data cable that can be pulled and put in again."""

    _line: PtyLine

    @property
    def path(self) -> Path:
        """What a driver opens."""
        return self._line.path

    def unplug(self) -> None:
        """Pull the data cable; the device goes on by itself."""
        self._line.unplug()

    def replug(self) -> None:
        """Put it in again: another port behind the same path."""
        self._line.plug()

    def disturb(self, noise: bytes) -> None:
        """Noise on the wire towards the host. Only while plugged in."""
        self._line.disturb(noise)


class Chip(Protocol):
    """Bytes in, bytes out."""

    def receive(self, data: bytes) -> bytes:
        """What it says to what came in."""

    def tick(self) -> bytes:
        """What it says unasked; called every few milliseconds."""


class PluggedDevice(Plugged):
    """`chip` on a pseudo-terminal at `path`, plugged in from the start. It hears nothing that is
    sent at another speed than its own; None stands for USB, which has none. Whoever touches the
    chip from another thread than the cable's does so under `lock`."""

    def __init__(self, path: Path, chip: Chip, speed: int | None) -> None:
        self.faults = LineFaults()
        self.lock = threading.RLock()
        self._chip = chip
        self._speed = speed
        self._line = PtyLine(path, self._receive, self._beat, forgets=False)
        self._line.plug()

    def close(self) -> None:
        """Leaves no thread, no descriptor and no file."""
        self.unplug()

    def _receive(self, data: bytes, speed: int) -> tuple[Reply, ...]:
        if self._speed is not None and speed != self._speed:
            return ()
        with self.lock:
            return self._said(self._chip.receive(self.faults.arriving(data)))

    def _beat(self) -> tuple[Reply, ...]:
        with self.lock:
            return self._said(self._chip.tick())

    def _said(self, message: bytes) -> tuple[Reply, ...]:
        return (self.faults.reply(message),) if message else ()
