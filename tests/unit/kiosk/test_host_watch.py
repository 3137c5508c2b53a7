"""The board keeps the power of a terminal while its window's loop turns, over its real line."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from doubles.waiting import eventually, stays

from linli.devices.simulated.board_pins import Word
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.firmware_bridge.board import Board
from linli.kiosk.peripherals.host_watch import HostWatch

PATIENCE_S = 2.0


@pytest.fixture
def driver(board: SimulatedBoard) -> Iterator[Board]:
    driver = Board.at(board.path)
    yield driver
    driver.close()


class Loop:
    """A window's loop that turns at once, or hangs."""

    def __init__(self) -> None:
        self.hangs = False
        self.turns = 0

    def post(self, act: object) -> None:
        if not self.hangs:
            self.turns += 1
            assert callable(act)
            act()


def has_power(board: SimulatedBoard) -> bool:
    return bool(board.memory[Word.HOST_POWER])


def test_a_window_that_stands_still_loses_its_power(board: SimulatedBoard, driver: Board) -> None:
    loop, watch = Loop(), HostWatch(driver, beat_s=0.05, patience_s=PATIENCE_S)
    watch.start(loop.post)
    eventually(lambda: loop.turns > 2)
    stays(lambda: has_power(board), for_=1.5 * PATIENCE_S)
    loop.hangs = True
    eventually(lambda: not has_power(board))
    watch.close()


def test_a_program_that_is_ended_on_purpose_ends_the_watch(
    board: SimulatedBoard, driver: Board
) -> None:
    loop, watch = Loop(), HostWatch(driver, beat_s=0.05, patience_s=PATIENCE_S)
    watch.start(loop.post)
    eventually(lambda: loop.turns > 3)
    watch.close()
    stays(lambda: has_power(board), for_=1.5 * PATIENCE_S)


def test_a_window_that_never_turned_is_not_watched(board: SimulatedBoard, driver: Board) -> None:
    loop, watch = Loop(), HostWatch(driver, beat_s=0.05, patience_s=PATIENCE_S)
    loop.hangs = True
    watch.start(loop.post)
    stays(lambda: has_power(board), for_=1.5 * PATIENCE_S)
    watch.close()


def test_a_plug_that_is_pulled_and_put_in_again_in_time_costs_nothing(
    board: SimulatedBoard, driver: Board
) -> None:
    loop, watch = Loop(), HostWatch(driver, beat_s=0.05, patience_s=10 * PATIENCE_S)
    watch.start(loop.post)
    eventually(lambda: loop.turns > 2)
    board.unplug()
    time.sleep(0.2)
    board.replug()
    turns = loop.turns
    eventually(lambda: loop.turns > turns + 2)
    assert has_power(board)
    watch.close()
