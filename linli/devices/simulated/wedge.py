"""A keyboard wedge reader: it types the number of a card that is laid down, once.

Its events come out of a named pipe as they would come out of /dev/input, whole and unmarred.
"""

from __future__ import annotations

import contextlib
import os
import struct
import threading
from collections.abc import Iterable
from pathlib import Path

from evdev import ecodes

from linli.devices.simulated.field import Field

LOOK_S = 0.05
EVENT = struct.Struct("@llHHi")


def press(code: int) -> bytes:
    """The events of a key that goes down and up."""
    return b"".join(
        EVENT.pack(0, 0, ecodes.EV_KEY, code, value) + EVENT.pack(0, 0, ecodes.EV_SYN, 0, 0)
        for value in (1, 0)
    )


def typed(text: str, end: int = ecodes.KEY_ENTER) -> bytes:
    """The events of small letters and digits, and Enter."""
    return b"".join(press(code) for code in (*_codes(text), end))


def _codes(text: str) -> Iterable[int]:
    return (int(getattr(ecodes, f"KEY_{letter.upper()}")) for letter in text)


class SimulatedWedge:
    """Above `field`, plugged in from the start. `looks` counts how often it looked for a card."""

    def __init__(self, path: Path, field: Field) -> None:
        self.path = path
        self.looks = 0
        self._field = field
        self._unplugged = threading.Event()
        self._thread: threading.Thread | None = None
        self.replug()

    def replug(self) -> None:
        os.mkfifo(self.path)
        self._pipe = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)
        self._unplugged.clear()
        self._thread = threading.Thread(target=self._run, name="simulated wedge", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Whoever reads its events finds it gone. Leaves no thread, no descriptor and no file."""
        if self._thread is None:
            return
        self._unplugged.set()
        self._thread.join()
        self._thread = None
        self.path.unlink()
        os.close(self._pipe)

    def send(self, events: bytes) -> None:
        """Whatever else comes from it."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._pipe, events)

    def _run(self) -> None:
        here: object = None
        while not self._unplugged.wait(LOOK_S):
            self._field.switch(on=False)
            self._field.switch(on=True)
            card = self._field.select()
            if card is not None and card is not here:
                self.send(typed(card.uid.hex()))
            here = card
            self.looks += 1
