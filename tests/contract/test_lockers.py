"""What every locker promises (linli/devices/lockers/base.py).

Each driver runs on its own bench: the real driver above simulated hardware on a pseudo-terminal.
"""

from __future__ import annotations

import os
import queue
import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from linli.devices.lockers.base import (
    DoorChange,
    DoorEvent,
    DoorRefusedError,
    Locker,
    LockerGoneError,
    LockerState,
    Opening,
    Outcome,
)
from linli.devices.lockers.rs485_frames import SPEED, Channel
from linli.devices.lockers.rs485_lock import Rs485Locker
from linli.devices.lockers.smp_board import SmpLocker
from linli.devices.simulated.board_process import Kind
from linli.devices.simulated.cabinet import Cabinet
from linli.devices.simulated.lock_board import SimulatedLockBoard
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.firmware_bridge import board as wire
from linli.firmware_bridge.board import Board
from linli.firmware_bridge.client import Client
from linli.firmware_bridge.serial_line import SerialLine

PATIENCE_S = 10.0
NONCE, OTHER = b"n" * 16, b"o" * 16
LEFT_OPEN_S = 0.6


class CrashError(BaseException):
    """The program dies here."""


class DyingLine(SerialLine):
    """A line whose program dies right after it has written something that `last` knows."""

    last: Callable[[bytes], bool] = staticmethod(lambda data: False)

    def write(self, data: bytes) -> None:
        super().write(data)
        if self.last(data):
            raise CrashError


class Bench(ABC):
    """One kind of locker on its hardware, and the program that uses it, which may crash."""

    hardware: SimulatedBoard | SimulatedLockBoard
    locker: Locker
    line: DyingLine

    @property
    def cabinet(self) -> Cabinet:
        return self.hardware.cabinet

    @abstractmethod
    def start_program(self) -> None:
        """Another driver on the same hardware and the same files."""

    @abstractmethod
    def is_open_command(self, data: bytes) -> bool: ...

    def watch(self) -> None:
        self.told: queue.Queue[DoorEvent | LockerState] = queue.Queue()
        self.locker.watch(self.told.put)
        assert self.next_state().up

    def next_state(self) -> LockerState:
        while not isinstance(told := self.told.get(timeout=PATIENCE_S), LockerState):
            pass
        return told

    def next_change(self) -> tuple[int, DoorChange]:
        while not isinstance(told := self.told.get(timeout=PATIENCE_S), DoorEvent):
            pass
        return told.door, told.change

    def crash_while_opening(self, door: int, nonce: bytes) -> None:
        self.line.last = self.is_open_command
        with pytest.raises(CrashError):
            self.locker.open(door, nonce)
        self.close_program()
        wait_until(lambda: self.cabinet.is_open(door) and not self.cabinet.coil_is_on(door))
        self.start_program()

    def shut(self, door: int) -> None:
        wait_until(lambda: not self.cabinet.coil_is_on(door))
        self.cabinet.push_shut(door)

    def close_program(self) -> None:
        self.locker.close()
        self.line.close()

    def close(self) -> None:
        self.close_program()
        self.hardware.close()


class SmpBench(Bench):
    kind = Kind.HOST

    def __init__(self, directory: Path) -> None:
        settings = wire.Settings(
            pulse_ms=200, within_ms=400, left_open_ms=round(1000 * LEFT_OPEN_S)
        )
        self.hardware = SimulatedBoard(directory / "board", settings=settings, kind=self.kind)
        self.start_program()

    def start_program(self) -> None:
        self.line = DyingLine(self.hardware.path, wire.SPEED)
        self.locker = SmpLocker(Board(Client(self.line)), patience_s=2.0)

    def is_open_command(self, data: bytes) -> bool:
        return b"door" in _decoded(data) and b"nonce" in _decoded(data)


class QemuBench(SmpBench):
    kind = Kind.QEMU


