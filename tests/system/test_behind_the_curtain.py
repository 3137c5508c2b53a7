"""The kept picture on a real screen: there before the window, gone with its first frame."""

from __future__ import annotations

import json
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
from linli.kiosk.curtain.hanging import Curtain, hang
from linli.kiosk.curtain.picture import picture_in, write
from linli.sync.periods import business_day
from linli.town.processes import VirtualDisplay
from tests.system.kiosk_at_work import kiosk_at_work

ROOT = Path(__file__).parents[2]
NOW = at("09:05")
WIDTH, HEIGHT = 1280, 800
GREY, DARK = 0x55, 0x22
"""Of all three colours of each pixel: nothing of ours is so."""
HANG = """
import sys, time
from pathlib import Path
from doubles.centre import at
from linli.kiosk.curtain.hanging import hang
hang(Path(sys.argv[1]), at("09:05"))
time.sleep(60)
"""


class Wall:
    """A virtual screen, and what programs on it are told."""

    def __init__(self, display: str, sight: Sight) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        self._sight = sight

    def is_all(self, shade: int) -> bool:
        return set(self._sight.look()) == {shade}

    def hang(self, data: Path) -> Curtain:
        return hang(data, NOW, self.environment)


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
    write(picture_in(data), (WIDTH, HEIGHT, pixels), business_day(NOW))
    return data


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
        [sys.executable, "-c", HANG, str(tmp_path / "data")],
        env={**wall.environment, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests")))},
    )
    eventually(lambda: wall.is_all(GREY))
    program.kill()
    program.wait()
    eventually(lambda: wall.is_all(0))


def test_a_picture_for_another_screen_is_not_shown(wall: Wall, tmp_path: Path) -> None:
    large = (WIDTH + 1, HEIGHT, bytes([GREY]) * (3 * (WIDTH + 1) * HEIGHT))
    write(picture_in(tmp_path), large, business_day(NOW))
    curtain = wall.hang(tmp_path)
    eventually(lambda: not curtain.is_hanging)
    assert wall.is_all(0)


def test_a_terminal_starts_behind_its_picture_and_takes_it_away(wall: Wall, tmp_path: Path) -> None:
    with kiosk_at_work(tmp_path) as kiosk:
        keep(kiosk.data, GREY)
        kiosk.start([sys.executable, "-m", "linli", "kiosk", *kiosk.arguments], wall.environment)
        eventually(lambda: wall.is_all(GREY))
        assert kiosk.homes() == 0
        kiosk.comes_home(1)
        eventually(lambda: not wall.is_all(GREY))
        assert not kiosk.outer.children()
        kiosk.tap("r-1")


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
    window.post(lambda: drawn.append(window.unseen(shown)))
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


def test_what_is_kept_is_what_is_seen_but_the_time_of_day(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRAWN],
        env={
            **os.environ,
            "SDL_VIDEODRIVER": "offscreen",
            "LP_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "tests"))),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    left, _, _, bottom = found["box"]
    width, height = found["size"]
    assert found["same"], "nobody saw it"
    assert left > width * 0.8
    assert bottom < height * 0.15
