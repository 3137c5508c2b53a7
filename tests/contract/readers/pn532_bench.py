"""The PN532 driver over a simulated chip on a pseudo-terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.readers.pn532 import Pn532
from linli.devices.simulated.reader import SimulatedReader
from tests.contract.readers.bench import ReaderBench


class Pn532Bench(ReaderBench):
    def __init__(self, directory: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.hardware = SimulatedReader(directory / "reader")
        self.field = self.hardware.field
        self.reader = Pn532("front", self.hardware.path, monotonic)

    def polls(self) -> int:
        return self.hardware.chip.searches

    def unplug(self) -> None:
        self.hardware.unplug()

    def replug(self) -> None:
        self.hardware.replug()

    def disturb(self, noise: bytes) -> None:
        self.hardware.line.disturb(noise)

    def another(self) -> Pn532:
        return Pn532("second", self.hardware.path)

    def program(self) -> str:
        return (
            "from linli.devices.readers.pn532 import Pn532\n"
            f"reader = Pn532('front', {str(self.hardware.path)!r})"
        )

    def release(self) -> None:
        self.hardware.close()
