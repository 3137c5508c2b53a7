"""Ten thousand requests to the board's firmware over a line where, in both directions, each tenth
message is damaged, each tenth lost, each tenth doubled, and each tenth answer comes late: no wrong
door, no door twice, no lost event, no hang."""

from __future__ import annotations

import contextlib
import random
from collections import Counter
from collections.abc import Iterator

import pytest
from doubles.clock import HandClock
from doubles.device_line import DeviceLine
from doubles.stepped_board import SteppedBoard

from linli.devices.lockers.base import LockerError, Outcome
from linli.devices.lockers.smp_board import SmpLocker
from linli.devices.simulated.cabinet import Cabinet
from linli.devices.simulated.line_faults import LineFaults
from linli.firmware_bridge.board import Board, Pattern, Settings
from linli.firmware_bridge.board_log import START, Event, EventKind
from linli.firmware_bridge.client import Client
from linli.firmware_bridge.errors import NoAnswerError

DOORS, REQUESTS = 6, 10_000
KNOWN = 64
TENTH = 0.1
A_BYTE = 1 - (1 - TENTH) ** (1 / 80)
"""Chance for each byte, so that each tenth message of 80 bytes is damaged."""


class Bench:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        clock = HandClock()
        self.cabinet = Cabinet(DOORS, clock.monotonic)
        self.chip = SteppedBoard(self.cabinet, clock)
        self.line = DeviceLine(self.chip, clock)
        self.board = Board(Client(self.line, monotonic=clock.monotonic))
        self.board.configure(Settings(pulse_ms=100, within_ms=200))
        self.locker = SmpLocker(self.board, monotonic=clock.monotonic, pause=self.line.pause)
        self.told: dict[bytes, tuple[int, set[Outcome]]] = {}
        self.events: list[Event] = []
        self.cursor = START

    def trouble(self) -> None:
        self.line.faults = LineFaults(
            self.random, A_BYTE, lose=TENTH, duplicate=TENTH, late_s=0.5, late=TENTH
        )

    def open(self) -> None:
        """A new opening, or one of before again, while the board promises to know it."""
        if self.told and self.random.random() < 0.3:
            nonce = self.random.choice(list(self.told)[-KNOWN:])
            door = self.told[nonce][0]
        else:
            nonce, door = self.random.randbytes(16), self.random.randint(1, DOORS)
        _, outcomes = self.told.setdefault(nonce, (door, set()))
        with contextlib.suppress(LockerError):
            outcomes.add(self.locker.open(door, nonce).outcome)
        self.line.pause(0.3)
        self.cabinet.push_shut(door)
        self.line.pause(0.05)

    def look(self) -> None:
        verbs = (
            lambda: self.board.light(Pattern.GUIDE, 2),
            lambda: self.board.buzz(Pattern.SUCCESS),
            lambda: self.board.heartbeat(600),
            lambda: self.board.echo("邻里"),
            self.board.sensors,
            self.board.doors,
            self.board.info,
            self.read_log,
        )
        for verb in self.random.choices(verbs, k=12):
            with contextlib.suppress(NoAnswerError):
                verb()

    def read_log(self) -> None:
        more = True
        while more:
            read = self.board.events(self.cursor)
            assert not read.lost
            self.events += read.events
            self.cursor, more = read.cursor, read.more


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench(20261128)
    yield bench
    bench.chip.close()


def test_ten_thousand_requests_on_a_bad_line(bench: Bench) -> None:
    bench.trouble()
    while len(bench.line.written) < REQUESTS:
        bench.open()
        bench.look()
    bench.line.faults = LineFaults()
    bench.read_log()

    assert bench.board.echo("still there") == "still there"
    assert [event.sequence for event in bench.events] == list(range(1, len(bench.events) + 1))
    kinds = Counter(event.kind for event in bench.events)
    assert kinds[EventKind.DOOR_OPENED] == kinds[EventKind.DOOR_CLOSED] == len(bench.cabinet.opened)
    assert kinds[EventKind.HOST_RESTARTED] == 0
    opened = Counter(bench.cabinet.opened)
    for door in bench.cabinet.doors:
        told = [outcomes for at, outcomes in bench.told.values() if at == door]
        surely = sum(Outcome.OPENED in outcomes for outcomes in told)
        assert 0 < surely <= opened[door] <= len(told)
    assert bench.cabinet.most_coils_on == 1
    for nonce, (door, outcomes) in list(bench.told.items())[-KNOWN:]:
        if Outcome.OPENED in outcomes:
            again = bench.locker.open(door, nonce)
            assert (again.outcome, again.again) == (Outcome.OPENED, True)
    assert Counter(bench.cabinet.opened) == opened
