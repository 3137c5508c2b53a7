"""A receipt printer with its cable, without hardware: serial, on USB, or on the network.

printer = SimulatedPrinter(directory / "printer")
driver = EscposPrinter.at(printer.path, Paper.MM58)      # the real driver
driver.print(slip)
printer.receipts[-1].picture(font).save("slip.png")
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.printers.escpos import SPEED
from linli.devices.printers.slip import Paper
from linli.devices.simulated.escpos_chip import EscposChip
from linli.devices.simulated.networked_device import NetworkedDevice
from linli.devices.simulated.plugged_device import PluggedDevice
from linli.devices.simulated.receipt import Receipt


class _Printer:
    """What all three have. Switches are at `chip` (see there)."""

    chip: EscposChip
    lock: threading.RLock

    @property
    def receipts(self) -> list[Receipt]:
        """What was cut off, the latest last."""
        with self.lock:
            return list(self.chip.receipts)

    @property
    def hanging(self) -> Receipt:
        """What came out and was not cut off."""
        with self.lock:
            return self.chip.hanging

    def load_paper(self) -> None:
        """A new roll: what hung out is torn off."""
        with self.lock:
            self.chip.rows_left, self.chip.paper_low = None, False
            self.chip.hanging = Receipt(self.chip.hanging.dots)

    def restart(self) -> None:
        """Power off and on."""
        with self.lock:
            self.chip.power_up()


class SimulatedPrinter(_Printer, PluggedDevice):
    """On a serial port; `faults`, `unplug`, `replug` as with every device. `row_s` is how long a
    row takes."""

    speed: int | None = SPEED

    def __init__(
        self,
        path: Path,
        paper: Paper = Paper.MM58,
        row_s: float = 0.01,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.chip = EscposChip(paper.dots, row_s, monotonic)
        super().__init__(path, self.chip, self.speed)


class SimulatedUsbPrinter(SimulatedPrinter):
    """At a file of its own, as usblp gives one."""

    speed = None


class SimulatedNetworkPrinter(_Printer, NetworkedDevice):
    """At `host` and `port`."""

    def __init__(
        self,
        paper: Paper = Paper.MM58,
        row_s: float = 0.01,
        idle_s: float = 90.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.chip = EscposChip(paper.dots, row_s, monotonic)
        super().__init__(self.chip, idle_s)
