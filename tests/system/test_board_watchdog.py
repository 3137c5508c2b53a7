"""A firmware that hangs on an emulated chip: the watchdog restarts it, and no coil stays on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.waiting import eventually

from linli.devices.simulated.board_pins import Word
from linli.devices.simulated.board_process import Kind
from linli.devices.simulated.terminal_board import WATCHDOG, SimulatedBoard
from linli.firmware_bridge.board import Board, Outcome, Settings
from linli.firmware_bridge.board_log import EventKind

NONCE = b"n" * 16


@pytest.fixture
def board(tmp_path: Path) -> Iterator[SimulatedBoard]:
    settings = Settings(pulse_ms=2000, within_ms=5000)
    board = SimulatedBoard(tmp_path / "board", settings=settings, kind=Kind.QEMU)
    yield board
    board.close()


def test_a_firmware_that_hangs_is_restarted_with_its_coils_off_and_knows_it(
    board: SimulatedBoard,
) -> None:
    driver, before = Board.at(board.path), board.memory[Word.STARTS]
    board.cabinet.jammed.add(3)
    driver.open(3, NONCE)
    eventually(lambda: board.cabinet.coil_is_on(3))
    board.memory[Word.HANG] = 1
    eventually(lambda: board.memory[Word.STARTS] == before + 1 and board.memory[Word.BEAT])
    eventually(lambda: not board.cabinet.coil_is_on(3))
    assert driver.outcome(NONCE).outcome is Outcome.INTERRUPTED
    last = driver.events().events[-1]
    assert (last.kind, last.subject) == (EventKind.BOOT, WATCHDOG)
    driver.close()


def test_a_firmware_that_goes_on_is_left_alone(board: SimulatedBoard) -> None:
    driver, before = Board.at(board.path), board.memory[Word.BEAT]
    eventually(lambda: board.memory[Word.BEAT] - before > 6000)  # at most a thousand a second
    assert driver.info().boot == 1
    driver.close()
