"""Whichever card reader is plugged in: serial ports first, then USB, then the PC/SC service.

Keyboards are never tried: the one that a maintainer types on would be taken from them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from pathlib import Path

from linli.devices.readers.acr122u import open_acr122u, plugged_in
from linli.devices.readers.frontend import Frontend, ReaderGoneError, ReaderLineError
from linli.devices.readers.pn532 import open_pn532
from linli.devices.readers.polled import PolledReader

NAMED = Path("/dev/linli-reader")
SERIAL = Path("/dev/serial/by-id")

Opener = Callable[[], Frontend]


class AnyReader(PolledReader):
    """A `CardReader`. What is plugged in later, or in place of another, is found as well."""

    def __init__(
        self,
        name: str,
        openers: Callable[[], list[Opener]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(name, lambda: first_of(openers()), monotonic)


def first_of(openers: list[Opener]) -> Frontend:
    """The first that opens. Raises ReaderGoneError with what was said of each."""
    reasons = []
    for opener in openers:
        try:
            return opener()
        except ReaderLineError as error:
            reasons.append(str(error))
    raise ReaderGoneError("no card reader was found: " + "; ".join(reasons))


def known_openers(
    others: Collection[Path], named: Path = NAMED, serial: Path = SERIAL
) -> list[Opener]:
    """For what is there at this moment. `others` are serial ports of other devices, which are not
    spoken to."""
    taken = {path.resolve() for path in others}
    ports = [named, *(sorted(serial.iterdir()) if serial.is_dir() else [])]
    free = {port.resolve(): port for port in ports if port.exists()}
    chips = [_pn532(port) for place, port in free.items() if place not in taken]
    return [*chips, lambda: open_acr122u(plugged_in), open_pcsc]


def open_pcsc(wanted: str = "") -> Frontend:
    """Raises ReaderGoneError, also where PC/SC is not installed."""
    try:
        from linli.devices.readers.pcsc import PcscFrontend
    except ImportError as error:
        raise ReaderGoneError(f"PC/SC is not installed here: {error}") from error
    return PcscFrontend(wanted)


def _pn532(port: Path) -> Opener:
    return lambda: open_pn532(port)
