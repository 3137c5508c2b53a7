"""`linli bench board`: the terminal board's firmware on an emulated chip (QEMU's mps2-an385).

Through the real driver and a pseudo-terminal. The line is not slowed to 115200 bit/s: at that speed
the bytes of an echo take another 7 ms.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from linli.benchmarks.board_update import run as run_update
from linli.benchmarks.figure import Figure, at_most, percentile
from linli.devices.simulated.board_pins import BoardMemory, Word
from linli.devices.simulated.board_process import Kind
from linli.devices.simulated.firmware import image
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.firmware_bridge.board import Board, Outcome, Settings

ECHOES, OPENINGS = 500, 60
ECHO_MS, COIL_MS, FLASH_KB, RAM_KB = 15, 30, 32, 12
LOOK_S, ASK_AGAIN_S, GIVE_UP_S = 0.0002, 0.01, 2.0
TEXT = "linli"


def run() -> list[Figure]:
    """Raises FirmwareError without QEMU and its compiler."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as name:
        settings = Settings(pulse_ms=50, within_ms=100)
        board = SimulatedBoard(Path(name) / "board", settings=settings, kind=Kind.QEMU)
        driver = Board.at(board.path)
        try:
            echoes = [_echo(driver) for _ in range(ECHOES)]
            coils = _coils(board, driver)
        finally:
            driver.close()
            board.close()
    return [
        at_most("SMP echo, p50", percentile(echoes, 50), "ms", ECHO_MS),
        at_most("door command → coil, p50", percentile(coils, 50), "ms", COIL_MS),
        at_most("door command → coil, p99", percentile(coils, 99), "ms", COIL_MS),
        *run_update(),
        *_sizes(),
    ]


def _echo(driver: Board) -> float:
    began = time.perf_counter()
    driver.echo(TEXT)
    return 1000 * (time.perf_counter() - began)


def _coils(board: SimulatedBoard, driver: Board) -> list[float]:
    """All doors jam: nobody needs to push them shut again."""
    board.cabinet.jammed = set(board.cabinet.doors)
    return [_coil(board, driver, number) for number in range(OPENINGS)]


def _coil(board: SimulatedBoard, driver: Board, number: int) -> float:
    """From before the driver's call until the coil's pin is on, which another thread looks at."""
    door, nonce = 1 + number % len(board.cabinet.doors), os.urandom(16)
    went_on: list[float] = []
    looking = threading.Thread(target=_look, args=(board.memory, went_on))
    looking.start()
    began = time.perf_counter()
    driver.open(door, nonce)
    looking.join()
    while driver.outcome(nonce).outcome is Outcome.UNDER_WAY:
        time.sleep(ASK_AGAIN_S)
    return 1000 * (went_on[0] - began)


def _look(memory: BoardMemory, went_on: list[float]) -> None:
    deadline = time.perf_counter() + GIVE_UP_S
    while not memory[Word.COILS] and time.perf_counter() < deadline:
        time.sleep(LOOK_S)
    went_on.append(time.perf_counter())


def _sizes() -> list[Figure]:
    """Code and constants in flash; variables in RAM, to which the stack comes."""
    told = subprocess.run(
        ["arm-none-eabi-size", str(image())], capture_output=True, text=True, check=True
    )
    text, data, bss = map(int, told.stdout.splitlines()[1].split()[:3])
    return [
        at_most("firmware in flash", (text + data) / 1024, "KB", FLASH_KB),
        at_most("firmware in RAM, without its stack", (data + bss) / 1024, "KB", RAM_KB),
    ]
