"""The terminal board's real firmware, compiled for this machine with sanitizers, under a clock that
only goes on when it is told.

board = SteppedBoard(cabinet, clock)
line = DeviceLine(board, clock)            # time goes on while somebody waits at the line
board.memory.cut(1, Cut.WITHIN)            # the power goes in the middle of the next write
"""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from pathlib import Path

from doubles.clock import HandClock
from linli.devices.simulated.board_pins import GREEN, RED, BoardMemory, Surroundings, Word
from linli.devices.simulated.cabinet import Cabinet
from linli.devices.simulated.firmware import host_program
from linli.devices.simulated.wires import Wires

POWER, WATCHDOG = 0, 1
NO_POWER = 0xFFFF
CARRY_MS = 5


class FirmwareCrashError(AssertionError):
    """The program ended: a sanitizer found something, and has printed it."""


class _Program:
    """One process; used again by the next board, as starting it takes longer than most tests."""

    _idle: list[_Program] = []  # noqa: RUF012  # shared on purpose

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="stepped-board-")
        path = Path(self._directory.name) / "board.flash"
        self.memory = BoardMemory(path)
        self._process = subprocess.Popen(
            [str(host_program(sanitized=True)), str(path), "--steps"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.dead = False
        self._answer()

    @classmethod
    def taken(cls) -> _Program:
        program = cls._idle.pop() if cls._idle else cls()
        program.memory.blank()
        return program

    def given_back(self) -> None:
        self._idle.append(self)

    def do(self, what: bytes, number: int, data: bytes = b"") -> bytes:
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(BrokenPipeError):
            stdin.write(what + number.to_bytes(2, "little") + data)
            stdin.flush()
        return self._answer()

    def _answer(self) -> bytes:
        stdout = self._process.stdout
        assert stdout is not None
        head = stdout.read(3)
        if len(head) < 3:
            raise FirmwareCrashError("the firmware ended")
        self.dead = bool(head[0])
        return stdout.read(int.from_bytes(head[1:], "little"))


class SteppedBoard:
    """A `Device` (doubles/device_line.py)."""

    def __init__(self, cabinet: Cabinet, clock: HandClock) -> None:
        self._program = _Program.taken()
        self._clock = clock
        self.cabinet = cabinet
        self.memory = self._program.memory
        self.surroundings = Surroundings(self.memory)
        self._wires = Wires(self.memory, cabinet)
        self._came = b""
        self._at = clock.monotonic()
        self.power_up()

    def close(self) -> None:
        """The program goes to the next board. One that crashed is not given back."""
        self.power_down()
        self._program.given_back()

    def power_up(self, reason: int = POWER) -> None:
        """As after a reset or with power again."""
        self._wires.carry(powered=False)
        self._at = self._clock.monotonic()
        self._program.do(b"p", reason)

    def power_down(self) -> None:
        """Nothing happens from here on; springs and people go on."""
        self._program.do(b"p", NO_POWER)
        self._wires.carry(powered=False)

    @property
    def dead(self) -> bool:
        return self._program.dead

    def receive(self, data: bytes) -> bytes:
        self._catch_up()
        self._came += self._program.do(b"b", len(data), data)
        self._wires.carry(powered=not self.dead)
        return self._taken()

    def tick(self) -> bytes:
        self._catch_up()
        return self._taken()

    @property
    def lit(self) -> set[str]:
        """Which LEDs are on: "green", "red", and the numbers of doors."""
        leds = self.memory[Word.LEDS]
        doors = {str(door) for n, door in enumerate(self.cabinet.doors) if leds >> n & 1}
        return doors | {name for name, bit in (("green", GREEN), ("red", RED)) if leds & bit}

    @property
    def buzzes(self) -> bool:
        return bool(self.memory[Word.BUZZER])

    @property
    def gives_host_power(self) -> bool:
        return bool(self.memory[Word.HOST_POWER])

    def _catch_up(self) -> None:
        left = round(1000 * (self._clock.monotonic() - self._at))
        self._at = self._clock.monotonic()
        while left > 0:
            step = min(left, CARRY_MS)
            self._wires.carry(powered=not self.dead)
            self._came += self._program.do(b"t", step)
            self._wires.carry(powered=not self.dead)
            left -= step

    def _taken(self) -> bytes:
        came, self._came = self._came, b""
        return came
