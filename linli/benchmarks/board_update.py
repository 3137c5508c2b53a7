"""An update of the terminal board's firmware: what it takes on an emulated chip, and on a wire.

The line to the emulator is not slowed down; what 115200 bit/s add is calculated from the bytes that
went over it, ten bits each.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from linli.benchmarks.figure import Figure, at_most
from linli.devices.simulated.board_pins import SLOT_A, BoardMemory
from linli.devices.simulated.board_process import Kind
from linli.devices.simulated.firmware import (
    BOOTLOADER,
    FOR_SLOT_A,
    FOR_SLOT_B,
    development_key,
    image,
)
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.firmware_bridge.board import SPEED
from linli.firmware_bridge.client import Client
from linli.firmware_bridge.image import Image, read_image
from linli.firmware_bridge.serial_line import SerialLine
from linli.firmware_bridge.signing import sign
from linli.firmware_bridge.update import Updater

SIZE, LEAST_ROOM = 32 * 1024, 1024
UPDATE_S, AT_115200_S = 10, 10
BITS_A_BYTE = 10


class _CountingLine(SerialLine):
    count = 0

    def write(self, data: bytes) -> None:
        self.count += len(data)
        super().write(data)

    def read(self, timeout_s: float) -> bytes:
        data = super().read(timeout_s)
        self.count += len(data)
        return data


def run() -> list[Figure]:
    """Raises FirmwareError without QEMU and its compiler, ImageError without imgtool."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as name:
        directory = Path(name)
        memory = BoardMemory(directory / "board.flash")
        memory.fill(SLOT_A, _signed(directory, 0, "1.0.0").data)
        memory.close()
        new = _signed(directory, 1, "1.1.0")
        board = SimulatedBoard(directory / "board", kind=Kind.QEMU, program=BOOTLOADER)
        line = _CountingLine(board.path, SPEED)
        try:
            began = time.perf_counter()
            Updater(Client(line)).update([new])
            took_s = time.perf_counter() - began
        finally:
            line.close()
            board.close()
    wire_s = line.count * BITS_A_BYTE / SPEED
    return [
        at_most("update of 32 KB, to its confirmation", took_s, "s", UPDATE_S),
        at_most("its bytes at 115200 bit/s, calculated", wire_s, "s", AT_115200_S),
    ]


def _signed(directory: Path, slot: int, version: str) -> Image:
    """The real firmware, filled up to the size that it may have."""
    source, target = directory / "program.bin", directory / "image.bin"
    program = image((FOR_SLOT_A, FOR_SLOT_B)[slot]).read_bytes()
    source.write_bytes(program.ljust(SIZE - LEAST_ROOM, b"\x5a"))
    sign("mps2", slot, version, development_key(), source, target)
    return read_image(target.read_bytes())
