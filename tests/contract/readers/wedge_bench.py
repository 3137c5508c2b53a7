"""The keyboard wedge's driver, hearing a simulated one through a pipe."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from evdev import ecodes

from linli.devices.readers.base import Chip
from linli.devices.readers.card_numbers import NumberFormat
from linli.devices.readers.wedge import WedgeReader
from linli.devices.simulated.field import Field
from linli.devices.simulated.wedge import EVENT, SimulatedWedge
from tests.contract.readers.bench import ReaderBench


def piped(path: Path) -> int:
    """A pipe cannot be grabbed, and needs not be."""
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK)


class WedgeBench(ReaderBench):
    absence = 8

    def __init__(self, directory: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.field = Field()
        self.hardware = SimulatedWedge(directory / "event-kbd", self.field)
        self.reader = self._reader("front", monotonic)

    def polls(self) -> int:
        return self.hardware.looks

    def unplug(self) -> None:
        self.hardware.unplug()

    def replug(self) -> None:
        self.hardware.replug()

    def disturb(self, noise: bytes) -> None:
        """The kernel hands on whole events only: noise is what other keys and lamps do."""
        for byte in noise:
            self.hardware.send(EVENT.pack(0, 0, ecodes.EV_MSC, byte, byte))

    def another(self) -> WedgeReader:
        return self._reader("second", time.monotonic)

    def program(self) -> str:
        return (
            "from pathlib import Path\n"
            "from linli.devices.readers.card_numbers import NumberFormat\n"
            "from linli.devices.readers.wedge import WedgeReader\n"
            "from tests.contract.readers.wedge_bench import piped\n"
            f"path = Path({str(self.hardware.path)!r})\n"
            "reader = WedgeReader('front', path, NumberFormat(), open_device=piped)"
        )

    def release(self) -> None:
        self.hardware.unplug()

    def chip(self, true: Chip) -> Chip:
        return Chip.UNKNOWN

    def flicker(self) -> None:
        """Not heard once: it types the number again."""
        self.field.flicker(1)

    def lay_again_if_needed(self) -> None:
        """It types when a card is laid down, and never for one that lies."""
        card = self.field.lying
        assert card is not None
        self.take_away()
        self.field.place(card)

    def _reader(self, name: str, monotonic: Callable[[], float]) -> WedgeReader:
        return WedgeReader(name, self.hardware.path, NumberFormat(), monotonic, piped)
