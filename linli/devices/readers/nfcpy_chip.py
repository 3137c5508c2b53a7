"""nfcpy's PN532 driver behind typed verbs: the only file that touches `nfc`, which has no types.

Used is its chip set (`nfc.clf.pn532.Chipset`: commands, frames, checks) and its set-up
(`nfc.clf.pn532.Device`: line test, analogue settings). Not used are `ContactlessFrontend.connect`
and the tag layer: they send four commands where one does, fire on every poll for a card that
lies still, and block for seconds when closed.
"""

from __future__ import annotations

import contextlib
import logging
import struct
from collections.abc import Iterator
from pathlib import Path

from nfc.clf import pn532

from linli.devices.readers import frames
from linli.devices.readers.activation import MalformedActivationError, Target, parse_target
from linli.devices.readers.base import CardLostError
from linli.devices.readers.line import SPEED, SerialLine

PROBED_SPEEDS = (SPEED, 921_600, 460_800, 230_400)
"""In the order tried: the chip's own first, then those nfcpy and others switch it to."""
PROBE_MS, PATIENT_MS = 100, 1500
"""A chip answers within 15 ms; a Raspberry Pi may hold back the first bytes of a USB serial port
for a second or more (nfcpy, pn532.py), so the last try is patient."""
EXCHANGE_S = 0.5
AUTOMATIC_RATS = 0x10
"""SetParameters flag: the chip activates ISO-DEP by itself (UM0701-02, 7.2.9)."""
RF_FIELD, MAX_RETRIES = 0x01, 0x05
"""RFConfiguration items (UM0701-02, 7.3.1)."""
TYPE_A_106 = 0
GET_FIRMWARE_VERSION = frames.encode(bytes([frames.HOST, 0x02]))
PN532_ANSWER = bytes([frames.CHIP, 0x03, 0x32])

_silent = logging.Logger("pn532", logging.CRITICAL + 1)
"""What goes wrong comes back as an exception; frames hold card numbers and belong in no log."""


class ReaderLineError(Exception):
    """The reader did not do as told; the text says what was seen. Trying again may help."""


class ReaderGoneError(ReaderLineError):
    """The reader cannot be reached at its path any more: open it again once it is back."""


class NfcpyChip:
    """One PN532, set up and polling for type A cards. Not for more than one thread."""

    def __init__(self, line: SerialLine) -> None:
        """Raises ReaderLineError if no PN532 answers on `line`."""
        self._line = line
        with self._translated():
            _find_speed(line)
            self._chipset = pn532.Chipset(line, _silent)
            if line.baudrate != SPEED:
                self._chipset.set_serial_baudrate(SPEED)
                line.baudrate = SPEED
            self._chipset.sam_configuration("normal")
            pn532.Device(self._chipset, _silent)
            self._chipset.set_parameters(AUTOMATIC_RATS)
            self._chipset.rf_configuration(MAX_RETRIES, b"\x01\x00\x01")

    @classmethod
    def open(cls, path: Path) -> NfcpyChip:
        """Raises ReaderGoneError if `path` cannot be opened, ReaderLineError if what is there
        does not answer as a PN532."""
        try:
            line = SerialLine(path)
        except OSError as error:
            raise ReaderGoneError(f"cannot open {path}: {error.strerror}") from error
        try:
            return cls(line)
        except ReaderLineError:
            line.close()
            raise

    def find(self) -> Target | None:
        """The card in the field, activated, or None. Raises ReaderLineError."""
        with self._translated():
            data = self._chipset.in_list_passive_target(1, TYPE_A_106, b"")
        try:
            return parse_target(bytes(data)) if data is not None else None
        except MalformedActivationError as error:
            raise ReaderLineError(str(error)) from error

    def exchange(self, command: bytes) -> bytes:
        """Send an APDU to the activated ISO-DEP card. Raises CardLostError, ReaderLineError."""
        with self._translated():
            try:
                data, _ = self._chipset.in_data_exchange(command, EXCHANGE_S)
            except pn532.Chipset.Error as error:
                raise CardLostError(str(error)) from error
            return bytes(data)

    def field_off(self) -> None:
        """A card that has been activated stays silent to the next search; without power it
        forgets (ISO/IEC 14443-3, 6.3). The next search switches the field on again."""
        with self._translated():
            self._chipset.rf_configuration(RF_FIELD, b"\x02")

    def close(self) -> None:
        """Field off if the chip still listens, port closed in any case."""
        with contextlib.suppress(ReaderLineError):
            if not self._line.gone:
                self.field_off()
        self._line.close()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """nfcpy answers a broken line with whatever its own parsing stumbles over."""
        try:
            yield
        except pn532.Chipset.Error as error:
            raise ReaderLineError(f"the chip refused: {error}") from error
        except OSError as error:
            if self._line.gone:
                raise ReaderGoneError("the reader was pulled out") from error
            raise ReaderLineError(f"no sound answer: {error.strerror}") from error
        except (IndexError, TypeError, ValueError, struct.error) as error:
            raise ReaderLineError(f"an answer that makes no sense: {error}") from error


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
