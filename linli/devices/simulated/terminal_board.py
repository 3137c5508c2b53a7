"""A terminal board with its cable and the cabinet behind it, without hardware.

board = SimulatedBoard(directory / "board", doors=6)
locker = SmpLocker(Board.at(board.path))      # the real driver
board.cabinet.jammed.add(3)
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.simulated.board_chip import WATCHDOG, BoardChip
from linli.devices.simulated.board_flash import Flash
from linli.devices.simulated.board_machine import BoardMachine, Surroundings, Timing
from linli.devices.simulated.cabinet import Cabinet
from linli.devices.simulated.plugged_device import PluggedDevice
from linli.firmware_bridge.board import SPEED


class SimulatedBoard(PluggedDevice):
    """People and cables: `cabinet`, `surroundings`, `faults`, `unplug`, `replug`. Power: `reset`,
    `cut_power`, `give_power`, and `flash.cut_before` / `cut_after` for a cut at a certain write.
    `chip.light` and `chip.buzzer` are what the board shows. A `flash` of an earlier board may be
    given, to go on from it.
    """

    def __init__(
        self,
        path: Path,
        doors: int = 6,
        timing: Timing | None = None,
        flash: Flash | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.cabinet = Cabinet(doors, monotonic)
        self.flash = flash or Flash()
        self.surroundings = Surroundings()
        self.machine = BoardMachine(
            self.cabinet, self.flash, self.surroundings, timing or Timing(), monotonic
        )
        self.chip = BoardChip(self.machine)
        super().__init__(path, self.chip, SPEED)

    def reset(self) -> None:
        """The watchdog, in whatever moment this is."""
        with self.lock:
            self.chip.power_up(WATCHDOG)

    def cut_power(self) -> None:
        with self.lock:
            self.chip.power_down()

    def give_power(self) -> None:
        with self.lock:
            self.chip.power_up()

    def close(self) -> None:
        super().close()
        self.cut_power()
