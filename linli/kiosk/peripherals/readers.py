"""The card readers and QR scanners that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from linli.devices.readers.acr122u import Acr122u
from linli.devices.readers.base import CardReader, Part
from linli.devices.readers.card_numbers import Digits, NumberFormat
from linli.devices.readers.plugged_in import AnyReader, known_openers, open_pcsc
from linli.devices.readers.pn532 import Pn532
from linli.devices.readers.polled import PolledReader
from linli.devices.readers.wedge import WedgeReader
from linli.devices.scanners.base import Scanner
from linli.devices.scanners.scanner import as_keyboard, on_serial_port
from linli.kiosk.settings import TerminalSettings, WedgeSettings

INPUTS = Path("/dev/input")


def readers_of(settings: TerminalSettings) -> list[CardReader]:
    """In the order of the settings, called reader-1 and so on. Nothing is opened yet."""
    others = tuple(_serial_ports(settings))
    readers = [_reader(f"reader-{n}", what, others) for n, what in enumerate(settings.readers, 1)]
    first = len(readers) + 1
    return readers + [_wedge(f"reader-{n}", w) for n, w in enumerate(settings.wedges, first)]


def paths_of(settings: TerminalSettings) -> list[Path | None]:
    """Of the same readers in the same order; None for one that is found, not named."""
    named = (Path(what) if what.startswith("/") else None for what in settings.readers)
    return [*named, *(wedge.path for wedge in settings.wedges)]


def scanners_of(settings: TerminalSettings) -> list[Scanner]:
    """Called scanner-1 and so on. What is under /dev/input types, all else is a serial port."""
    return [_scanner(f"scanner-{n}", Path(path)) for n, path in enumerate(settings.scanners, 1)]


def _scanner(name: str, path: Path) -> Scanner:
    return as_keyboard(name, path) if path.is_relative_to(INPUTS) else on_serial_port(name, path)


def _reader(name: str, what: str, others: tuple[Path, ...]) -> CardReader:
    kind, _, wanted = what.partition(":")
    match kind:
        case "auto":
            return AnyReader(name, lambda: known_openers(others))
        case "acr122u":
            return Acr122u(name)
        case "pcsc":
            return PolledReader(name, lambda: open_pcsc(wanted))
        case _:
            return Pn532(name, what)


def _wedge(name: str, which: WedgeSettings) -> CardReader:
    form = NumberFormat(Digits(which.digits), which.last_byte_first, Part(which.uid))
    return WedgeReader(name, which.path, form)


def _serial_ports(settings: TerminalSettings) -> Iterator[Path]:
    """Of other devices."""
    for other in (settings.locker, settings.printer):
        if other is not None and other.path is not None:
            yield other.path
    yield from (Path(what) for what in settings.readers if what.startswith("/"))
    yield from map(Path, settings.scanners)
