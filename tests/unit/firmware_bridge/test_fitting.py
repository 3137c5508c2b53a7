"""A board that does not fit is told in words, and opens no door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from doubles.clock import HandClock
from doubles.device_line import DeviceLine
from doubles.stepped_board import SteppedBoard

from linli.devices.lockers.base import LockerGoneError
from linli.devices.lockers.smp_board import SmpLocker
from linli.devices.simulated.cabinet import Cabinet
from linli.firmware_bridge import smp
from linli.firmware_bridge.board import Board
from linli.firmware_bridge.client import Client
from linli.firmware_bridge.errors import UnsuitableBoardError

INFO: Mapping[str, Any] = {
    "v": 1,
    "fw": "9.9",
    "hw": "odd",
    "boot": 1,
    "doors": 6,
    "nonces": 64,
    "buf": 1024,
    "parts": ["lights", "pir"],
}


class OddBoard:
    """Answers `info` as it is told, and nothing else."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self.answer = answer
        self.heard: list[int] = []

    def tick(self) -> None: ...

    def receive(self, data: bytes) -> bytes:
        request = smp.unpacked(smp.Decoder().feed(data)[0])
        self.heard.append(request.command)
        body = self.answer if request.command == 0 else {"rc": 8}
        answer = smp.Message(
            smp.Op(request.op + 1), request.group, request.command, request.sequence, body
        )
        return smp.framed(smp.packed(answer))


def behind(device: OddBoard | SteppedBoard, clock: HandClock | None = None) -> Board:
    clock = clock or HandClock()
    return Board(Client(DeviceLine(device, clock), monotonic=clock.monotonic))


@pytest.mark.parametrize(
    ("differs", "needed", "said"),
    [
        ({"v": 2}, (), "speaks version 2 .* update this program"),
        ({"v": 0}, (), "speaks version 0 .* update the board's firmware"),
        ({"nonces": 8}, (), "remembers 8 openings"),
        ({}, ("lights", "buzzer", "power"), "odd has no buzzer, power"),
        ({"rc": 8}, (), "no terminal board"),
    ],
)
def test_a_board_that_does_not_fit_is_told_in_words(
    differs: Mapping[str, Any], needed: tuple[str, ...], said: str
) -> None:
    with pytest.raises(UnsuitableBoardError, match=said):
        behind(OddBoard({**INFO, **differs})).require(needed)


def test_a_board_that_fits_is_told_as_it_is() -> None:
    assert behind(OddBoard(INFO)).require(("pir",)).hardware == "odd"


@pytest.fixture
def firmware() -> Iterator[SteppedBoard]:
    clock = HandClock()
    board = SteppedBoard(Cabinet(6, clock.monotonic), clock)
    yield board
    board.close()


def test_our_own_firmware_fits(firmware: SteppedBoard) -> None:
    behind(firmware).require(("lights", "buzzer", "pir", "tamper", "power"))


def test_a_locker_asks_no_door_of_a_board_that_does_not_fit() -> None:
    odd = OddBoard({**INFO, "v": 2})
    locker = SmpLocker(behind(odd))
    for ask in (locker.states, lambda: locker.open(1, bytes(16))):
        with pytest.raises(LockerGoneError, match="update this program"):
            ask()
    assert set(odd.heard) == {0}


def test_a_board_that_was_changed_for_another_is_looked_at_again() -> None:
    odd = OddBoard(INFO)
    locker = SmpLocker(behind(odd))
    with pytest.raises(LockerGoneError):
        locker.states()
    odd.answer = {**INFO, "v": 2}
    with pytest.raises(LockerGoneError, match="update this program"):
        locker.states()
