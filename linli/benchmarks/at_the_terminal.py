"""`linli bench terminal`: what people feel at the screen, and what the machine feels of it.

The whole town runs, each window on a screen of its own, drawn in software by one thread. Errands
are done at the terminal, so that every screen opens; then a finger touches ten thousand places by
a seed and lays down cards. The programs are the product's, noting only when they were touched and
when they drew (`watched.py`).
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from linli.benchmarks.figure import Figure, at_least, at_most, percentile
from linli.benchmarks.programs import idle, memory
from linli.benchmarks.screens import Opened, Watched, answers, frames_per_second, opened
from linli.town import world as towns
from linli.town.books import Books
from linli.town.day import Cut, KillBroker, script
from linli.town.errand_player import ErrandPlayer
from linli.town.errands import Line, errands
from linli.town.finger import Finger
from linli.town.fumbling import Fumbler, Touch, complaints
from linli.town.marks import read_marks
from linli.town.pictures import Pictures
from linli.town.play import Player
from linli.town.processes import linli
from linli.town.town import Town, Windows, virtual_windows

SEED, TOUCHES, WARM_TOUCHES = 7, 10_000, 2_000
SIZE = (1280, 800)
TOUCH_MS, OPEN_MS = 50, 150
TAPS = 40
"""Cards that move the board while the terminal is left alone."""
WARM_S, REST_S = 6.0, 15.0
"""Until the terminal has made its screens ready; until it has tidied up after people."""


class WatchedTown(Town):
    """Its windows note when they were touched and when they drew."""

    def watched(self, program: str) -> Path:
        return self.directory / f"{program}.watched"

    def _command(self, name: str, *arguments: str) -> list[str]:
        if name not in ("kiosk", "board"):
            return linli(*arguments)
        watched = "linli.benchmarks.watched"
        return [sys.executable, "-m", watched, str(self.watched(name)), *arguments]


def run(touches: int = TOUCHES) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as name:
        directory = Path(name)
        with virtual_windows(directory) as windows:
            return _town(directory, windows, touches)


def _town(directory: Path, windows: Windows, touches: int) -> list[Figure]:
    world = towns.build(SEED, towns.SATURDAY, past_days=towns.VISITED)
    town = WatchedTown(directory / "town", world, towns.at(world.day, "08:30"), windows)
    try:
        town.start()
        time.sleep(WARM_S)
        _say("a day's errands")
        _play(town)
        _leave(town)
        resting = [
            at_most(f"{name}: idle", idle(child.process.pid), "% of a core", 3)
            for name, child in (("terminal", town.kiosk), ("board", town.board))
        ]
        felt, grown = _fumble(town, windows.kiosk_display or "", touches)
        memories = [
            at_most("terminal: memory (PSS)", memory(town.kiosk.process.pid), "MB", 190),
            at_most("board: memory (PSS)", memory(town.board.process.pid), "MB", 150),
        ]
    finally:
        town.stop()
    wrong = complaints(town.kiosk.log)
    _say("\n".join(wrong[:5]))
    moved = frames_per_second(Watched.read(town.watched("board")).flips)
    answered = answers(felt, Watched.read(town.watched("kiosk")))
    _say(f"{len(answered)} of {touches} touches changed something")
    return [
        at_most(
            "touch → first changed frame, p99", percentile(answered, 99) * 1000, "ms", TOUCH_MS
        ),
        *_opening(opened(read_marks(town.trace("kiosk")))),
        at_most(f"exceptions in {touches} random touches", len(wrong), "", 0),
        at_most("terminal: growth meanwhile (PSS)", grown, "MB", 5),
        *memories,
        *resting,
        at_least("board: movement at 1080p", moved, "frames/s", 24),
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


def _fumble(town: Town, display: str, touches: int) -> tuple[list[Touch], float]:
    """The touches, and the MB by which the terminal has grown since it was warm."""
    warm = min(WARM_TOUCHES, touches // 5)
    with Finger(display) as finger:
        fumbler = Fumbler(town, finger, SIZE, SEED)
        _say(f"{touches} random touches")
        felt = fumbler.touch(warm)
        _leave(town)
        before = memory(town.kiosk.process.pid)
        felt += fumbler.touch(touches - warm)
        _leave(town)
    return felt, memory(town.kiosk.process.pid) - before


def _leave(town: Town) -> None:
    """Nobody is there any more, and the terminal has tidied up."""
    town.kiosk_control.do("home")
    time.sleep(REST_S)


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
