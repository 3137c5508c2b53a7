"""A printer on USB without a driver of its own: the kernel's usblp gives it a file, /dev/usb/lp0.

The kernel has no name for such a file that stays; the package's udev rule gives it one.
"""

from __future__ import annotations

import contextlib
import os
import select
import time
from collections.abc import Callable
from pathlib import Path

from linli.firmware_bridge.errors import LineGoneError
from linli.firmware_bridge.plugged import Plugged

WRITE_S = 2.0
NAP_S = 0.01
"""usblp tells of packets without bytes as readable: between two looks there is a pause."""
MOST = 4096
GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL


class UsbLine(Plugged[int]):
    """A `Line` (linli/firmware_bridge/client.py) over a printer's file. usblp lets in one program
    at a time."""

    def __init__(self, path: str | Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(path)
        self._monotonic = monotonic

    def ready(self) -> None:
        super().ready()
        if self._told(self._device(), 0, 0.0) & GONE:
            raise self._lost("the plug was pulled")
        self.drop_input()

    def write(self, data: bytes) -> None:
        file, deadline = self._device(), self._monotonic() + WRITE_S
        while data:
            told = self._told(file, select.POLLOUT, deadline - self._monotonic())
            if told & GONE or not told:
                raise self._lost("it takes no bytes")
            try:
                data = data[os.write(file, data) :]
            except BlockingIOError:
                time.sleep(NAP_S)
            except OSError as error:
                raise self._lost(error) from error

    def read(self, timeout_s: float) -> bytes:
        file, deadline = self._device(), self._monotonic() + timeout_s
        while (left := deadline - self._monotonic()) > 0:
            told = self._told(file, select.POLLIN, left)
            if told & GONE:
                raise self._lost("the plug was pulled")
            if told and (data := self._taken(file)):
                return data
            if told:
                time.sleep(min(NAP_S, left))
        return b""

    def drop_input(self) -> None:
        file = self._device()
        while self._told(file, select.POLLIN, 0.0) & select.POLLIN and self._taken(file):
            pass

    def _opened(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise LineGoneError(f"cannot open {self._path}: {error.strerror}") from error

    def _told(self, file: int, wanted: int, timeout_s: float) -> int:
        poll = select.poll()
        poll.register(file, wanted)
        return next((told for _, told in poll.poll(max(0.0, timeout_s) * 1000)), 0)

    def _taken(self, file: int) -> bytes:
        try:
            return os.read(file, MOST)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._lost(error) from error

    def _release(self, device: int) -> None:
        with contextlib.suppress(OSError):
            os.close(device)
