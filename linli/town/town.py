"""The whole town on one machine: ledger, broker, terminal, board, cards; no hardware.

Everything runs as it would in a centre, as programs of their own speaking real protocols; only
the chips of reader, locker and printer, and the cards, are simulated, below the real drivers.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from linli.devices.simulated.firmware import FirmwareError
from linli.devices.simulated.printer import SimulatedPrinter
from linli.devices.simulated.reader import SimulatedReader
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.kiosk.supervisor.restarts import ASKED_CODE
from linli.ledger.people.key_file import load_or_make
from linli.sync.broker import Broker
from linli.sync.record.keys import NoteKey
from linli.sync.signing import load_or_make_key
from linli.town import settings_files
from linli.town import world as towns
from linli.town.belongings import take_down
from linli.town.cable import Cable
from linli.town.cards import physical
from linli.town.clock import TownClock
from linli.town.followed import newest_change, position
from linli.town.outposts import NAMES, Outpost, data_of
from linli.town.processes import Child, VirtualDisplay, linli
from linli.town.programs import Programs, TownError, wait_for
from linli.town.settle import settle

if TYPE_CHECKING:
    from linli.town.releases import Releases

LEDGER_NICE = 5
"""A town's ledger runs elsewhere: here it must not take the terminal's processor."""
LOCKER = "locker"
"""The terminal board's port, in the town's directory."""


@dataclass(frozen=True)
class Windows:
    """How the two windows are shown: on which X displays (None for the caller's own), and where
    on them."""

    kiosk_display: str | None = None
    board_display: str | None = None
    kiosk_at: tuple[int, int] = (0, 0)
    board_at: tuple[int, int] = (0, 0)
    borderless: bool = True
    strip: bool = False
    board_size: tuple[int, int] = (1920, 1080)


@contextlib.contextmanager
def virtual_windows(directory: Path) -> Iterator[Windows]:
    """A virtual screen for each window, as a centre has two: on one they would wait for each
    other's frames. Raises FileNotFoundError without Xvfb."""
    with (
        VirtualDisplay(directory / "kiosk-display.log", "1280x800x24") as kiosk,
        VirtualDisplay(directory / "board-display.log", "1920x1080x24") as board,
    ):
        yield Windows(kiosk.name, board.name)


class Town:
    """Start it, tap cards in `reader.field`, visit the pages at `url`, stop it. `stop` leaves no
    process and no socket. With `others` there are five more terminals, without a window, and a
    place where new versions are released for them."""

    def __init__(
        self,
        directory: Path,
        world: towns.World,
        now: dt.datetime,
        windows: Windows,
        *,
        others: bool = False,
    ) -> None:
        self.directory = directory
        self.world = world
        self.windows = windows
        directory.mkdir(parents=True, exist_ok=True)
        self.clock = TownClock.create(directory / "clock", now)
        self.ledger_db = directory / "ledger.db"
        self.terminal_db = directory / "terminal" / "terminal.db"
        self.cards = {p.account: physical(p.card) for p in world.people}
        self.kiosk: Child
        self.releases: Releases
        self.outposts: tuple[Outpost, ...] = ()
        self._others = NAMES if others else ()
        self._ending = contextlib.ExitStack()
        self._programs = Programs(directory, self._command, self._ending)

    def start(self) -> None:
        """Bring everything up. Raises TownError; whatever was started is stopped by `stop`."""
        self._settle()
        self.broker = Broker(self.directory / "broker")
        self._ending.callback(self.broker.stop)
        self.broker.start()
        http = free_port()
        self.url = f"http://127.0.0.1:{http}"
        self.ledger = self._programs.begin(
            "ledger",
            *("ledger", "serve", "--database", str(self.ledger_db)),
            *("--broker", f"127.0.0.1:{self.broker.port}", "--port", str(http)),
            *("--record-key", str(self.directory / "record.key"), "--origin", towns.ORIGIN),
            *("--person-keys", str(self.directory / "person.keys"), "--public-url", self.url),
            nice=LEDGER_NICE,
        )
        wait_for(self.ledger, lambda: _healthy(http))
        self.cables = (Cable(self.broker.port), Cable(http))
        for cable in self.cables:
            self._ending.callback(cable.close)
        self.reader = SimulatedReader(self.directory / "reader")
        self._ending.callback(self.reader.close)
        self.locker = self._terminal_board()
        self._ending.callback(self.locker.close)
        self.printer = SimulatedPrinter(self.directory / "printer")
        self._ending.callback(self.printer.close)
        self._write_settings(http)
        self._start_windows()
        if self._others:
            self._start_others(http)

    def stop(self) -> None:
        self._ending.close()

    def cut_cable(self) -> None:
        """The terminal loses broker and ledger; the board keeps its own line."""
        for cable in self.cables:
            cable.cut()

    def mend_cable(self) -> None:
        for cable in self.cables:
            cable.mend()

    def check_alive(self) -> None:
        """Raises TownError naming the first program that went away."""
        there = {self.ledger: self.ledger.alive(), self.board: self.board.alive()}
        for child, alive in {**there, self.kiosk: self.keep_kiosk()}.items():
            if not alive:
                raise TownError(f"{child.name} went away:\n{child.last_words()}")

    def keep_kiosk(self) -> bool:
        """Whether the terminal's program runs. It is started again where it ended for that, as with
        other settings: a town is its own supervisor. Raises TownError."""
        if not self.kiosk.alive() and self.kiosk.process.returncode == ASKED_CODE:
            self.kiosk = self._kiosk_window()
            self.kiosk_control = self._programs.control(self.kiosk)
            return True
        return self.kiosk.alive()

    def board_is_up_to_date(self) -> bool:
        """Whether the board has every change that the ledger has made."""
        newest = newest_change(self.ledger_db, towns.SCOPE)
        return newest == position(self.directory / "board" / "board.db")

    def trace(self, program: str) -> Path:
        return self.directory / f"{program}.trace"

    # --- parts -------------------------------------------------------------------------------

    def _settle(self) -> None:
        keys = {
            towns.TERMINAL: load_or_make_key(_made(self.directory / "terminal") / "terminal.key"),
            towns.BOARD: load_or_make_key(_made(self.directory / "board") / "board.key"),
        }
        for name in self._others:
            keys[name] = load_or_make_key(_made(data_of(self.directory, name)) / "terminal.key")
        record_key = load_or_make_key(self.directory / "record.key")
        now = self.clock.now()
        settle(self.world, self.ledger_db, now, keys, record_key)
        ring = load_or_make(self.directory / "person.keys", now.date())
        take_down(self.ledger_db, self.world, ring, now)

    def _write_settings(self, http: int) -> None:
        broker, web = self.cables
        plugged_in = settings_files.plugged_in(self.locker.path, self.printer.path)
        terminal = settings_files.of_terminal(
            towns.TERMINAL,
            self.directory / "terminal",
            settings_files.connection(broker.port, web.port) + plugged_in,
            self.reader.path,
            settings_files.pages(http, str(self._record_key())),
        )
        (self.directory / "terminal.toml").write_text(terminal, encoding="utf-8")
        line = settings_files.connection(self.broker.port, http)
        board = settings_files.of_board(self.directory / "board", line)
        (self.directory / "board.toml").write_text(board, encoding="utf-8")

    def _start_others(self, http: int) -> None:
        # What signs releases takes a while to load, and most towns have none.
        from linli.town.releases import FALLS, PROBATION_S, Releases

        self.releases = Releases(self.directory / "releases")
        self._ending.callback(self.releases.close)
        self.releases.start(self.clock.now())
        tables = settings_files.connection(self.broker.port, http)
        tables += settings_files.releases(self.releases.url, self.releases.root, PROBATION_S)
        for name in self._others:
            data = data_of(self.directory, name)
            settings = settings_files.of_terminal(name, data, tables)
            falls = {FALLS: "1"} if name == self._others[-1] else {}
            outpost = Outpost(data, name, settings, self.directory / "clock", falls)
            self._ending.callback(outpost.close)
            outpost.start()
            self.outposts += (outpost,)

    def _terminal_board(self) -> SimulatedBoard:
        try:
            return SimulatedBoard(self.directory / LOCKER, towns.DOORS)
        except FirmwareError as error:
            raise TownError(str(error)) from error

    def _record_key(self) -> NoteKey:
        return NoteKey.of(towns.ORIGIN, load_or_make_key(self.directory / "record.key"))

    def _start_windows(self) -> None:
        windows = self.windows
        board = self.directory / "board.toml"
        self.kiosk = self._kiosk_window()
        size = ("--size", "x".join(map(str, windows.board_size)))
        self.board = self._window("board", board, windows.board_display, windows.board_at, *size)
        wait_for(self.kiosk, lambda: position(self.directory / "terminal" / "replica.db") > 0)
        wait_for(self.board, lambda: position(self.directory / "board" / "board.db") > 0)
        self.kiosk_control = self._programs.control(self.kiosk)
        self.board_control = self._programs.control(self.board)

    def _kiosk_window(self) -> Child:
        windows, settings = self.windows, self.directory / "terminal.toml"
        strip = ("--strip", str(self.directory / "hand.sock")) if windows.strip else ()
        return self._window("kiosk", settings, windows.kiosk_display, windows.kiosk_at, *strip)

    def _window(
        self,
        name: str,
        settings: Path,
        display: str | None,
        place: tuple[int, int],
        *more: str,
    ) -> Child:
        left, top = place
        environment = {
            "KCFG_GRAPHICS_POSITION": "custom",
            "KCFG_GRAPHICS_LEFT": str(left),
            "KCFG_GRAPHICS_TOP": str(top),
            "KCFG_GRAPHICS_BORDERLESS": "1" if self.windows.borderless else "0",
            "LP_NUM_THREADS": "1",
        }
        if display is not None:
            environment |= {"DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        return self._programs.begin(
            name,
            *(name, "--settings", str(settings)),
            *("--trace", str(self.trace(name))),
            *("--control", str(self.directory / f"{name}.sock")),
            *more,
            environment=environment,
        )

    def _command(self, name: str, *arguments: str) -> list[str]:
        """The command line of the program that is called `name` here."""
        return linli(*arguments)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _healthy(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).ok
    except requests.RequestException:
        return False


def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path
