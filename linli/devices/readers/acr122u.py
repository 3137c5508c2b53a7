"""The ACR122U on USB, by nfcpy's chip set for it and without the PC/SC service.

It is a PN532 behind a controller that hands commands through, so a tap goes the same way as with
a PN532 on a serial port.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from nfc.clf import acr122

from linli.devices.readers.frontend import ReaderGoneError, ReaderLineError
from linli.devices.readers.nfcpy_chip import NfcpyChip
from linli.devices.readers.polled import PolledReader
from linli.devices.readers.usb_port import BulkPipes, UsbPort, open_usb

VENDOR, PRODUCT = 0x072F, 0x2200


def plugged_in() -> BulkPipes:
    """Raises ReaderGoneError."""
    return open_usb(VENDOR, PRODUCT)


class Acr122u(PolledReader):
    """A `CardReader`; `connect` gives the bulk pipes of the one that is plugged in, or raises
    OSError or ReaderGoneError."""

    def __init__(
        self,
        name: str,
        connect: Callable[[], BulkPipes] = plugged_in,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(name, lambda: open_acr122u(connect), monotonic)


def open_acr122u(connect: Callable[[], BulkPipes]) -> NfcpyChip:
    """Raises ReaderGoneError where none can be had, ReaderLineError where it does not answer."""
    try:
        port = UsbPort(connect())
    except OSError as error:
        raise ReaderGoneError(f"cannot open the ACR122U: {error.strerror}") from error
    try:
        return NfcpyChip(port, lambda: acr122.Chipset(port))
    except ReaderLineError:
        port.close()
        raise
