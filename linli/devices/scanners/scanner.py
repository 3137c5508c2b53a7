"""Scanners that say what they see unasked, whichever way their lines come."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.keyboard import Keyboard, grabbed
from linli.devices.line_listener import LineListener, LineSource
from linli.devices.scanners.base import Scanned, ScannerState
from linli.devices.scanners.serial_port import SerialCodes

SAME_SCAN_S = 2.0
"""A scanner that always looks sees a code many times while it is held there."""

Sink = Callable[[Scanned | ScannerState], None]


class LineScanner:
    """A `Scanner` (see base.py) above any source of lines."""

    def __init__(
        self,
        name: str,
        open_source: Callable[[], LineSource],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._monotonic = monotonic
        self._listener = LineListener(f"scanner {name}", open_source, self._heard, self._told)
        self._last: tuple[str, float] | None = None

    def start(self, sink: Sink) -> None:
        self._sink = sink
        self._listener.start()

    def close(self) -> None:
        self._listener.close()

    def _heard(self, line: str) -> None:
        text, at = line.strip(), self._monotonic()
        last, self._last = self._last, (text, at)
        if text and (last is None or last[0] != text or at - last[1] >= SAME_SCAN_S):
            self._sink(Scanned(self.name, text, at))

    def _told(self, up: bool, reason: str) -> None:
        self._sink(ScannerState(self.name, up, reason))


def on_serial_port(name: str, path: Path) -> LineScanner:
    return LineScanner(name, lambda: SerialCodes(path))


def as_keyboard(name: str, path: Path, open_device: Callable[[Path], int] = grabbed) -> LineScanner:
    """Best named by its link in /dev/input/by-id."""
    return LineScanner(name, lambda: Keyboard(path, open_device))
