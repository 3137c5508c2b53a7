"""A serial port that may be pulled out and put in again, as lines of requests need it."""

from __future__ import annotations

import contextlib
import os
import termios
from pathlib import Path

import serial

from linli.firmware_bridge.errors import LineGoneError
from linli.firmware_bridge.plugged import Plugged

WRITE_S = 1.0
GONE = (serial.SerialException, termios.error, OSError, TypeError)
"""What pyserial 3.5 raises when the device goes: its own error, a bare OSError from `in_waiting`,
termios.error from flushing, and TypeError where another thread has just closed the port."""


class SerialLine(Plugged[serial.Serial]):
    """The port at `path`, 8 data bits, no parity, one stop bit. Name it by what is plugged in
    (/dev/serial/by-id/…), as ttyUSB0 is another device after the next unplugging."""

    def __init__(self, path: str | Path, speed: int) -> None:
        super().__init__(path)
        self._speed = speed

    def write(self, data: bytes) -> None:
        port = self._device()
        try:
            port.write(data)
        except GONE as error:
            raise self._lost(error) from error

    def read(self, timeout_s: float) -> bytes:
        port = self._device()
        try:
            port.timeout = max(0.0, timeout_s)
            first = port.read(1)
            return bytes(first + port.read(port.in_waiting)) if first else b""
        except GONE as error:
            raise self._lost(error) from error

    def drop_input(self) -> None:
        port = self._device()
        try:
            port.reset_input_buffer()
        except GONE as error:
            raise self._lost(error) from error

    def _opened(self) -> serial.Serial:
        try:
            return serial.Serial(
                self._path, self._speed, timeout=0, write_timeout=WRITE_S, exclusive=True
            )
        except GONE as error:
            number = error.args[0] if error.args and isinstance(error.args[0], int) else None
            reason = os.strerror(number) if number is not None else str(error)
            raise LineGoneError(f"cannot open {self._path}: {reason}") from error

    def _release(self, device: serial.Serial) -> None:
        with contextlib.suppress(*GONE):
            device.cancel_read()  # close() during a blocked read would raise in that thread
        with contextlib.suppress(*GONE):
            device.close()
