"""The kept picture on a real screen: there before the window, gone with its first frame."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from doubles.centre import at
from doubles.waiting import eventually, stays

from linli.benchmarks.sight import Sight
from linli.commands.curtain import curtain_for
from linli.kiosk.curtain.hanging import Curtain
from linli.kiosk.curtain.picture import packed, picture_in
from linli.sync.periods import business_day
from linli.town.clock import TownClock
from linli.town.processes import VirtualDisplay
from tests.system.kiosk_at_work import kiosk_at_work
from tests.system.kivy_program import told

ROOT = Path(__file__).parents[2]
NOW = at("09:05")
WIDTH, HEIGHT = 1280, 800
GREY, DARK = 0x55, 0x22
"""Of all three colours of each pixel: nothing of ours is so."""
HANG = """
import sys, time
from linli.commands.curtain import curtain_for
curtain_for(sys.argv[1:])
time.sleep(60)
"""


class Wall:
    """A virtual screen, and what programs on it are told."""

    def __init__(self, display: str, sight: Sight) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        self._sight = sight

    def shades(self) -> set[int]:
        return set(self._sight.look())

    def is_all(self, shade: int) -> bool:
        return self.shades() == {shade}

    def hang(self, data: Path) -> Curtain:
        return curtain_for(called_with(data), self.environment)


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Wall]:
    seen = tmp_path / "screen"
    seen.mkdir()
    size = f"{WIDTH}x{HEIGHT}x24"
    with (
        VirtualDisplay(tmp_path / "display.log", size, seen) as display,
        closing(Sight(seen)) as sight,
    ):
        yield Wall(display.name, sight)


def keep(data: Path, shade: int) -> Path:
    data.mkdir(exist_ok=True)
    pixels = bytes([shade]) * (3 * WIDTH * HEIGHT)
    picture_in(data).write_bytes(packed((WIDTH, HEIGHT, pixels), business_day(NOW)))
    return data


def in_files(data: Path) -> tuple[str, str]:
    """The settings of a program that keeps its data there, and the clock of its town."""
    settings, clock = data / "settings.toml", data / "clock"
    settings.write_text(f'data = "{data}"\n', encoding="utf-8")
    TownClock.create(clock, NOW)
    return str(settings), str(clock)


def called_with(data: Path) -> list[str]:
    settings, clock = in_files(data)
    return ["--settings", settings, f"--clock={clock}"]


def test_the_picture_is_all_there_is_until_it_is_lifted(wall: Wall, tmp_path: Path) -> None:
    curtain = wall.hang(keep(tmp_path / "data", GREY))
    eventually(lambda: wall.is_all(GREY))
    curtain.lift()
    eventually(lambda: wall.is_all(0))
    assert not curtain.is_hanging


def test_a_window_that_opens_later_stays_behind_it(wall: Wall, tmp_path: Path) -> None:
    first = wall.hang(keep(tmp_path / "data", GREY))
    eventually(lambda: wall.is_all(GREY))
    later = wall.hang(keep(tmp_path / "later", DARK))
    stays(lambda: later.is_hanging, for_=1)
    assert wall.is_all(GREY)
    first.lift()
    eventually(lambda: wall.is_all(DARK))
    later.lift()


def test_it_goes_with_the_program_that_hung_it(wall: Wall, tmp_path: Path) -> None:
    keep(tmp_path / "data", GREY)
    program = subprocess.Popen(
        [sys.executable, "-c", HANG, *called_with(tmp_path / "data")],
        env={**wall.environment, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests")))},
    )
    eventually(lambda: wall.is_all(GREY))
    program.kill()
    program.wait()
    eventually(lambda: wall.is_all(0))


def test_a_picture_for_another_screen_is_not_shown(wall: Wall, tmp_path: Path) -> None:
    large = (WIDTH + 1, HEIGHT, bytes([GREY]) * (3 * (WIDTH + 1) * HEIGHT))
    picture_in(tmp_path).write_bytes(packed(large, business_day(NOW)))
    curtain = wall.hang(tmp_path)
    eventually(lambda: not curtain.is_hanging)
    assert wall.is_all(0)


def test_a_terminal_starts_behind_its_picture_and_takes_it_away(wall: Wall, tmp_path: Path) -> None:
    with kiosk_at_work(tmp_path) as kiosk:
        keep(kiosk.data, GREY)
        kiosk.start([sys.executable, "-m", "linli", "kiosk", *kiosk.arguments], wall.environment)
        eventually(lambda: wall.is_all(GREY))
        kiosk.comes_home(1)
        eventually(lambda: len(wall.shades()) > 100)  # edges of letters, smoothed
        eventually(lambda: not kiosk.outer.children())
        kiosk.tap("r-1")


FRAMEBUFFER = """
import os, sys
from linli.commands import curtain
from linli.kiosk.curtain import show

