"""What the settings say is plugged in beside the readers, as the terminal uses it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from linli.assets.words import Words
from linli.devices.lockers.base import Locker
from linli.devices.lockers.rs485_frames import Channel
from linli.devices.lockers.rs485_lock import Rs485Locker
from linli.devices.lockers.smp_board import SmpLocker
from linli.devices.printers.base import Printer as Device
from linli.devices.printers.escpos import EscposPrinter
from linli.devices.printers.slip import Paper
from linli.firmware_bridge.board import Board
from linli.kiosk.flows.views import Screen
from linli.kiosk.peripherals.host_watch import HostWatch, Post
from linli.kiosk.peripherals.lights import BoardLights
from linli.kiosk.peripherals.receipts import Receipts
from linli.kiosk.settings import LockerSettings, PrinterSettings, TerminalSettings

PAPERS = {58: Paper.MM58, 80: Paper.MM80}
RS485_BOARD = 1
"""The address that lock boards have as they are sold."""


@dataclass(frozen=True)
class PluggedIn:
    """None for what is not there. The terminal closes the locker itself."""

    locker: Locker | None = None
    printer: Receipts | None = None
    board: Board | None = None
    lights: BoardLights | None = None
    slips: Device | None = None
    """The printer itself, for whoever asks how it is."""
    host_watch: HostWatch | None = None

    def start(self, post: Post) -> None:
        """`post` has something done in the window's loop, soon."""
        if self.host_watch is not None:
            self.host_watch.start(post)

    def shown(self, screen: Screen) -> None:
        if self.lights is not None:
            self.lights.shown(screen)

    def close(self) -> None:
        for part in (self.host_watch, self.lights, self.printer, self.board):
            if part is not None:
                part.close()


def plug_in(settings: TerminalSettings) -> PluggedIn:
    """Nothing is opened before it is needed. Raises OpeningsFileError where what a lock board
    opened before cannot be read."""
    slips = printer_at(settings.printer) if settings.printer is not None else None
    printer = _receipts(settings, slips) if slips is not None else None
    which = settings.locker
    if which is None:
        return PluggedIn(printer=printer, slips=slips)
    if which.kind == "rs485":
        return PluggedIn(locker_at(which, settings.data), printer, slips=slips)
    board = Board.at(which.path)
    watch = HostWatch(board) if which.watches_host else None
    return PluggedIn(SmpLocker(board), printer, board, BoardLights(board), slips, watch)


def locker_at(which: LockerSettings, data: Path) -> Locker:
    """A ready-made lock board, opened at first need. Raises OpeningsFileError."""
    channels = {number: Channel(RS485_BOARD, number) for number in range(1, which.doors + 1)}
    return Rs485Locker.at(which.path, channels, data / "openings")


def _receipts(settings: TerminalSettings, slips: Device) -> Receipts:
    words = Words(settings.language)
    return Receipts(slips, words, settings.centre_name, settings.public_url)


def printer_at(which: PrinterSettings) -> EscposPrinter:
    """Opened at first need."""
    paper = PAPERS[which.paper_mm]
    if which.host is not None:
        return EscposPrinter.on_network(which.host, paper, which.port)
    path = which.path or Path()
    return (
        EscposPrinter.on_usb(path, paper) if which.kind == "usb" else EscposPrinter.at(path, paper)
    )