class Rs485Bench(Bench):
    open_is = 0x11

    def __init__(self, directory: Path) -> None:
        self.file = directory / "openings"
        self.hardware = SimulatedLockBoard(directory / "locks", open_is=self.open_is)
        self.start_program()

    def start_program(self) -> None:
        self.line = DyingLine(self.hardware.path, SPEED)
        self.locker = Rs485Locker(
            self.line,
            {door: Channel(1, door) for door in self.cabinet.doors},
            self.file,
            open_is=self.open_is,
            opens_within_s=0.6,
            left_open_s=LEFT_OPEN_S,
        )

    def is_open_command(self, data: bytes) -> bool:
        return data[:1] == b"\x8a"


class Rs485InvertedBench(Rs485Bench):
    open_is = 0x00


def _decoded(data: bytes) -> bytes:
    from linli.firmware_bridge.smp import Decoder

    return b"".join(Decoder().feed(data))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)


BENCHES = {
    "host": SmpBench,
    "qemu": QemuBench,
    "rs485": Rs485Bench,
    "inverted": Rs485InvertedBench,
}


@pytest.fixture(params=BENCHES.values(), ids=list(BENCHES))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    bench: Bench = request.param(tmp_path)
    yield bench
    bench.close()


# --- opening -----------------------------------------------------------------------------------


@pytest.mark.parametrize("door", [1, 3, 6])
def test_the_door_that_was_asked_for_opens_and_no_other(bench: Bench, door: int) -> None:
    assert bench.locker.open(door, NONCE) == Opening(door, Outcome.OPENED)
    assert bench.cabinet.opened == [door]
    assert [door for door, is_open in bench.locker.states().items() if is_open] == [door]


def test_the_doors_are_told(bench: Bench) -> None:
    assert bench.locker.doors() == (1, 2, 3, 4, 5, 6)


def test_doors_open_one_after_the_other(bench: Bench) -> None:
    for door in bench.locker.doors():
        assert bench.locker.open(door, bytes([door]) * 16).outcome is Outcome.OPENED
    assert bench.cabinet.opened == [1, 2, 3, 4, 5, 6]
    assert bench.cabinet.most_coils_on == 1


