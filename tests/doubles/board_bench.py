"""A terminal board's real firmware in virtual time, and a driver over a line in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from doubles.clock import HandClock
from doubles.device_line import DeviceLine
from doubles.stepped_board import SteppedBoard
from linli.devices.simulated.cabinet import Cabinet
from linli.firmware_bridge.board import Board, Outcome, Settings
from linli.firmware_bridge.client import Client

NONCE, OTHER = b"n" * 16, b"o" * 16


class Bench:
    """A board with six doors, its cabinet, and a driver over a line in memory."""

    def __init__(self) -> None:
        clock = HandClock()
        self.cabinet = Cabinet(6, clock.monotonic)
        self.chip = SteppedBoard(self.cabinet, clock)
        self.line = DeviceLine(self.chip, clock)
        self.client = Client(self.line, monotonic=clock.monotonic)
        self.board = Board(self.client)
        self.board.configure(Settings(pulse_ms=500, within_ms=1500, left_open_ms=30_000))
        self.line.written.clear()

    def outcome(self, nonce: bytes = NONCE) -> Outcome:
        while (opening := self.board.outcome(nonce)).outcome is Outcome.UNDER_WAY:
            self.line.pause(0.05)
        return opening.outcome

    def kinds(self) -> list[tuple[int, int]]:
        return [(event.kind, event.subject) for event in self.board.events().events]


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.chip.close()


def refusal(code: int) -> str:
    return f"group 65, code {code}"
