"""`linli demo`: the town with a person at the screen, or a seeded day played without one."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from linli.sync.periods import SHANGHAI
from linli.town import world as towns
from linli.town.books import Books
from linli.town.day import script
from linli.town.errand_player import Done, ErrandPlayer
from linli.town.errands import errands
from linli.town.guest import Guest
from linli.town.hand import Hand
from linli.town.marks import DayMarks
from linli.town.page_pictures import PagePictures
from linli.town.pictures import Pictures
from linli.town.play import Player
from linli.town.report import Report, applied_up_to, report
from linli.town.town import Town, Windows, virtual_windows
from linli.town.upkeep import Kept, Upkeep
from linli.town.waiting import eventually
from linli.town.welcome import for_maintainers, welcome, what_a_hand_knows

APPLIED_S = 30.0
"""How long the ledger may take to catch up at the end of the day."""
OPENING = "14:35"
"""The town's time when a person comes to play: three activities are open."""


@dataclass(frozen=True)
class Plan:
    """`keep` is where disks and logs go at the end, None for nowhere."""

    taps: int
    seed: int
    out: Path
    keep: Path | None = None
    upkeep: bool = True
    """Whether five more terminals are there, and are looked after."""


def play_day(plan: Plan, said: Callable[[str], None]) -> Report:
    """A seeded Saturday under Xvfb, pictures in `plan.out`. Raises TownError, ValueError."""
    people = max(300, plan.taps * 3 // 2)
    world = towns.build(plan.seed, towns.SATURDAY, people, past_days=towns.VISITED)
    plan.out.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="linli-town-"))
    try:
        with virtual_windows(directory) as windows:
            return _play(plan, world, directory, windows, said)
    finally:
        if plan.keep is not None:
            _keep(directory, plan.keep)
        shutil.rmtree(directory, ignore_errors=True)


def _keep(directory: Path, to: Path) -> None:
    """What the town wrote: files, no sockets and no lines."""
    for path in directory.rglob("*"):
        if path.is_file() and not path.is_symlink():
            copy = to / path.relative_to(directory)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def _play(
    plan: Plan, world: towns.World, directory: Path, windows: Windows, said: Callable[[str], None]
) -> Report:
    town = Town(directory, world, towns.at(world.day, "08:30"), windows, others=plan.upkeep)
    try:
        said("starting ledger, broker, terminal and board")
        town.start()
        opening = town.clock.now()
        with contextlib.closing(Books(town.ledger_db)) as books:
            taps, done, kept = _play_through(plan, town, books, said)
            came = books.came(opening)
        said("counting")
        town.stop()
        marks = DayMarks(town.trace("kiosk"), town.trace("board"))
        counted = report(
            town.terminal_db,
            town.ledger_db,
            world.activities,
            marks,
            taps,
            towns.TERMINAL,
        )
        return counted.with_errands(done, came).with_upkeep(kept)
    finally:
        town.stop()


def _play_through(
    plan: Plan, town: Town, books: Books, said: Callable[[str], None]
) -> tuple[int, list[Done], list[Kept]]:
    """The taps, counted, the errands, and how the terminals were looked after. What has not arrived
    in time is missing in the report."""
    world, pictures = town.world, Pictures(town, plan.out)
    people = ErrandPlayer(town, books, pictures, said)
    player = Player(town, pictures, said, people.do)
    upkeep = Upkeep(town, PagePictures(town.url, plan.out), said, Guest(town))
    if plan.upkeep:
        upkeep.begin()
    said(f"playing {plan.taps} taps of a seeded Saturday (seed {plan.seed}), and errands")
    player.play(script(world, plan.taps), errands(world))
    done = people.finish()
    terminal_db, ledger_db = town.terminal_db, town.ledger_db
    eventually(lambda: applied_up_to(terminal_db, ledger_db, towns.TERMINAL), APPLIED_S)
    eventually(town.board_is_up_to_date, APPLIED_S)
    player.evening()
    kept = upkeep.finish() if plan.upkeep else []
    return player.taps, done, kept


def open_pages(seed: int, said: Callable[[str], None]) -> NoReturn:
    """Keep the town open without a display, for its pages, until it is told to stop."""
    world = towns.build(seed, dt.datetime.now(SHANGHAI).date(), past_days=towns.VISITED)
    directory = Path(tempfile.mkdtemp(prefix="linli-town-"))
    try:
        with virtual_windows(directory) as windows:
            now = towns.at(world.day, OPENING)
            town = Town(directory, world, now, windows, others=True)
            try:
                said("starting ledger, broker, terminals and board")
                town.start()
                said(welcome(town.url))
                said(for_maintainers(town.releases.offer(now)))
                said("  Ctrl-C ends the town.")
                while True:
                    town.check_alive()
                    time.sleep(0.5)
            finally:
                town.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def open_town(seed: int, said: Callable[[str], None]) -> None:
    """Keep the town open on the person's own display until the terminal's window is closed."""
    world = towns.build(seed, dt.datetime.now(SHANGHAI).date(), past_days=towns.VISITED)
    directory = Path(tempfile.mkdtemp(prefix="linli-town-"))
    windows = Windows(
        kiosk_at=(40, 40),
        board_at=(160, 120),
        borderless=False,
        strip=True,
        board_size=(1280, 720),
    )
    now = towns.at(world.day, OPENING)
    town = Town(directory, world, now, windows, others=True)
    hand = Hand(town)
    try:
        said("starting ledger, broker, terminals and board")
        town.start()
        said("Tap a card in the strip below the terminal, or press 1–9. Ctrl-C ends the town.")
        said(what_a_hand_knows(world))
        said(welcome(town.url))
        said(for_maintainers(town.releases.offer(now)))
        while town.keep_kiosk() and town.board.alive():
            time.sleep(0.3)
    finally:
        hand.close()
        town.stop()
        shutil.rmtree(directory, ignore_errors=True)
