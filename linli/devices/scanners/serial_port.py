"""A scanner's serial port: text in UTF-8, each code ended by CR or LF."""

from __future__ import annotations

import errno
import re
import termios
from pathlib import Path

import serial

SPEED = 9600
"""Of scanners with a UART as they are sold; one that is a USB serial port takes any."""
LONGEST = 1024
ENDS = re.compile(rb"[\r\n]+")
GONE = (serial.SerialException, termios.error, OSError)


class SerialCodes:
    """A `LineSource`. Raises OSError from the constructor, with `path` in its text."""

    def __init__(self, path: Path) -> None:
        self._left = b""
        try:
            self._serial = serial.Serial(str(path), SPEED, timeout=0, exclusive=True)
        except GONE as error:
            in_use = error.args[0] == errno.EWOULDBLOCK
            reason = "another program has it" if in_use else "there is none"
            raise OSError(errno.ENODEV, f"cannot open {path}: {reason}") from error

    def fileno(self) -> int:
        return int(self._serial.fileno())

    def read(self) -> list[str]:
        try:
            data = bytes(self._serial.read(LONGEST))
        except GONE as error:
            raise OSError(errno.ENODEV, "the scanner was pulled out") from error
        if not data:
            raise OSError(errno.ENODEV, "the scanner was pulled out")
        *lines, left = ENDS.split(self._left + data)
        self._left = left[-LONGEST:]
        return [line.decode("utf-8", "replace") for line in lines if line]

    def forget(self) -> None:
        self._left = b""

    def close(self) -> None:
        self._serial.close()
