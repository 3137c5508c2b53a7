"""A finger on a virtual screen: touches that reach a program as its X server's own.

Speaks the X11 protocol (X.Org, X Window System Protocol, version 11) with its XTEST extension
(XTEST Extension Protocol 2.2, FakeInput), as far as one pointer with one button needs it.
"""

from __future__ import annotations

import socket
import struct
from types import TracebackType

PRESS, RELEASE, MOTION = 4, 5, 6
"""Core event codes."""
LEFT = 1
QUERY_EXTENSION, FAKE_INPUT = 98, 2
REPLY = 32


class Finger:
    """`display` is a display of this machine, such as ":99", that admits everybody. Raises
    ConnectionError where there is none, or one that passes on no touches."""

    def __init__(self, display: str) -> None:
        number = display.partition(":")[2].partition(".")[0]
        self._server = socket.socket(socket.AF_UNIX)
        try:
            self._server.connect(f"/tmp/.X11-unix/X{number}")
            self._greet()
            self._opcode = self._extension(b"XTEST")
        except OSError as error:
            self._server.close()
            raise ConnectionError(f"no touches on display {display}: {error}") from error

    def __enter__(self) -> Finger:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._server.close()

    def press(self, x: int, y: int) -> None:
        """Put down, `x` and `y` pixels from the upper left."""
        self._server.sendall(self._fake(MOTION, 0, x, y) + self._fake(PRESS, LEFT))

    def lift(self) -> None:
        self._server.sendall(self._fake(RELEASE, LEFT))

    def _fake(self, event: int, detail: int, x: int = 0, y: int = 0) -> bytes:
        head = struct.pack("<BBH", self._opcode, FAKE_INPUT, 9)
        return head + struct.pack("<BBxxII8xhh7xB", event, detail, 0, 0, x, y, 0)

    def _greet(self) -> None:
        self._server.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        admitted, words = struct.unpack("<BxxxxxH", self._receive(8))
        self._receive(4 * words)
        if admitted != 1:
            raise ConnectionError("the display admits nobody without a key")

    def _extension(self, name: bytes) -> int:
        padded = name + bytes(-len(name) % 4)
        head = struct.pack("<BxHHxx", QUERY_EXTENSION, 2 + len(padded) // 4, len(name))
        self._server.sendall(head + padded)
        present, opcode = struct.unpack_from("<BB", self._receive(REPLY), 8)
        if not present:
            raise ConnectionError(f"the display has no {name.decode()}")
        return int(opcode)

    def _receive(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = self._server.recv(count - len(data))
            if not more:
                raise ConnectionError("the display went away")
            data += more
        return data
