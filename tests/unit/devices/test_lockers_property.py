"""Whatever is retried, corrupted, reset, unplugged or cut off: no wrong door, and none twice.

Everything runs in memory under a clock that only goes on while a driver waits, so that trouble
can come at any moment in the middle of an opening.
"""

from __future__ import annotations

import random
import tempfile
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.device_line import DeviceLine
from doubles.stepped_board import SteppedBoard
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.devices.lockers.base import Locker, LockerError, LockerGoneError, Outcome
from linli.devices.lockers.rs485_frames import Channel
from linli.devices.lockers.rs485_lock import Rs485Locker
from linli.devices.lockers.smp_board import SmpLocker
from linli.devices.simulated.cabinet import Cabinet
from linli.devices.simulated.line_faults import LineFaults
from linli.devices.simulated.lock_board import LockBoardChip
from linli.firmware_bridge.board import Board, Settings
from linli.firmware_bridge.client import Client

DOORS, TRIES_A_DOOR = 3, 3
POWER_BACK_S = 0.3
QUICKEST_HAND_S = 1.0


class CrashError(BaseException):
    """The program dies here."""


class World(ABC):
    """A cabinet with its electronics, a bad line, and a program that may die."""

    faults: LineFaults
    late_s = 0.1

    def __init__(self, seed: int) -> None:
        self.clock = HandClock()
        self.cabinet = Cabinet(DOORS, self.clock.monotonic)
        self.faults = LineFaults(random.Random(seed))
        self.chip = self.built()
        self.line = DeviceLine(self.chip, self.clock, self.faults)
        self.back_at: float | None = None
        self.open_since: dict[int, float] = {}
        self.program = self.started()

    @abstractmethod
    def built(self) -> SteppedBoard | LockBoardChip: ...

    @abstractmethod
    def started(self) -> Locker:
        """The program, once more from its files."""

    @abstractmethod
    def end(self) -> None: ...

    # --- trouble -------------------------------------------------------------------------------

    def reset(self) -> None:
        self.chip.power_up()

    def cut_power(self) -> None:
        self.chip.power_down()
        self.back_at = self.clock.seconds + POWER_BACK_S

    def unplug(self) -> None:
        self.line.plugged = False
        self.back_at = self.clock.seconds + POWER_BACK_S

    def crash(self) -> None:
        raise CrashError

    def jam(self) -> None:
        self.cabinet.jammed = set(self.cabinet.doors)

    def free(self) -> None:
        self.cabinet.jammed = set()

    def shut_all(self) -> None:
        """No hand is there before a door has been open for a second."""
        for door, since in self.open_since.items():
            if self.clock.seconds - since >= QUICKEST_HAND_S:
                self.cabinet.push_shut(door)

    def repair(self) -> None:
        for door in self.cabinet.doors:
            if not self.cabinet.is_open(door):
                self.open_since.pop(door, None)
            self.open_since.setdefault(door, self.clock.seconds)
        if self.back_at is not None and self.clock.seconds >= self.back_at:
            self.back_at = None
            self.line.plugged = True
            self.chip.power_up()


class SmpWorld(World):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.late_s = 0.3  # some answers come when the next question has been asked

    def built(self) -> SteppedBoard:
        board = SteppedBoard(self.cabinet, self.clock)
        line = DeviceLine(board, self.clock)
        settings = Settings(pulse_ms=300, within_ms=600)
        Board(Client(line, monotonic=self.clock.monotonic)).configure(settings)
        return board

    def started(self) -> Locker:
        client = Client(self.line, monotonic=self.clock.monotonic)
        return SmpLocker(
            Board(client), monotonic=self.clock.monotonic, pause=self.line.pause, patience_s=3.0
        )

    def end(self) -> None:
        assert isinstance(self.chip, SteppedBoard)
        self.chip.close()


class Rs485World(World):
    def __init__(self, seed: int) -> None:
        self.directory = tempfile.TemporaryDirectory()
        super().__init__(seed)
        self.faults.most_corrupt = 1  # two bytes wrong in the same bits pass the boards' check

    def built(self) -> LockBoardChip:
        return LockBoardChip(self.cabinet, self.clock.monotonic)

    def started(self) -> Locker:
        return Rs485Locker(
            self.line,
            {door: Channel(1, door) for door in self.cabinet.doors},
            Path(self.directory.name) / "openings",
            opens_within_s=0.8,
            monotonic=self.clock.monotonic,
            pause=self.line.pause,
        )

    def end(self) -> None:
        self.directory.cleanup()


