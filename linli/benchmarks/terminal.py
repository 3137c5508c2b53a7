"""`linli bench terminal`: what people feel at the screen, and what the machine feels of it.

The whole town runs, each window on a screen of its own, drawn in software by one thread. Errands
are done at the terminal, so that every screen opens; then a finger touches ten thousand places by
a seed and lays down cards. The programs are the product's, noting only when they were touched and
when they drew (`watched.py`).
"""

from __future__ import annotations

import compileall
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from linli.benchmarks.chromium import PAGE, Chromium
from linli.benchmarks.figure import Figure, at_least, at_most, percentile, ratio_at_most, rise
from linli.benchmarks.programs import first_frame, idle, memory, own_memory
from linli.benchmarks.screens import Opened, Watched, answers, frames_per_second, opened
from linli.benchmarks.sight import Sight
from linli.town import world as towns
from linli.town.books import Books
from linli.town.day import Cut, KillBroker, script
from linli.town.errand_player import ErrandPlayer
from linli.town.errands import Line, errands
from linli.town.finger import Finger
from linli.town.fumbling import Fumbler, Touch, complaints
from linli.town.guest import READ_S
from linli.town.marks import read_marks
from linli.town.pictures import Pictures
from linli.town.play import Player
from linli.town.processes import Child, VirtualDisplay, linli
from linli.town.town import Town, Windows

PACKAGE = Path(__file__).parents[1]
SEED, TOUCHES, WARM_TOUCHES = 7, 10_000, 6_000
"""Warm after so many, by a run of 16,000: until then each screen is used in both sizes of type, and
the glyphs and pictures that are kept of each come."""
WINDOWS = 4
"""Of touches after the warm ones, with a look at the memory after each: from two looks alone nobody
can tell what grows from what happens to be there."""
SIZE, BOARD_SIZE = (1280, 800), (1920, 1080)
CALLED = {"kiosk": "terminal", "board": "board"}
TOUCH_MS, OPEN_MS, RESTARTED_S = 50, 150, 5
CALM, CALMER = 2000, 6
"""Touches at which the answers are timed, and how much more time is left to each: 0.15 s, still
quicker than a person. The hasty ones come before the screens can be drawn."""
TAPS = 40
"""Cards that move the board while the terminal is left alone."""
WARM_S, HEARD_S, REST_S = 8.0, 3.0, 50.0
"""Until the terminal has made its screens ready; until all has heard of what was done last; until
the terminal has tidied up after people, and the board has turned some pages."""


class WatchedTown(Town):
    """Its windows note when they were touched and when they drew."""

    def __init__(
        self, directory: Path, world: towns.World, now: dt.datetime, windows: Windows
    ) -> None:
        super().__init__(directory, world, now, windows)
        self._plain = False
        self.quiet: list[tuple[float, float]] = []
        """Spans of monotonic time in which nobody touched anything."""

    def watched(self, program: str) -> Path:
        return self.directory / f"{program}.watched"

    def _command(self, name: str, *arguments: str) -> list[str]:
        if self._plain or name not in ("kiosk", "board"):
            return linli(*arguments)
        watched = "linli.benchmarks.watched"
        return [sys.executable, "-m", watched, str(self.watched(name)), *arguments]

    def again(self, name: str, display: str) -> Child:
        """The same program started once more, just as it is, with nothing on its screen but
        itself."""
        getattr(self, name).stop()
        self._plain = True
        size = () if name == "kiosk" else ("--size", "x".join(map(str, BOARD_SIZE)))
        settings = self.directory / ("terminal.toml" if name == "kiosk" else "board.toml")
        return self._window(name, settings, display, (0, 0), *size)


@dataclass(frozen=True)
class Screen:
    """A virtual screen, and what is seen on it."""

    display: str
    sight: Sight


@contextmanager
def _screen(directory: Path, name: str, size: tuple[int, int]) -> Iterator[Screen]:
    seen_in = directory / name
    seen_in.mkdir()
    width, height = size
    log = directory / f"{name}-display.log"
    with (
        VirtualDisplay(log, f"{width}x{height}x24", seen_in) as display,
        closing(Sight(seen_in)) as sight,
    ):
        yield Screen(display.name, sight)


def run(touches: int = TOUCHES) -> list[Figure]:
    # As they are installed: a checkout whose files nobody may write would compile at each start.
    compileall.compile_dir(PACKAGE, quiet=1)
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as name:
        directory = Path(name)
        with (
            _screen(directory, "kiosk", SIZE) as kiosk,
            _screen(directory, "board", BOARD_SIZE) as board,
        ):
            return _town(directory, kiosk, board, touches)


