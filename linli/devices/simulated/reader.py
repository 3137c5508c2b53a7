"""A PN532 reader with its cable and its antenna, without hardware.

reader = SimulatedReader(directory / "reader")
driver = Pn532("reader-1", reader.path)      # the real driver
driver.start(print)
reader.field.tap(Ntag213(uid), 0.4)
"""

from __future__ import annotations

from pathlib import Path

from linli.devices.simulated.field import Field
from linli.devices.simulated.pn532_chip import Pn532Chip
from linli.devices.simulated.pty_line import PtyLine


class SimulatedReader:
    """Plugged in from the start. `path` is what a driver opens; `field` is where cards go.

    `close` leaves no thread, no descriptor and no file; a driver that still has the port open
    finds its reader pulled out.
    """

    def __init__(self, path: Path) -> None:
        self.field = Field()
        self.chip = Pn532Chip(self.field)
        self.line = PtyLine(path, self.chip.receive)
        self.line.plug()

    @property
    def path(self) -> Path:
        return self.line.path

    def unplug(self) -> None:
        """Pull the plug: port and power are gone."""
        self.line.unplug()
        self.chip.power_up()

    def replug(self) -> None:
        """Put the plug in again: another port behind the same path, the chip fresh."""
        self.line.plug()

    def close(self) -> None:
        self.unplug()
