"""The serial line to a PN532, as nfcpy's chip set expects its transport (nfc.clf.transport.TTY).

nfcpy's own transport takes only names directly under /dev, calls a program to set the speed and
loses its place for good after one stray byte; this one opens any path and finds the next frame.
"""

from __future__ import annotations

import errno
import os
import termios
import time
from pathlib import Path

import serial

from linli.devices.readers.frames import Deframer

SPEED = 115_200
"""Bit/s, the PN532's own after power-up. It stays there: a chip left at another speed by a killed
program is what keeps readers dead, and a whole tap is only 300 bytes."""
SLICE_S = 0.05
WRITE_S = 0.5
GONE = (serial.SerialException, termios.error, OSError)


class SerialLine:
    """One open serial port. Errors are OSErrors, as nfcpy expects them: ETIMEDOUT where nothing
    came in time, ENODEV once the device is gone (`gone` stays true from then on).

    Raises OSError from the constructor if the path cannot be opened or is in use.
    """

    TYPE = "TTY"

    def __init__(self, path: Path) -> None:
        self.gone = False
        self._deframer = Deframer()
        self._frames: list[bytes] = []
        try:
            self._serial = serial.Serial(
                str(path), SPEED, timeout=SLICE_S, write_timeout=WRITE_S, exclusive=True
            )
        except GONE as error:
            number = error.args[0] if isinstance(error.args[0], int) else errno.ENODEV
            in_use = number == errno.EWOULDBLOCK
            text = "another program has it open" if in_use else os.strerror(number)
            raise OSError(number, text) from error

    @property
    def port(self) -> str:
        return str(self._serial.port)

    @property
    def baudrate(self) -> int:
        return int(self._serial.baudrate)

    @baudrate.setter
    def baudrate(self, speed: int) -> None:
        try:
            self._serial.baudrate = speed
        except GONE as error:
            raise self._lost() from error

    def read(self, timeout: int) -> bytearray:
        """The next whole frame within `timeout` milliseconds."""
        deadline = time.monotonic() + timeout / 1000
        while not self._frames:
            self._frames = self._deframer.feed(self._some(deadline))
            if not self._frames and time.monotonic() >= deadline:
                self._frames = self._deframer.give_up()
                if self._frames:
                    break
                raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        return bytearray(self._frames.pop(0))

    def write(self, frame: bytes) -> None:
        """Send; whatever arrived before belongs to nobody any more and is dropped."""
        self._frames = []
        self._deframer.clear()
        try:
            self._serial.reset_input_buffer()
            self._serial.write(frame)
        except serial.SerialTimeoutException as error:
            raise OSError(errno.EIO, "the reader takes no bytes") from error
        except GONE as error:
            raise self._lost() from error

    def close(self) -> None:
        """Free the port; a port that is gone is free already."""
        self._serial.close()

    def _some(self, deadline: float) -> bytes:
        try:
            self._serial.timeout = max(0.0, min(SLICE_S, deadline - time.monotonic()))
            return bytes(self._serial.read(max(1, self._serial.in_waiting)))
        except GONE as error:
            raise self._lost() from error

    def _lost(self) -> OSError:
        self.gone = True
        return OSError(errno.ENODEV, "the reader was pulled out")
