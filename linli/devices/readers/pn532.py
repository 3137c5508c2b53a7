"""The PN532 on a serial port: finding it at whatever speed it was left, and setting it up."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from nfc.clf import pn532

from linli.devices.readers import frames
from linli.devices.readers.frontend import ReaderGoneError, ReaderLineError
from linli.devices.readers.line import SPEED, SerialLine
from linli.devices.readers.nfcpy_chip import SILENT, NfcpyChip
from linli.devices.readers.polled import PolledReader

PROBED_SPEEDS = (SPEED, 921_600, 460_800, 230_400)
"""In the order tried: the chip's own first, then those nfcpy and others switch it to."""
PROBE_MS, PATIENT_MS = 100, 1500
"""A chip answers within 15 ms; a Raspberry Pi may hold back the first bytes of a USB serial port
for a second or more (nfcpy, pn532.py), so the last try is patient."""
GET_FIRMWARE_VERSION = frames.encode(bytes([frames.HOST, 0x02]))
PN532_ANSWER = bytes([frames.CHIP, 0x03, 0x32])


class Pn532(PolledReader):
    """A `CardReader` at `path`: a device, or a link that udev keeps to it."""

    def __init__(
        self, name: str, path: str | Path, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(name, lambda: open_pn532(Path(path)), monotonic)


def open_pn532(path: Path) -> NfcpyChip:
    """Raises ReaderGoneError if `path` cannot be opened, ReaderLineError if what is there does
    not answer as a PN532."""
    try:
        line = SerialLine(path)
    except OSError as error:
        raise ReaderGoneError(f"cannot open {path}: {error.strerror}") from error
    try:
        return chip_on(line)
    except ReaderLineError:
        line.close()
        raise


def chip_on(line: SerialLine) -> NfcpyChip:
    """Raises ReaderLineError if no PN532 answers on `line`."""
    return NfcpyChip(line, lambda: _found(line))


def _found(line: SerialLine) -> pn532.Chipset:
    _find_speed(line)
    chipset = pn532.Chipset(line, SILENT)
    if line.baudrate != SPEED:
        chipset.set_serial_baudrate(SPEED)
        line.baudrate = SPEED
    chipset.sam_configuration("normal")
    return chipset


def _find_speed(line: SerialLine) -> None:
    """Leave the line at the speed the chip listens at. Raises OSError if it is at none."""
    for speed in PROBED_SPEEDS:
        if _answers(line, speed, PROBE_MS):
            return
    if not _answers(line, SPEED, PATIENT_MS):
        raise OSError(0, "no PN532 answers at any speed")


def _answers(line: SerialLine, speed: int, patience: int) -> bool:
    line.baudrate = speed
    try:
        line.write(frames.ACK)  # ends a command that a killed program left running
        line.write(frames.WAKE_UP + GET_FIRMWARE_VERSION)
        if bytes(line.read(patience)) != frames.ACK:
            return False
        return frames.content_of(bytes(line.read(PROBE_MS))).startswith(PN532_ANSWER)
    except OSError:
        if line.gone:
            raise
        return False
