"""The light of a terminal's screen and of a board's: who is there, the hour, and who hears it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.views import board_with_nobody
from doubles.waiting import eventually
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.displays.finding import find
from linli.devices.simulated.monitor import SimulatedDesk
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.firmware_bridge.board import Board
from linli.kiosk.flows.maintenance_views import LevelNote, Menu
from linli.kiosk.flows.views import Home, Screen
from linli.kiosk.peripherals.board_light import BoardLight
from linli.kiosk.peripherals.kept_levels import KeptLevels
from linli.kiosk.peripherals.resting import OFF, Resting, shade, wanted
from linli.kiosk.peripherals.screen_light import ScreenLight, _felt
from linli.sync.periods import SHANGHAI

NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI)
NIGHT = NOON.replace(hour=23)
RESTING = Resting(120, 40, "22:00", "06:30")


@pytest.mark.parametrize(
    ("idle_s", "now", "percent"),
    [
        (0, NOON, 80),
        (119, NIGHT, 80),
        (120, NOON, 32),
        (120, NIGHT, OFF),
        (9999, NOON.replace(hour=6, minute=29), OFF),
        (9999, NOON.replace(hour=6, minute=30), 32),
    ],
)
def test_nobody_makes_it_darker_and_the_closed_hours_dark(
    idle_s: float, now: dt.datetime, percent: int | None
) -> None:
    assert wanted(80, RESTING, idle_s, now) == percent


@given(st.integers(0, 100), st.floats(0, 1e6), st.integers(0, 100))
def test_without_a_resting_it_is_always_as_chosen(chosen: int, idle_s: float, percent: int) -> None:
    assert wanted(chosen, None, idle_s, NIGHT) == chosen
    assert wanted(chosen, Resting(60, percent), idle_s, NIGHT) is not OFF


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_shade_is_never_black_unless_the_screen_is_off(one: int, other: int) -> None:
    assert 0 <= shade(one) < 0.9 < shade(OFF) == 1
    assert (shade(one) < shade(other)) == (one > other)


class Bench:
    def __init__(self, root: Path, resting: Resting | None = RESTING) -> None:
        self.desk, self.clock, self.shades = SimulatedDesk(root), HandClock(), list[float]()
        self.clock.wall, self.somebody = NOON, False
        self.monitor = self.desk.monitor("HDMI-A-1", 20)
        self.kept = KeptLevels(root / "levels.json")
        self.light = ScreenLight(
            lambda: find(root, "HDMI-A-1", self.desk.ddcutil),
            self.shades.append,
            self.clock,
            self.kept,
            resting,
            lambda: self.somebody,
        )

    def become(self, luminance: int, *, on: bool = True) -> None:
        eventually(lambda: (self.monitor.luminance, self.monitor.on) == (luminance, on))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    bench.monitor.luminance, bench.monitor.on = 100, False
    bench.light.start()
    bench.become(100)
    yield bench
    bench.light.close()


def test_after_a_while_it_rests_and_a_screen_of_somebody_wakes_it(bench: Bench) -> None:
    bench.clock.pass_(seconds=120)
    bench.light.shown(Screen(Home("邻里中心")))
    bench.become(40)
    bench.light.shown(Screen(Menu("t-1")))
    bench.become(100)


def test_whoever_stands_before_it_keeps_it_bright_and_wakes_it(bench: Bench) -> None:
    bench.clock.pass_(seconds=120)
    bench.become(40)
    bench.somebody = True
    bench.become(100)
    seen = bench.light._seen
    bench.clock.pass_(seconds=60)
    eventually(lambda: bench.light._seen > seen)


def test_a_terminal_board_feels_who_comes_until_it_is_unplugged(tmp_path: Path) -> None:
    hardware = SimulatedBoard(tmp_path / "board")
    board = Board.at(hardware.path)
    assert not _felt(board)
    hardware.surroundings.presence = True
    eventually(lambda: _felt(board))
    hardware.unplug()
    assert not _felt(board)
    board.close()
    hardware.close()


def test_a_touch_on_a_screen_that_is_off_only_wakes_it(bench: Bench) -> None:
    assert not bench.light.noticed()
    bench.clock.wall = NIGHT
    bench.clock.pass_(seconds=120)
    bench.become(100, on=False)
    eventually(lambda: bench.light._is is OFF)
    assert bench.light.noticed()
    bench.become(100)
    eventually(lambda: bench.light._is is not OFF)
    assert not bench.light.noticed()


def test_what_the_maintainer_chose_is_kept_and_the_resting_is_a_part_of_it(bench: Bench) -> None:
    bench.light.write(50)
    bench.become(50)
    assert (bench.light.read(), bench.light.note) == (50, None)
    bench.clock.pass_(seconds=120)
    bench.become(20)
    assert bench.kept.of("brightness", 100) == 50


def test_a_screen_that_nobody_ever_changed_stays_as_it_is(tmp_path: Path) -> None:
    bench = Bench(tmp_path, resting=None)
    bench.monitor.luminance = 73
    bench.light.start()
    eventually(lambda: bench.light.note is None)
    eventually(lambda: bench.light.read() == 73)
    bench.light.close()
    assert (bench.monitor.luminance, bench.shades) == (73, [])


def test_a_choice_comes_back_after_a_restart(tmp_path: Path) -> None:
    Bench(tmp_path).kept.keep("brightness", 30, 100)
    bench = Bench(tmp_path / "again")
    bench.light = ScreenLight(
        lambda: find(bench.desk.root, None, bench.desk.ddcutil),
        bench.shades.append,
        bench.clock,
        KeptLevels(tmp_path / "levels.json"),
    )
    bench.light.start()
    bench.become(30)
    bench.light.close()


def test_a_screen_that_does_not_hear_any_more_gets_a_darker_picture(bench: Bench) -> None:
    bench.monitor.deaf = True
    bench.light.write(0)
    eventually(lambda: bench.shades and bench.shades[-1] == shade(0))
    assert bench.light.note is LevelNote.IN_PICTURE


def test_at_the_end_the_screen_is_on(bench: Bench) -> None:
    bench.clock.wall = NIGHT
    bench.clock.pass_(seconds=120)
    bench.become(100, on=False)
    bench.light.close()
    assert (bench.monitor.on, bench.monitor.luminance) == (True, 100)


BOARD = board_with_nobody(NOON)
DARK = replace(BOARD, darkness=0.6)


def test_at_night_a_boards_screen_is_dimmed_in_the_place_of_its_picture(tmp_path: Path) -> None:
    desk = SimulatedDesk(tmp_path)
    monitor = desk.monitor("HDMI-A-2", 21)
    light = BoardLight(lambda: find(tmp_path, "HDMI-A-2", desk.ddcutil))
    assert light.dimmed(DARK) == DARK
    light.start()
    eventually(lambda: light.dimmed(DARK) == BOARD)
    assert monitor.luminance == 40
    assert light.dimmed(BOARD) == BOARD
    eventually(lambda: monitor.luminance == 100)
    monitor.deaf = True
    light.dimmed(DARK)
    eventually(lambda: not light._thread.is_alive())
    assert light.dimmed(DARK) == DARK
    light.close()


def test_a_board_whose_screen_cannot_be_told_dims_its_picture() -> None:
    light = BoardLight(lambda: None)
    light.start()
    light.close()
    assert light.dimmed(DARK) == DARK