def test_two_threads_wait_for_each_other(bench: Bench) -> None:
    outcomes: list[Outcome] = []

    def ask(door: int) -> None:
        outcomes.append(bench.locker.open(door, bytes([door]) * 16).outcome)

    threads = [threading.Thread(target=ask, args=(door,)) for door in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [Outcome.OPENED] * 3
    assert bench.cabinet.most_coils_on == 1


def test_a_jam_is_told_as_not_opened(bench: Bench) -> None:
    bench.cabinet.jammed.add(2)
    opening = bench.locker.open(2, NONCE)
    assert (opening.outcome, bool(opening.reason)) == (Outcome.NOT_OPENED, True)
    assert bench.cabinet.opened == []


def test_a_contact_that_tells_nothing_is_told_as_not_opened(bench: Bench) -> None:
    bench.cabinet.blind.add(2)
    assert bench.locker.open(2, NONCE).outcome is Outcome.NOT_OPENED


def test_a_door_that_stands_open_is_refused_and_the_nonce_stays_good(bench: Bench) -> None:
    bench.cabinet.pull_open(4)
    wait_until(lambda: bench.locker.states()[4])
    with pytest.raises(DoorRefusedError, match="open"):
        bench.locker.open(4, NONCE)
    bench.shut(4)
    wait_until(lambda: not bench.locker.states()[4])
    assert bench.locker.open(4, NONCE) == Opening(4, Outcome.OPENED)


@pytest.mark.parametrize("door", [0, 7, -1, 256])
def test_a_door_that_is_not_there_is_refused(bench: Bench, door: int) -> None:
    with pytest.raises(DoorRefusedError, match="no such door"):
        bench.locker.open(door, NONCE)
    assert bench.locker.outcome(NONCE).outcome is Outcome.NEVER
    assert bench.cabinet.opened == []


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_nonce_of_another_size_is_refused(bench: Bench, size: int) -> None:
    with pytest.raises(ValueError, match="16"):
        bench.locker.open(1, bytes(size))
    with pytest.raises(ValueError, match="16"):
        bench.locker.outcome(bytes(size))


# --- the same nonce again ----------------------------------------------------------------------


@pytest.mark.parametrize("jam", [False, True])
def test_a_nonce_used_again_does_nothing_and_tells_the_first_outcome(
    bench: Bench, jam: bool
) -> None:
    bench.cabinet.jammed = {3} if jam else set()
    first = bench.locker.open(3, NONCE).outcome
    bench.cabinet.jammed.clear()
    bench.shut(3)
    opened = list(bench.cabinet.opened)
    for _ in range(3):
        again = bench.locker.open(3, NONCE)
        assert (again.door, again.outcome, again.again) == (3, first, True)
    assert bench.cabinet.opened == opened


def test_a_nonce_of_another_door_is_refused(bench: Bench) -> None:
    bench.locker.open(3, NONCE)
    with pytest.raises(DoorRefusedError, match="another door"):
        bench.locker.open(4, NONCE)
    assert bench.cabinet.opened == [3]


def test_what_became_of_a_nonce_can_be_asked(bench: Bench) -> None:
    bench.locker.open(3, NONCE)
    asked = bench.locker.outcome(NONCE)
    assert (asked.door, asked.outcome) == (3, Outcome.OPENED)
    assert bench.locker.outcome(OTHER) == Opening(None, Outcome.NEVER)


def test_another_program_knows_what_became_of_a_nonce(bench: Bench) -> None:
    bench.locker.open(3, NONCE)
    bench.close_program()
    bench.shut(3)
    bench.start_program()
    assert bench.locker.outcome(NONCE).outcome is Outcome.OPENED
    assert bench.locker.open(3, NONCE).again
    assert bench.cabinet.opened == [3]


def test_a_program_that_died_while_opening_is_told_the_truth_and_opens_nothing_more(
    bench: Bench,
) -> None:
    bench.crash_while_opening(3, NONCE)
    known = bench.locker.outcome(NONCE)
    expected = Outcome.OPENED if isinstance(bench, SmpBench) else Outcome.UNKNOWN
    assert (known.door, known.outcome) == (3, expected)
    bench.shut(3)
    again = bench.locker.open(3, NONCE)
    assert (again.outcome, again.again) == (expected, True)
    assert bench.cabinet.opened == [3]


def test_a_nonce_survives_a_reset_of_the_hardware(bench: Bench) -> None:
    bench.locker.open(3, NONCE)
    bench.shut(3)
    bench.hardware.reset()
    assert bench.locker.open(3, NONCE).again
    assert bench.cabinet.opened == [3]


# --- outages -----------------------------------------------------------------------------------


def test_a_locker_that_is_not_there_says_so_and_nothing_was_done(bench: Bench) -> None:
    bench.hardware.unplug()
    for ask in (bench.locker.states, lambda: bench.locker.open(1, NONCE)):
        with pytest.raises(LockerGoneError):
            ask()
    bench.hardware.replug()
    assert bench.locker.open(1, NONCE) == Opening(1, Outcome.OPENED)


def test_hardware_without_power_is_gone_and_comes_back(bench: Bench) -> None:
    bench.hardware.cut_power()
    with pytest.raises(LockerGoneError):
        bench.locker.open(1, NONCE)
    bench.hardware.give_power()
    assert bench.locker.open(1, NONCE) == Opening(1, Outcome.OPENED)


def test_power_cut_while_opening_opens_at_most_once(bench: Bench) -> None:
    bench.cabinet.jammed.add(3)
    opening: list[Opening] = []
    asking = threading.Thread(target=lambda: opening.append(bench.locker.open(3, NONCE)))
    asking.start()
    wait_until(lambda: bench.cabinet.coil_is_on(3))
    bench.hardware.cut_power()
    assert not bench.cabinet.coil_is_on(3)
    asking.join()
    assert opening[0].outcome is Outcome.UNKNOWN
    bench.cabinet.jammed.clear()
    bench.hardware.give_power()
    assert bench.locker.open(3, NONCE).again
    assert bench.cabinet.opened == []


def test_a_plug_pulled_while_opening_is_not_told_as_not_opened(bench: Bench) -> None:
    opening: list[Opening] = []
    asking = threading.Thread(target=lambda: opening.append(bench.locker.open(3, NONCE)))
    asking.start()
    wait_until(lambda: bench.cabinet.coil_is_on(3))
    bench.hardware.unplug()
    asking.join()
    assert opening[0].outcome in (Outcome.OPENED, Outcome.UNKNOWN)
    bench.hardware.replug()
    bench.shut(3)
    assert bench.locker.open(3, NONCE).again
    assert len(bench.cabinet.opened) <= 1


def test_a_bad_line_opens_no_wrong_door_and_none_twice(bench: Bench) -> None:
    bench.hardware.faults.random = random.Random(11)
    bench.hardware.faults.corrupt, bench.hardware.faults.lose = 0.004, 0.05
    bench.hardware.faults.duplicate, bench.hardware.faults.most_corrupt = 0.1, 1
    for door in bench.cabinet.doors:
        try:
            bench.locker.open(door, bytes([door]) * 16)
        except LockerGoneError:
            continue
    assert len(bench.cabinet.opened) == len(set(bench.cabinet.opened)) >= 4


def test_noise_before_an_answer_does_not_hide_it(bench: Bench) -> None:
    noise, stop = random.Random(5), threading.Event()

    def hiss() -> None:
        while not stop.wait(0.02):
            bench.hardware.disturb(noise.randbytes(noise.randrange(1, 9)))

    hissing = threading.Thread(target=hiss)
    hissing.start()
    try:
        assert bench.locker.open(2, NONCE).outcome is Outcome.OPENED
    finally:
        stop.set()
        hissing.join()


# --- watching ----------------------------------------------------------------------------------


def test_a_watch_tells_doors_that_open_and_close(bench: Bench) -> None:
    bench.watch()
    bench.locker.open(5, NONCE)
    assert bench.next_change() == (5, DoorChange.OPENED)
    bench.shut(5)
    while (change := bench.next_change()) == (5, DoorChange.LEFT_OPEN):
        pass
    assert change == (5, DoorChange.CLOSED)


def test_a_door_that_is_left_open_is_told_once(bench: Bench) -> None:
    bench.watch()
    bench.cabinet.pull_open(2)
    assert bench.next_change() == (2, DoorChange.OPENED)
    assert bench.next_change() == (2, DoorChange.LEFT_OPEN)
    bench.shut(2)
    assert bench.next_change() == (2, DoorChange.CLOSED)


def test_a_watch_tells_outages_once_and_that_they_are_over(bench: Bench) -> None:
    bench.watch()
    for _ in range(2):
        bench.hardware.unplug()
        down = bench.next_state()
        assert (down.up, bool(down.reason)) == (False, True)
        bench.hardware.replug()
        assert bench.next_state().up


def test_what_happened_before_the_watch_is_not_news(bench: Bench) -> None:
    bench.locker.open(5, NONCE)
    bench.shut(5)
    wait_until(lambda: not bench.locker.states()[5])
    bench.watch()
    bench.cabinet.pull_open(6)
    assert bench.next_change() == (6, DoorChange.OPENED)


# --- closing -----------------------------------------------------------------------------------


def test_closing_leaves_no_thread_and_no_descriptor(bench: Bench, tmp_path: Path) -> None:
    bench.close()
    before = {t.name for t in threading.enumerate()}, sorted(os.listdir("/proc/self/fd"))
    another = type(bench)(tmp_path)
    another.watch()
    another.locker.open(1, b"c" * 16)
    another.hardware.unplug()
    another.next_state()
    another.close()
    another.close()
    after = {t.name for t in threading.enumerate()}, sorted(os.listdir("/proc/self/fd"))
    assert after == before