@dataclass(frozen=True)
class Ask:
    """Open `door` with its nonce number `nonce`; after so many steps of waiting each trouble."""

    door: int
    nonce: int
    troubles: tuple[tuple[int, str], ...]

    @property
    def key(self) -> bytes:
        return bytes([self.door, self.nonce]) * 8


troubles = st.tuples(
    st.integers(0, 150),
    st.sampled_from(["reset", "cut_power", "unplug", "crash", "jam", "free", "shut_all"]),
)
asks = st.builds(
    Ask,
    door=st.integers(1, DOORS),
    nonce=st.integers(1, TRIES_A_DOOR),
    troubles=st.lists(troubles, max_size=3).map(tuple),
)


def asked(world: World, ask: Ask) -> Outcome:
    """One opening with its troubles. UNKNOWN where the program died; NEVER where it was told that
    nothing was done."""
    coming = sorted(ask.troubles)
    steps = 0

    def on_step() -> None:
        nonlocal steps
        steps += 1
        world.repair()
        while coming and coming[0][0] <= steps:
            getattr(world, coming.pop(0)[1])()

    world.line.on_step = on_step
    try:
        return world.program.open(ask.door, ask.key).outcome
    except LockerError:
        return Outcome.NEVER
    except CrashError:
        world.program = world.started()
        return Outcome.UNKNOWN
    finally:
        world.line.on_step = world.repair


def settled(world: World) -> None:
    """Trouble is over, doors are shut."""
    world.free()
    world.faults.corrupt = world.faults.lose = world.faults.duplicate = 0.0
    world.faults.late_s = 0.0
    world.line.pause(2.0)
    world.shut_all()
    world.line.pause(1.0)


def check(
    make: Callable[[int], World], seed: int, bad: tuple[float, float], plan: list[Ask]
) -> None:
    world = make(seed)
    try:
        outcomes: dict[Ask, set[Outcome]] = {}
        for ask in plan:
            world.faults.corrupt, world.faults.lose = bad
            world.faults.duplicate, world.faults.late_s = bad[1], world.late_s
            outcomes.setdefault(Ask(ask.door, ask.nonce, ()), set()).add(asked(world, ask))
            settled(world)
        never = {ask for ask, told in outcomes.items() if told == {Outcome.NEVER}}
        compare(world, outcomes)
        before = list(world.cabinet.opened)
        for ask in set(outcomes) - never:
            known = world.program.outcome(ask.key)
            again = world.program.open(ask.door, ask.key)
            if known.outcome is not Outcome.NEVER:
                assert (again.outcome, again.again) == (known.outcome, True)
                assert world.cabinet.opened == before
            before = list(world.cabinet.opened)
            settled(world)
    finally:
        world.end()


def compare(world: World, outcomes: dict[Ask, set[Outcome]]) -> None:
    """What the doors did against what was told of them."""
    opened = Counter(world.cabinet.opened)
    for door in world.cabinet.doors:
        told = [kinds for ask, kinds in outcomes.items() if ask.door == door]
        surely = sum(Outcome.OPENED in kinds for kinds in told)
        perhaps = sum(bool(kinds & {Outcome.OPENED, Outcome.UNKNOWN}) for kinds in told)
        assert surely <= opened[door] <= perhaps, (door, opened, outcomes)
    assert world.cabinet.most_coils_on <= 1
    assert all(pulse.seconds <= 2.0 for pulse in world.cabinet.pulses)


bad_lines = st.tuples(st.sampled_from([0.0, 0.002, 0.02]), st.sampled_from([0.0, 0.1, 0.3]))


@pytest.mark.parametrize("make", [SmpWorld, Rs485World])
@given(st.integers(0, 2**32), bad_lines, st.lists(asks, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_no_trouble_opens_a_wrong_door_or_one_twice_for_one_nonce(
    make: Callable[[int], World], seed: int, bad: tuple[float, float], plan: list[Ask]
) -> None:
    check(make, seed, bad, plan)


@pytest.mark.parametrize("make", [SmpWorld, Rs485World])
@pytest.mark.parametrize("trouble", ["reset", "cut_power", "unplug", "crash", "shut_all"])
def test_one_trouble_at_each_moment_of_an_opening(
    make: Callable[[int], World], trouble: str
) -> None:
    for step in range(60):
        ask = Ask(2, 1, ((step, trouble),))
        check(make, 0, (0.0, 0.0), [ask, Ask(2, 1, ()), Ask(2, 2, ())])


def test_a_locker_that_is_gone_was_asked_for_nothing() -> None:
    world = SmpWorld(0)
    world.line.plugged = False
    with pytest.raises(LockerGoneError):
        world.program.open(1, bytes(16))
    assert world.line.written == []
    world.end()