def _town(directory: Path, kiosk: Screen, board: Screen, touches: int) -> list[Figure]:
    windows = Windows(kiosk.display, board.display)
    world = towns.build(SEED, towns.SATURDAY, past_days=towns.VISITED)
    town = WatchedTown(directory / "town", world, towns.at(world.day, "08:30"), windows)
    try:
        town.start()
        time.sleep(WARM_S)
        _say("a day's errands")
        _play(town)
        _leave(town)
        took = idle([town.kiosk.process.pid, town.board.process.pid])
        resting = [
            at_most(f"{name}: idle", part, "% of a core", 3)
            for name, part in zip(("terminal", "board"), took, strict=True)
        ]
        _say("\n".join(f"{figure.name}: {figure.value} {figure.unit}" for figure in resting))
        felt, grown = _fumble(town, kiosk.display, touches)
        page = f"{town.url}/board/{towns.SCOPE}"
        costs = [
            *_beside_chromium(town, "kiosk", kiosk, SIZE, PAGE, 190),
            *_beside_chromium(town, "board", board, BOARD_SIZE, page, 150),
        ]
        _say("\n".join(f"{figure.name}: {figure.value} {figure.unit}" for figure in costs))
    finally:
        town.stop()
    wrong = complaints(town.kiosk.log)
    _say("\n".join(wrong[:5]))
    flips = Watched.read(town.watched("board")).flips
    moved = frames_per_second(
        [at for at in flips if any(began <= at <= ended for began, ended in town.quiet)]
    )
    answered = answers(felt, Watched.read(town.watched("kiosk")))
    slowest = ", ".join(f"{took * 1000:.0f}" for took in sorted(answered)[-5:])
    _say(f"{len(answered)} of {len(felt)} calm touches changed something; slowest: {slowest} ms")
    return [
        at_most(
            "touch → first changed frame, p99", percentile(answered, 99) * 1000, "ms", TOUCH_MS
        ),
        *_opening(opened(read_marks(town.trace("kiosk")))),
        at_most(f"exceptions in {touches} random touches", len(wrong), "", 0),
        at_most("terminal: growth over them (its own memory)", grown, "MB", 5),
        *costs,
        *resting,
        at_least("board: a page turns, 1080p", moved, "frames/s", 24),
    ]


def _play(town: Town) -> None:
    """Cards and errands of the seeded day that need no cut."""
    steps = [s for s in script(town.world, TAPS) if not isinstance(s.action, Cut | KillBroker)]
    matters = [errand for errand in errands(town.world) if errand.line is not Line.CUT]
    with closing(Books(town.ledger_db)) as books:
        pictures = Pictures(town, None)
        player = ErrandPlayer(town, books, pictures, _say)
        Player(town, pictures, _say, player.do).play(steps, matters)
        player.finish()


def _fumble(town: WatchedTown, display: str, touches: int) -> tuple[list[Touch], float]:
    """Calm touches, and the MB by which the terminal grows with the hasty ones once it is warm: the
    slope through several looks, each after it has tidied up."""
    warm = min(WARM_TOUCHES, touches)
    with Finger(display) as finger:
        _say(f"{CALM} calm touches, then {warm} and {touches} hasty ones")
        calm = Fumbler(town, finger, SIZE, SEED, lambda s: time.sleep(s * CALMER)).touch(CALM)
        fumbler = Fumbler(town, finger, SIZE, SEED + 1)
        fumbler.touch(warm)
        _leave(town)
        looks = [_look(town)]
        for _ in range(WINDOWS):
            fumbler.touch(touches // WINDOWS)
            _leave(town)
            looks.append(_look(town))
    return calm, rise(looks)


def _look(town: WatchedTown) -> float:
    mine = own_memory(town.kiosk.process.pid)
    _say(f"the terminal's own memory: {mine:.1f} MB")
    return mine


def _beside_chromium(
    town: WatchedTown, name: str, screen: Screen, size: tuple[int, int], url: str, most_mb: float
) -> list[Figure]:
    """The memory of a program that was used, and its start; then those of a browser that shows the
    same, one after the other on the same screen."""
    called = CALLED[name]
    used = memory(getattr(town, name).process.pid)
    again = town.again(name, screen.display)
    start = screen.sight.meaningful_after(again.started)
    own = first_frame(town.trace(name), again.started)
    again.stop()
    browser = Chromium(town.directory, screen.display, screen.sight, size)
    browser_start, browser_used = browser.cost(url)
    peer = "Chromium, kiosk mode"
    return [
        at_most(f"{called}: memory (PSS)", used, "MB", most_mb),
        ratio_at_most(f"{called}: memory", used, "MB", peer, browser_used, 0.5),
        ratio_at_most(
            f"{called}: start → first meaningful frame", start, "s", peer, browser_start, 0.5
        ),
        at_most(f"{called}: start → first frame of its own window", own, "s", RESTARTED_S),
    ]


def _leave(town: WatchedTown) -> None:
    """Nobody is there any more, and the terminal has tidied up; the board has its processor."""
    time.sleep(READ_S)  # a touch right after a screen has changed belongs to the one before
    town.kiosk_control.do("home")
    time.sleep(HEARD_S)
    began = time.monotonic()
    time.sleep(REST_S)
    town.quiet.append((began, time.monotonic()))


def _opening(screens: Opened) -> list[Figure]:
    """The slowest screen of all, the first time and 99 times of a hundred."""
    first = max(screens.first, key=lambda view: screens.first[view])
    later = {view: percentile(times, 99) for view, times in screens.later.items()}
    slow = max(later, key=lambda view: later[view])
    for view, took in sorted(screens.first.items()):
        again = (
            f"{later[view] * 1000:.0f} ms of {len(screens.later[view])}" if view in later else "–"
        )
        _say(f"{view}: first {took * 1000:.0f} ms, later p99 {again}")
    count = len(screens.first)
    return [
        at_most(
            f"{count} screens, first opening: slowest ({first})",
            screens.first[first] * 1000,
            "ms",
            OPEN_MS,
        ),
        at_most(
            f"{count} screens, later: slowest ({slow}), p99", later[slow] * 1000, "ms", OPEN_MS
        ),
    ]


def _say(line: str) -> None:
    if line:
        print(line, file=sys.stderr, flush=True)
