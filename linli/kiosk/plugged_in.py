"""What the settings say is plugged in beside the readers, as the terminal uses it."""

from __future__ import annotations

from linli.assets.words import Words
from linli.devices.lockers.base import Locker
from linli.devices.lockers.rs485_frames import Channel
from linli.devices.lockers.rs485_lock import Rs485Locker
from linli.devices.lockers.smp_board import SmpLocker
from linli.devices.printers.escpos import EscposPrinter
from linli.devices.printers.slip import Paper
from linli.firmware_bridge.board import Board
from linli.kiosk.receipts import Receipts
from linli.kiosk.settings import TerminalSettings

PAPERS = {58: Paper.MM58, 80: Paper.MM80}


def locker(settings: TerminalSettings) -> Locker | None:
    """None where there is none. Raises OpeningsFileError where what it opened cannot be read."""
    which = settings.locker
    if which is None:
        return None
    if which.kind == "board":
        return SmpLocker(Board.at(which.path))
    channels = {number: Channel(1, number) for number in range(1, which.doors + 1)}
    return Rs485Locker.at(which.path, channels, settings.data / "openings")


def printer(settings: TerminalSettings) -> Receipts | None:
    """None where there is none."""
    which = settings.printer
    if which is None:
        return None
    device = EscposPrinter.at(which.path, PAPERS[which.paper_mm])
    words = Words(settings.language)
    return Receipts(device, words, settings.centre_name, settings.public_url)
