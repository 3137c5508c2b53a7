"""A serial port that may be pulled out and put in again, as lines of requests need it."""

from __future__ import annotations

import contextlib
import os
import termios
import threading
from pathlib import Path

import serial

from linli.firmware_bridge.errors import LineGoneError

WRITE_S = 1.0
GONE = (serial.SerialException, termios.error, OSError, TypeError)
"""What pyserial 3.5 raises when the device goes: its own error, a bare OSError from `in_waiting`,
termios.error from flushing, and TypeError where another thread has just closed the port."""


class SerialLine:
    """The port at `path`, 8 data bits, no parity, one stop bit. Name it by what is plugged in
    (/dev/serial/by-id/…), as ttyUSB0 is another device after the next unplugging.

    Opened at first need and again after it was lost. For one talking thread; `close` may come
    from another and is final.
    """

    def __init__(self, path: str | Path, speed: int) -> None:
        self._path = str(path)
        self._speed = speed
        self._port: serial.Serial | None = None
        self._opening = threading.Lock()
        self._closed = False

    def ready(self) -> None:
        """Raises LineGoneError if the port is not there or somebody else has it."""
        with self._opening:
            if self._closed:
                raise LineGoneError(f"{self._path} was closed")
            if self._port is None:
                self._port = self._opened()

    def write(self, data: bytes) -> None:
        port = self._open_port()
        try:
            port.write(data)
        except GONE as error:
            raise self._lost(error) from error

    def read(self, timeout_s: float) -> bytes:
        port = self._open_port()
        try:
            port.timeout = max(0.0, timeout_s)
            first = port.read(1)
            return bytes(first + port.read(port.in_waiting)) if first else b""
        except GONE as error:
            raise self._lost(error) from error

    def drop_input(self) -> None:
        port = self._open_port()
        try:
            port.reset_input_buffer()
        except GONE as error:
            raise self._lost(error) from error

    def close(self) -> None:
        """Free the port; who waits for bytes hears that it is gone. May be called twice."""
        with self._opening:
            self._closed = True
            self._release()

    def _open_port(self) -> serial.Serial:
        port = self._port
        if port is None:
            raise LineGoneError(f"{self._path} is not open")
        return port

    def _opened(self) -> serial.Serial:
        try:
            return serial.Serial(
                self._path, self._speed, timeout=0, write_timeout=WRITE_S, exclusive=True
            )
        except GONE as error:
            number = error.args[0] if error.args and isinstance(error.args[0], int) else None
            reason = os.strerror(number) if number is not None else str(error)
            raise LineGoneError(f"cannot open {self._path}: {reason}") from error

    def _lost(self, error: Exception) -> LineGoneError:
        with self._opening:
            self._release()
        return LineGoneError(f"{self._path} was lost: {error}")

    def _release(self) -> None:
        port, self._port = self._port, None
        if port is None:
            return
        with contextlib.suppress(*GONE):
            port.cancel_read()  # close() during a blocked read would raise in that thread
        with contextlib.suppress(*GONE):
            port.close()
