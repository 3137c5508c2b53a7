"""`linli bench tap`: from the card to the disk, the screen and the board.

Commits are measured side by side with a bare `sqlite3` insert of the same durability; frames with
a Kivy program that has nothing of ours; the rest against fixed limits. One run, one machine.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from linli.benchmarks.figure import Figure, at_most, percentile, ratio_at_most
from linli.benchmarks.filled_terminal import filled_terminal
from linli.benchmarks.programs import first_frame
from linli.town import world as towns
from linli.town.day import Cut, KillBroker, script
from linli.town.marks import DayMarks
from linli.town.pictures import Pictures
from linli.town.play import Player
from linli.town.report import moments_and_records
from linli.town.town import Town, Windows, virtual_windows

SEED, TAPS, COMMITS = 7, 120, 300
WARM_S = 5.0
IN_A_ROW = 20
"""Taps before the terminal has a quiet moment."""
BODY = b"x" * 460
"""As long as a check-in's envelope."""


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as name:
        directory = Path(name)
        with virtual_windows(directory) as windows:
            peer = _kivy_peer(directory, windows.kiosk_display or "")
            return [
                _commits(directory),
                *_terminal(directory, windows, peer),
                _board(directory, windows),
            ]


def _commits(directory: Path) -> Figure:
    """Attendant's tap → committed, each followed by the bare insert of one row of like size. Both
    keep their log short: the peer by SQLite's automatic checkpoints, ours in quiet moments."""
    with (
        filled_terminal(directory / "commit", SEED, 2 * COMMITS) as bench,
        _bare(directory) as bare,
    ):
        ours, theirs = [], []
        for number, seen in enumerate(bench.taps(COMMITS), 1):
            ours.append(bench.committed(seen))
            began = time.perf_counter()
            bare.execute("INSERT INTO event (body) VALUES (?)", (BODY,))
            bare.commit()
            theirs.append(time.perf_counter() - began)
            if number % IN_A_ROW == 0:
                bench.quiet()
    return ratio_at_most(
        "tap → committed, p50",
        percentile(ours, 50) * 1000,
        "ms",
        "bare sqlite3 insert",
        percentile(theirs, 50) * 1000,
        3,
    )


@contextmanager
def _bare(directory: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(directory / "bare.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY, body BLOB)")
    connection.commit()
    try:
        yield connection
    finally:
        connection.close()


def _kivy_peer(directory: Path, display: str) -> float:
    """p99 from a thread's wish to the flip that shows it, in bare Kivy. Seconds."""
    out = directory / "peer.txt"
    environment = {**os.environ, "DISPLAY": display, "LP_NUM_THREADS": "1"}
    subprocess.run(
        [sys.executable, "-m", "linli.benchmarks.kivy_peer", str(out)],
        env=environment,
        check=True,
        timeout=120,
    )
    return percentile([float(line) for line in out.read_text().split()], 99)


def seeded_town(directory: Path, windows: Windows) -> Town:
    world = towns.build(SEED, towns.SATURDAY)
    return Town(directory, world, towns.at(world.day, "08:30"), windows)


def play(town: Town) -> None:
    """The seeded day without cuts."""
    steps = [s for s in script(town.world, TAPS) if not isinstance(s.action, Cut | KillBroker)]
    Player(town, Pictures(town, None), lambda _: None).play(tuple(steps))


def _board(directory: Path, windows: Windows) -> Figure:
    """The whole town: reader, terminal, broker, ledger, board."""
    town = seeded_town(directory / "town", windows)
    try:
        town.start()
        play(town)
    finally:
        town.stop()
    marks = DayMarks(town.trace("kiosk"), town.trace("board"))
    told = moments_and_records(town.terminal_db, town.ledger_db)
    moved = percentile(marks.board_moves(*told), 99) * 1000
    return at_most("tap → board moved, p99", moved, "ms", 250)


def _terminal(directory: Path, windows: Windows, peer: float) -> list[Figure]:
    """The terminal with the screen to itself, as its peer has it: the board's program sleeps."""
    town = seeded_town(directory / "alone", windows)
    try:
        town.start()
        town.board.process.send_signal(signal.SIGSTOP)
        time.sleep(WARM_S)
        play(town)
        first = first_frame(town.trace("kiosk"), town.kiosk.started)
        town.board.process.send_signal(signal.SIGCONT)
    finally:
        town.stop()
    frame = percentile(DayMarks(town.trace("kiosk"), town.trace("board")).frames(), 99) * 1000
    return [
        ratio_at_most("tap → first frame, p99", frame, "ms", "Kivy's own frame", peer * 1000, 2),
        at_most("terminal: start → first frame", first, "s", 1.5),
    ]
