"""A terminal board with its cable and the cabinet behind it, without hardware.

board = SimulatedBoard(directory / "board", doors=6)
locker = SmpLocker(Board.at(board.path))      # the real driver
board.cabinet.jammed.add(3)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from linli.devices.simulated.board_chip import WATCHDOG, BoardChip
from linli.devices.simulated.board_flash import Flash
from linli.devices.simulated.board_machine import BoardMachine, Surroundings, Timing
from linli.devices.simulated.cabinet import Cabinet
from linli.devices.simulated.line_faults import LineFaults
from linli.devices.simulated.pn532_chip import Reply
from linli.devices.simulated.pty_line import PtyLine


class SimulatedBoard:
    """Plugged in from the start. `path` is what a driver opens.

    People and cables: `cabinet`, `surroundings`, `faults`, `unplug`, `replug`. Power: `reset`,
    `cut_power`, `give_power`, and `flash.cut_before` / `cut_after` for a cut at a certain write.
    `chip.light` and `chip.buzzer` show what the board shows. `close` leaves no thread, no
    descriptor and no file. A `flash` of an earlier board may be given, to go on from it.
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
        self.faults = LineFaults()
        self._lock = threading.RLock()
        self.chip = BoardChip(
            BoardMachine(self.cabinet, self.flash, self.surroundings, timing or Timing(), monotonic)
        )
        self._line = PtyLine(path, self._receive, self._beat, forgets=False)
        self._line.plug()

    @property
    def path(self) -> Path:
        return self._line.path

    def unplug(self) -> None:
        """Pull the data cable; the board goes on by itself."""
        self._line.unplug()

    def replug(self) -> None:
        self._line.plug()

    def reset(self) -> None:
        """The watchdog, in whatever moment this is."""
        with self._lock:
            self.chip.power_up(WATCHDOG)

    def cut_power(self) -> None:
        with self._lock:
            self.chip.power_down()

    def give_power(self) -> None:
        with self._lock:
            self.chip.power_up()

    def close(self) -> None:
        self.unplug()
        self.cut_power()

    def _receive(self, data: bytes, speed: int) -> tuple[Reply, ...]:
        with self._lock:
            answer = self.chip.receive(self.faults.arriving(data))
        return (self.faults.reply(answer),) if answer else ()

    def _beat(self) -> tuple[Reply, ...]:
        with self._lock:
            self.chip.tick()
        return ()
