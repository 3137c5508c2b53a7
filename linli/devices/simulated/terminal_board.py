"""A terminal board with its cable and the cabinet behind it, without hardware.

board = SimulatedBoard(directory / "board", doors=6)
locker = SmpLocker(Board.at(board.path))      # the real driver
board.cabinet.jammed.add(3)

It is the board's real firmware, in QEMU or compiled for this machine; in QEMU where that and a
cross-compiler are installed, if not told otherwise.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from linli.devices.simulated.board_pins import BoardMemory, Surroundings, Word
from linli.devices.simulated.board_process import BoardProcess, Kind, ProcessLine, best_kind
from linli.devices.simulated.cabinet import Cabinet
from linli.devices.simulated.firmware import MPS2
from linli.devices.simulated.line_faults import LineFaults
from linli.devices.simulated.plugged_device import Plugged
from linli.devices.simulated.pn532_chip import Reply
from linli.devices.simulated.pty_line import PtyLine
from linli.devices.simulated.wires import Wires
from linli.firmware_bridge.board import SPEED, Board, Settings
from linli.firmware_bridge.client import Client

POWER, WATCHDOG = 0, 1
"""Why it started."""
CARRY_S = 0.002


def board_memory(path: Path) -> Path:
    """The file with the pins and the flash of the board at `path`."""
    return path.with_name(f"{path.name}.flash")


class SimulatedBoard(Plugged):
    """People and cables: `cabinet`, `surroundings`, `faults`, `unplug`, `replug`. Power: `reset`,
    `cut_power`, `give_power`, and `memory.cut` for a cut at a certain write. `memory` also shows
    its lights and the host's power. What it keeps without power is in a file beside `path`: a
    board at the same path goes on from it.

    Raises FirmwareError where the firmware cannot be built or started.
    """

    def __init__(
        self,
        path: Path,
        doors: int = 6,
        settings: Settings | None = None,
        kind: Kind | None = None,
        program: str = MPS2,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.cabinet = Cabinet(doors, monotonic)
        self.kind = kind or best_kind()
        self._program = program
        self.faults = LineFaults()
        self.lock = threading.RLock()
        self.memory = BoardMemory(board_memory(path))
        self.surroundings = Surroundings(self.memory)
        self._wires = Wires(self.memory, self.cabinet)
        self._said = b""
        self._process: BoardProcess | None = None
        self._ending = threading.Event()
        self._line = PtyLine(path, self._receive, self._beat, forgets=False)
        self._carrier = threading.Thread(target=self._carry, name="board wires", daemon=True)
        try:
            self._start(POWER)
            self._configure(settings or Settings(), doors)
        except BaseException:
            self.close()
            raise
        self._carrier.start()
        self._line.plug()

    def close(self) -> None:
        """Leaves no process, no thread and no descriptor. May be called twice."""
        self._line.unplug()
        if not self._ending.is_set():
            self._ending.set()
            if self._carrier.is_alive():
                self._carrier.join()
            self.cut_power()
            self.memory.close()

    # --- power -------------------------------------------------------------------------------

    def reset(self) -> None:
        """The watchdog, in whatever moment this is."""
        self.cut_power()
        self._start(WATCHDOG)

    def cut_power(self) -> None:
        with self.lock:
            process, self._process = self._process, None
            self._line.watch(None)
            if process is not None:
                process.kill()
            self._said = b""
            self.cabinet.coils_off()
            self._wires.carry(powered=False)

    def give_power(self) -> None:
        self._start(POWER)

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def _start(self, reason: int) -> None:
        with self.lock:
            if self._process is None:
                self._process = BoardProcess(self.kind, self.memory, reason, self._program)
                self._line.watch(self._process.line)

    def _configure(self, settings: Settings, doors: int) -> None:
        assert self._process is not None  # noqa: S101  # was started right before
        board = Board(Client(ProcessLine(self._process)))
        board.configure(msgspec.structs.replace(settings, doors=doors))

    # --- bytes -------------------------------------------------------------------------------

    def _receive(self, data: bytes, speed: int) -> tuple[Reply, ...]:
        if speed == SPEED:
            with self.lock, contextlib.suppress(OSError):
                if self._process is not None:
                    self._process.line.send(self.faults.arriving(data))
        return ()

    def _beat(self) -> tuple[Reply, ...]:
        """Whole lines of what it says: they are lost, doubled and held back as such."""
        with self.lock:
            if self._process is None:
                return ()
            with contextlib.suppress(BlockingIOError):
                self._said += self._heard(self._process)
            *lines, self._said = self._said.split(b"\n")
            return tuple(self.faults.reply(line + b"\n") for line in lines)

    def _heard(self, process: BoardProcess) -> bytes:
        data = process.line.recv(4096)
        if not data:
            self._line.watch(None)  # it has ended; nothing will come any more
        return data

    def _carry(self) -> None:
        while not self._ending.wait(CARRY_S):
            with self.lock:
                dead = self._process is None or bool(self.memory[Word.DEAD])
                self._wires.carry(powered=not dead)
