"""What came of a door, over the real lines of both lock boards' drivers: never a guess."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from doubles.waiting import eventually

from linli.devices.lockers.base import DoorChange
from linli.devices.lockers.smp_board import SmpLocker
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.firmware_bridge.board import Board
from linli.kiosk.redeeming.locker import WatchedLocker
from linli.kiosk.redeeming.redemption import DoorOutcome

NONCE, OTHER = b"n" * 16, b"o" * 16


@pytest.fixture
def doors(board: SimulatedBoard) -> Iterator[WatchedLocker]:
    driver = Board.at(board.path)
    doors = WatchedLocker(SmpLocker(driver))
    yield doors
    doors.close()
    driver.close()


def test_a_door_opens_and_what_came_of_it_is_known_later(
    board: SimulatedBoard, doors: WatchedLocker
) -> None:
    assert doors.open(2, NONCE) is DoorOutcome.OPENED
    assert board.cabinet.is_open(2)
    assert doors.outcome(NONCE) is DoorOutcome.OPENED


def test_a_jam_is_a_jam(board: SimulatedBoard, doors: WatchedLocker) -> None:
    board.cabinet.jammed.add(2)
    assert doors.open(2, NONCE) is DoorOutcome.JAM
    assert doors.outcome(NONCE) is DoorOutcome.JAM


def test_a_command_that_the_board_never_heard_moved_nothing(doors: WatchedLocker) -> None:
    assert doors.outcome(OTHER) is DoorOutcome.NO_ANSWER


def test_a_door_that_is_not_there_is_not_opened(doors: WatchedLocker) -> None:
    assert doors.open(99, NONCE) is DoorOutcome.NO_ANSWER


def test_a_board_that_is_unplugged_cannot_say(board: SimulatedBoard, doors: WatchedLocker) -> None:
    board.unplug()
    assert doors.outcome(NONCE) is None


def test_a_door_that_is_shut_is_told_of(board: SimulatedBoard, doors: WatchedLocker) -> None:
    moved: list[tuple[int, DoorChange]] = []
    doors.watch(lambda door, change: moved.append((door, change)))
    doors.open(2, NONCE)
    board.cabinet.push_shut(2)
    eventually(lambda: (2, DoorChange.CLOSED) in moved)
