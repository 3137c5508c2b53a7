"""What every screen's driver promises (linli/devices/displays/base.py), on a tree of files as the
kernel's and over ddcutil's own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.devices.displays.backlight import OFF, ON, Backlight, percent_of, raw_of
from linli.devices.displays.base import Display, DisplayError
from linli.devices.displays.ddc import DdcMonitor
from linli.devices.displays.finding import Connector, connectors, find
from linli.devices.simulated.monitor import SimulatedDesk


@dataclass
class Bench:
    display: Display
    lit: Callable[[], bool]
    unplug: Callable[[], None]


def panel(desk: SimulatedDesk) -> Bench:
    place = desk.panel("10-0045", brightest=31, now=10)

    def unplug() -> None:
        for name in ("brightness", "max_brightness", "bl_power"):
            (place / name).unlink()

    return Bench(Backlight(place), lambda: int((place / "bl_power").read_text()) == ON, unplug)


def monitor(desk: SimulatedDesk) -> Bench:
    screen = desk.monitor("HDMI-A-1", 20)
    return Bench(DdcMonitor(20, desk.ddcutil), lambda: screen.on, lambda: desk.monitors.clear())


@pytest.fixture(params=[panel, monitor])
def bench(tmp_path: Path, request: pytest.FixtureRequest) -> Bench:
    made: Bench = request.param(SimulatedDesk(tmp_path))
    return made


@pytest.mark.parametrize("percent", [0, 30, 50, 100])
def test_what_was_set_is_read_within_a_step(bench: Bench, percent: int) -> None:
    bench.display.write(percent)
    assert bench.display.read() == pytest.approx(percent, abs=2)


def test_power_goes_off_and_on_and_the_brightness_stays(bench: Bench) -> None:
    bench.display.write(50)
    before = bench.display.read()
    bench.display.power(on=False)
    assert not bench.lit()
    bench.display.power(on=True)
    assert bench.lit()
    assert bench.display.read() == before


def test_a_screen_that_is_gone_says_so_and_nothing_is_left_of_it(
    bench: Bench, tmp_path: Path
) -> None:
    bench.unplug()
    before = sorted(tmp_path.rglob("*"))
    for act in (bench.display.read, lambda: bench.display.write(5)):
        with pytest.raises(DisplayError):
            act()
    with pytest.raises(DisplayError):
        bench.display.power(on=False)
    assert sorted(tmp_path.rglob("*")) == before


# --- backlight -----------------------------------------------------------------------------------

STEPS = st.integers(min_value=2, max_value=65_535)


@given(st.integers(0, 100), STEPS)
def test_no_percent_makes_a_panel_black_or_brighter_than_it_can(percent: int, most: int) -> None:
    assert 1 <= raw_of(percent, most) <= most


@given(st.integers(0, 100), st.integers(0, 100), STEPS)
def test_more_percent_are_never_darker(one: int, other: int, most: int) -> None:
    low, high = sorted((one, other))
    assert raw_of(low, most) <= raw_of(high, most)


@given(st.integers(0, 100), st.integers(min_value=120, max_value=65_535))
def test_a_fine_panel_tells_the_percent_that_was_set(percent: int, most: int) -> None:
    assert percent_of(raw_of(percent, most), most) == percent


@given(st.integers(0, 70_000), STEPS)
def test_whatever_a_panel_tells_is_a_percentage(raw: int, most: int) -> None:
    assert 0 <= percent_of(raw, most) <= 100


def test_a_file_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    place = SimulatedDesk(tmp_path).panel("rpi_backlight")
    (place / "brightness").unlink()
    (place / "brightness").mkdir()
    with pytest.raises(DisplayError, match="rpi_backlight/brightness cannot be written"):
        Backlight(place).write(40)


def test_shorter_numbers_leave_nothing_of_longer_ones(tmp_path: Path) -> None:
    place = SimulatedDesk(tmp_path).panel("rpi_backlight", brightest=255)
    display = Backlight(place)
    display.write(100)
    display.write(0)
    display.power(on=False)
    assert (place / "brightness").read_text() == "8"
    assert (place / "bl_power").read_text() == str(OFF)


# --- finding -------------------------------------------------------------------------------------


def test_connectors_are_told_as_the_kernel_names_them(tmp_path: Path) -> None:
    desk = SimulatedDesk(tmp_path)
    desk.monitor("HDMI-A-1", 20)
    desk.empty("HDMI-A-2")
    assert connectors(tmp_path) == [
        Connector("HDMI-A-1", connected=True, lit=True, bus=20),
        Connector("HDMI-A-2", connected=False, lit=False, bus=None),
    ]


def test_each_output_finds_its_own_monitor(tmp_path: Path) -> None:
    desk = SimulatedDesk(tmp_path)
    desk.monitor("HDMI-A-1", 20)
    second = desk.monitor("HDMI-A-2", 21)
    found = find(tmp_path, "HDMI-A-2", desk.ddcutil)
    assert found is not None
    found.write(10)
    assert second.luminance == 10
    assert desk.monitors[20].luminance == 50


def test_without_an_output_the_first_that_listens_is_taken(tmp_path: Path) -> None:
    desk = SimulatedDesk(tmp_path)
    desk.monitor("HDMI-A-1", 20, deaf=True)
    assert find(tmp_path, None, desk.ddcutil) is None
    desk.monitor("HDMI-A-2", 21)
    found = find(tmp_path, None, desk.ddcutil)
    assert found is not None
    assert found.name == "i2c-21"


def test_a_touch_display_is_found_by_its_backlight(tmp_path: Path) -> None:
    desk = SimulatedDesk(tmp_path)
    desk.monitor("HDMI-A-1", 20)
    desk.panel("10-0045")
    found = find(tmp_path, "DSI-1", desk.ddcutil)
    assert isinstance(found, Backlight)
    assert find(tmp_path, "HDMI-A-3", desk.ddcutil) is None


def test_a_backlight_without_a_connector_is_found_too(tmp_path: Path) -> None:
    place = tmp_path / "sys/class/backlight/rpi_backlight"
    place.mkdir(parents=True)
    assert isinstance(find(tmp_path), Backlight)
