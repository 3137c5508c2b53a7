"""Which checks a terminal has, by its settings: from outside, where each device is opened for its
check, and from inside the running terminal, where those in use are asked."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from linli.assets.build_fonts import TARGET as FONTS
from linli.devices.host.readings import Readings, read, room
from linli.devices.lockers.base import Locker
from linli.devices.lockers.smp_board import SmpLocker
from linli.devices.printers.base import Printer
from linli.devices.programs import Run, run
from linli.devices.sound.aplay import Aplay
from linli.devices.sound.mixer import Mixer
from linli.firmware_bridge.board import Board
from linli.kiosk.doctor.check import Check, run_all
from linli.kiosk.doctor.computer import ClockCheck, DisplayCheck, FontsCheck, PowerCheck
from linli.kiosk.doctor.finding import Finding, Subject
from linli.kiosk.doctor.lockers import LockerCheck, NotSetCheck, Opened
from linli.kiosk.doctor.owned import PluggedInCheck, hindrance, holding
from linli.kiosk.doctor.person import Nobody, Person
from linli.kiosk.doctor.printers import PrinterCheck
from linli.kiosk.doctor.reaching import BrokerCheck, LedgerCheck, NetworkCheck
from linli.kiosk.doctor.readers import NoReaderCheck, ReaderCheck, RunningReadersCheck
from linli.kiosk.doctor.sound import SoundCheck
from linli.kiosk.doctor.storage import DatabaseCheck, DiskCheck, SavingCheck
from linli.kiosk.peripherals.plugged_in import locker_at, printer_at
from linli.kiosk.peripherals.readers import paths_of, readers_of
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.store.database import FILE as DATABASE
from linli.sync.clock import Clock

ROOT = Path("/")


@dataclass(frozen=True)
class Around:
    """The computer as the checks see it."""

    clock: Clock
    root: Path = ROOT
    run: Run = run
    installed: Callable[[str], bool] = field(default=lambda program: bool(shutil.which(program)))


@dataclass(frozen=True)
class InUse:
    """What the running terminal has open. `readers` says of each whether it answers, `save`
    records something (see SavingCheck)."""

    readers: Callable[[], Mapping[str, bool]] = dict
    save: Callable[[], None] = lambda: None
    locker: Locker | None = None
    board: Board | None = None
    printer: Printer | None = None


NOTHING_LENT = InUse()


def from_outside(
    settings: TerminalSettings, around: Around, person: Person, *, hardware: bool = True
) -> list[Check]:
    """`hardware` False leaves out what is plugged in."""
    checks = _computer(settings, around)
    if not hardware:
        return checks
    root = around.root
    readers: list[Check] = [
        ReaderCheck(path, reader, person, root)
        for path, reader in zip(paths_of(settings), readers_of(settings), strict=True)
    ]
    return [
        *checks,
        PluggedInCheck(_named(settings), root),
        *(readers or [NoReaderCheck(root)]),
        _locker(settings, root),
        _printer(settings, person, root),
        _sound(settings, around, person),
    ]


def from_inside(settings: TerminalSettings, around: Around, in_use: InUse) -> list[Check]:
    """Nothing is heard and nobody is asked: the menu is silent."""
    locker, printer, root = in_use.locker, in_use.printer, around.root
    checks = [
        *_computer(settings, around, in_use.save),
        RunningReadersCheck(in_use.readers, _reader_paths(settings)),
        _sound(settings, around, Nobody()),
    ]
    if locker is not None:
        opened = (locker, in_use.board)
        checks.append(LockerCheck(lambda: opened, None, root))
    if printer is not None:
        lent = printer
        checks.append(PrinterCheck(lambda: lent, Nobody(), lambda: None, own=False))
    return sorted(checks, key=lambda check: ORDER.index(check.subject))


ORDER = tuple(Subject)


def _computer(
    settings: TerminalSettings, around: Around, save: Callable[[], None] | None = None
) -> list[Check]:
    root, where = around.root, settings.connection
    database = DatabaseCheck(settings.data / DATABASE)

    @cache
    def readings() -> Readings:
        return read(root, lambda what: around.run(["vcgencmd", what]))

    output = settings.display.output if settings.display is not None else None
    return [
        PowerCheck(readings),
        DiskCheck(settings.data, readings, room),
        database if save is None else SavingCheck(save, database),
        FontsCheck(FONTS),
        ClockCheck(around.clock.good, readings),
        NetworkCheck(root),
        BrokerCheck(where.broker_host, where.broker_port),
        LedgerCheck(where.ledger_url, around.clock.now),
        DisplayCheck(root, output),
    ]


def _reader_paths(settings: TerminalSettings) -> list[Path]:
    return [path for path in paths_of(settings) if path is not None]


def _named(settings: TerminalSettings) -> list[Path]:
    parts = (settings.locker, settings.printer)
    return [*_reader_paths(settings), *(part.path for part in parts if part and part.path)]


def _locker(settings: TerminalSettings, root: Path) -> Check:
    which = settings.locker
    if which is None:
        return NotSetCheck(Subject.LOCKER)

    def opened() -> Opened:
        if which.kind == "board":
            board = Board.at(which.path)
            return SmpLocker(board), board
        return locker_at(which, settings.data), None

    return LockerCheck(opened, which.path, root)


def _printer(settings: TerminalSettings, person: Person, root: Path) -> Check:
    which = settings.printer
    if which is None:
        return NotSetCheck(Subject.PRINTER)
    if which.path is not None:
        hindered = partial(hindrance, Subject.PRINTER, which.path, root)
    else:  # it talks to one computer, and to one of its programs, at a time
        hindered = partial(holding, Subject.PRINTER, settings.data / DATABASE, root)
    return PrinterCheck(lambda: printer_at(which), person, hindered, own=True)


def _sound(settings: TerminalSettings, around: Around, person: Person) -> Check:
    which = settings.sound
    if which is None:
        return NotSetCheck(Subject.SOUND)
    mixer, player = Mixer(which.device, around.run), Aplay(which.device)
    return SoundCheck(mixer, player, around.installed, person, around.root)


def diagnose(checks: list[Check], found: Callable[[Finding | None], None]) -> None:
    """On a thread of its own: each finding, and None after the last."""

    def work() -> None:
        run_all(checks, found)
        found(None)

    threading.Thread(target=work, name="self-test", daemon=True).start()
