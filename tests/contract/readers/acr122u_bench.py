"""The ACR122U driver over a simulated one, whose bulk frames cross a socket."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.readers.acr122u import Acr122u
from linli.devices.simulated.acr122_chip import Acr122Chip
from linli.devices.simulated.field import Field
from linli.devices.simulated.pn532_chip import Pn532Chip
from linli.devices.simulated.usb_cable import UsbCable, UsbDevice
from tests.contract.readers.bench import ReaderBench


class Acr122uBench(ReaderBench):
    def __init__(self, directory: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.field = Field()
        self.pn532 = Pn532Chip(self.field)
        self.device = UsbDevice(directory / "usb", Acr122Chip(self.pn532).receive)
        self.device.plug()
        self.path = self.device.path
        self.reader = Acr122u("front", lambda: UsbCable(self.path), monotonic)

    def polls(self) -> int:
        return self.pn532.searches

    def unplug(self) -> None:
        self.device.unplug()
        self.pn532.power_up()

    def replug(self) -> None:
        self.device.plug()

    def disturb(self, noise: bytes) -> None:
        self.device.disturb(noise)

    def another(self) -> Acr122u:
        return Acr122u("second", lambda: UsbCable(self.path))

    def program(self) -> str:
        return (
            "from pathlib import Path\n"
            "from linli.devices.readers.acr122u import Acr122u\n"
            "from linli.devices.simulated.usb_cable import UsbCable\n"
            f"reader = Acr122u('front', lambda: UsbCable(Path({str(self.path)!r})))"
        )

    def release(self) -> None:
        self.unplug()
