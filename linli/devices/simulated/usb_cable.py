"""A USB device's pair of bulk pipes, without a bus: the frames cross a Unix socket.

The device keeps what it has to say until the host asks for it, and keeps it when the program at
the host dies: so a stale answer waits for the next one, as on a real bus.

| host → device            | device → host                                     |
|--------------------------|---------------------------------------------------|
| (connects)               | `A` it is yours · `B` another program has it      |
| `O` + a bulk-out frame   | –                                                 |
| `I` + milliseconds (4)   | `D` + a bulk-in frame · `T` none came in that time |
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from linli.devices.simulated.pn532_chip import Reply

YOURS, BUSY, OUT, IN, DATA, TIMED_OUT = b"A", b"B", b"O", b"I", b"D", b"T"
LONGEST = 4096
EMPTY_S = 0.001


class UsbDevice:
    """The device's end at `path`: `receive` says what it answers to a bulk-out frame."""

    def __init__(self, path: Path, receive: Callable[[bytes], tuple[Reply, ...]]) -> None:
        self.path = path
        self._receive = receive
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._waiting: deque[tuple[float, bytes]] = deque()

    def plug(self) -> None:
        """Does nothing if it is plugged in already."""
        if self._thread is not None:
            return
        self._waiting.clear()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._stopped, self._stop = os.pipe()
        self._thread = threading.Thread(target=self._serve, name="simulated usb", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Whoever has it open finds it gone; leaves no thread, no descriptor and no file."""
        if self._thread is None:
            return
        os.write(self._stop, b"!")
        self._thread.join()
        self._thread = None
        self._listener.close()
        self.path.unlink(missing_ok=True)
        for end in (self._stopped, self._stop):
            os.close(end)

    def disturb(self, frame: bytes) -> None:
        """Put a frame into the bulk-in pipe that nobody asked for."""
        with self._lock:
            self._waiting.append((0.0, frame))

    def _serve(self) -> None:
        host: socket.socket | None = None
        while True:
            ends: list[socket.socket | int] = [self._listener, self._stopped]
            if host is not None:
                ends.append(host)
            ready, _, _ = select.select(ends, [], [])
            if self._stopped in ready:
                break
            while host is not None and select.select([host], [], [], 0)[0]:
                if not self._answer(host):
                    host.close()
                    host = None
            if self._listener in ready:
                host = self._welcome(host)
        if host is not None:
            host.close()

    def _welcome(self, host: socket.socket | None) -> socket.socket:
        comer, _ = self._listener.accept()
        if host is None:
            comer.send(YOURS)
            return comer
        comer.send(BUSY)
        comer.close()
        return host

    def _answer(self, host: socket.socket) -> bool:
        """False when the host has gone."""
        try:
            message = host.recv(LONGEST)
            if message[:1] == OUT:
                self._take(message[1:])
            elif message[:1] == IN:
                host.send(self._given(int.from_bytes(message[1:], "big") / 1000))
        except OSError:
            return False
        return bool(message)

    def _take(self, frame: bytes) -> None:
        now = time.monotonic()
        with self._lock:
            self._waiting.extend((now + r.after_s, r.data) for r in self._receive(frame))

    def _given(self, patience: float) -> bytes:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            with self._lock:
                if self._waiting and self._waiting[0][0] <= time.monotonic():
                    return DATA + self._waiting.popleft()[1]
            if select.select([self._stopped], [], [], EMPTY_S)[0]:
                break
        return TIMED_OUT


class UsbCable:
    """The host's end, as nfcpy's drivers expect their transport (nfc.clf.transport.USB).

    Raises OSError from the constructor: ENODEV where nothing is plugged in, EBUSY where another
    program has it."""

    TYPE = "USB"
    manufacturer_name, product_name = "ACS", "ACR122U PICC Interface"

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._socket.connect(str(path))
            greeting = self._socket.recv(LONGEST)
        except OSError as error:
            self._socket.close()
            raise _error(errno.ENODEV) from error
        if greeting != YOURS:
            self._socket.close()
            raise _error(errno.EBUSY if greeting == BUSY else errno.ENODEV)

    def read(self, timeout: int = 0) -> bytearray:
        answer = self._asked(IN + timeout.to_bytes(4, "big"))
        if answer == TIMED_OUT:
            raise _error(errno.ETIMEDOUT)
        return bytearray(answer[1:])

    def write(self, frame: bytes, timeout: int = 0) -> None:
        try:
            self._socket.send(OUT + bytes(frame))
        except OSError as error:
            raise _error(errno.ENODEV) from error

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.close()

    def _asked(self, question: bytes) -> bytes:
        try:
            self._socket.send(question)
            answer = self._socket.recv(LONGEST)
        except OSError as error:
            raise _error(errno.ENODEV) from error
        if not answer:
            raise _error(errno.ENODEV)
        return answer


def _error(number: int) -> OSError:
    return OSError(number, os.strerror(number))