show.lay_down = lambda _: print("down", flush=True)
show.take_up = lambda: print("up", flush=True)
sys.exit(curtain.main(sys.argv[1:], {"SDL_VIDEODRIVER": "kmsdrm"}))
"""


def test_without_a_window_system_nothing_stays_in_the_framebuffer(tmp_path: Path) -> None:
    settings, clock = in_files(keep(tmp_path, GREY))
    given = [settings, clock, "0", "0", str(os.getpid())]
    command = [sys.executable, "-c", FRAMEBUFFER, *given]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as showing:
        assert showing.stdout is not None
        assert showing.stdout.readline() == "down\n"
        showing.terminate()
        assert showing.stdout.readline() == "up\n"
        assert showing.wait() == 0


def test_it_does_not_begin_for_a_program_that_is_gone(wall: Wall, tmp_path: Path) -> None:
    settings, clock = in_files(keep(tmp_path, GREY))
    command = [sys.executable, "-m", "linli.commands.curtain", settings, clock, "0", "0", "1"]
    assert subprocess.run(command, env=wall.environment, timeout=30).returncode == 3
    assert wall.is_all(0)


DRAWN = """
import json, sys, threading
from doubles.centre import at
from doubles.clock import HandClock
from linli.kiosk.window import TerminalWindow  # first: it settles Kivy's settings
from linli.kiosk.flows.views import Home, Link, Reader, Screen, Status

window = TerminalWindow(
    HandClock(), "zh_CN", on_choose=print, on_act=print, on_home=print, on_frame=lambda *_: None
)
shown = Screen(Home("邻里中心"), status=Status(Link.ONLINE, Reader.READY))
drawn = []

def look():
    window.show(shown)
    (width, height, before), _ = window.picture()
    window.shade(0.5)
    window.post(lambda: drawn.append(window.unseen(shown)))
    window.shade(0.0)
    (_, _, after), _ = window.picture()
    stride = 3 * width
    places = [
        (place % stride // 3, height - 1 - place // stride)
        for place in range(len(before))
        if before[place] != drawn[0][2][place]
    ]
    across, down = zip(*places)
    box = (min(across), min(down), max(across), max(down))
    print(json.dumps({"size": [width, height], "same": before == after, "box": box}))
    window.stop()

threading.Thread(target=look).start()
window.run()
"""


def test_what_is_kept_is_what_is_seen_but_the_time_of_day() -> None:
    found = told(DRAWN)
    left, _, _, bottom = found["box"]
    width, height = found["size"]
    assert found["same"], "nobody saw it"
    assert left > width * 0.8
    assert bottom < height * 0.15


SHIFTED = """
import datetime as dt, json, threading
from doubles.clock import HandClock
from doubles.views import board_with_nobody
from doubles.waiting import eventually
from linli.kiosk.board import window as board_window

board_window.ORBIT_S = 0.5
clock = HandClock()
seen, drawn = threading.Event(), []
window = board_window.BoardWindow(
    clock, "zh_CN", size=(1920, 1080), on_frame=lambda *_: None, on_seen=seen.set
)
state = board_with_nobody(clock.now())

def keep():
    before = window._view._away.xy
    drawn.append((window.unseen(state), before, window._view._away.xy))

def look():
    window.show(state)
    seen.wait()
    window.post(keep)
    eventually(lambda: drawn and window._view._away.xy != (0, 0))
    window.post(keep)
    eventually(lambda: len(drawn) == 2)
    (first, *_), (later, before, after) = drawn
    print(json.dumps({"same": first == later, "shifted": [before, after]}))
    window.stop()

threading.Thread(target=look).start()
window.run()
"""


def test_a_board_that_is_shifted_against_burning_in_is_kept_where_a_start_has_it() -> None:
    found = told(SHIFTED)
    assert found["same"]
    before, after = found["shifted"]
    assert before == after != [0, 0], "and nobody saw it move"
