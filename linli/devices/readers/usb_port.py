"""The USB cable to a reader, as nfcpy's chip sets expect it (nfc.clf.transport.USB)."""

from __future__ import annotations

import errno
import os
import time
from typing import Protocol

import usb1
from nfc.clf import transport

from linli.devices.readers.frontend import ReaderGoneError

STALE_MS, MOST_STALE, WRITE_MS = 20, 16, 500
HEADER, SEQUENCE, STATUS, MORE_TIME = 10, 6, 7, 0x80
REASONS = {
    errno.EACCES: "this program may not open it: give its group the device by a udev rule",
    errno.EBUSY: "another program has it open, or the kernel's own driver pn533_usb: "
    "stop pcscd, and blacklist pn533_usb",
}


class BulkPipes(Protocol):
    """A pair of bulk pipes in nfcpy's terms: times in milliseconds, all errors OSErrors."""

    def read(self, timeout: int = 0) -> bytearray | None: ...

    def write(self, frame: bytes, timeout: int = 0) -> None: ...

    def close(self) -> None: ...


class UsbPort:
    """One open CCID device; `gone` is true once it was pulled out.

    nfcpy numbers all its commands 0 and takes the next frame for the answer. Here each command
    has its own number, and what does not answer it is skipped; what a killed program did not
    fetch still waits in the device and is thrown away at the start."""

    TYPE = "USB"

    def __init__(self, pipes: BulkPipes) -> None:
        self.gone = False
        self._pipes = pipes
        self._sequence = 0
        self._throw_stale_away()

    def read(self, timeout: int = 0) -> bytearray:
        """The answer to the last command, within `timeout` milliseconds."""
        deadline = time.monotonic() + timeout / 1000
        while (left := deadline - time.monotonic()) > 0:
            frame = self._next(max(1, int(left * 1000)))
            if _answers(frame, self._sequence):
                return frame
        raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))

    def write(self, frame: bytes, timeout: int = WRITE_MS) -> None:
        self._sequence = (self._sequence + 1) % 256
        numbered = frame[:SEQUENCE] + bytes([self._sequence]) + frame[SEQUENCE + 1 :]
        try:
            self._pipes.write(numbered, timeout)
        except OSError as error:
            raise self._noted(error) from error

    def close(self) -> None:
        self._pipes.close()

    def _next(self, timeout: int) -> bytearray:
        try:
            return self._pipes.read(timeout) or bytearray()
        except OSError as error:
            raise self._noted(error) from error

    def _noted(self, error: OSError) -> OSError:
        self.gone = self.gone or error.errno == errno.ENODEV
        return error

    def _throw_stale_away(self) -> None:
        for _ in range(MOST_STALE):
            try:
                self._next(STALE_MS)
            except OSError:
                return


def _answers(frame: bytes | bytearray, sequence: int) -> bool:
    """Whether this is a whole answer to that command (USB CCID 1.10, 6.2), and not the reader's
    word that it needs more time."""
    if len(frame) < HEADER or len(frame) != HEADER + int.from_bytes(frame[1:5], "little"):
        return False
    return frame[SEQUENCE] == sequence and frame[STATUS] & MORE_TIME != MORE_TIME


def open_usb(vendor: int, product: int) -> BulkPipes:
    """The first such device on any bus. Raises ReaderGoneError if there is none, or it cannot
    be had; the text says which and what to do."""
    name = f"{vendor:04x}:{product:04x}"
    try:
        found = transport.USB.find(f"usb:{name}")
        if not found:
            raise ReaderGoneError(f"no reader {name} on the USB")
        _, _, bus, address = found[0]
        pipes: BulkPipes = transport.USB(bus, address)
    except OSError as error:
        number = error.errno or errno.ENODEV
        reason = REASONS.get(number, os.strerror(number))
        raise ReaderGoneError(f"cannot open the USB reader {name}: {reason}") from error
    except usb1.USBErrorAccess as error:
        reason = REASONS[errno.EACCES]
        raise ReaderGoneError(f"cannot open the USB reader {name}: {reason}") from error
    except usb1.USBError as error:
        raise ReaderGoneError(f"cannot open the USB reader {name}: {error}") from error
    return pipes
