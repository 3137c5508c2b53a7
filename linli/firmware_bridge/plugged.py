"""A device behind a path: it may be pulled out and put in again, and is found again by itself."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Generic, TypeVar

from linli.firmware_bridge.errors import LineGoneError

D = TypeVar("D")


class Plugged(ABC, Generic[D]):
    """Opened at first need and again after it was lost. For one talking thread; `close` may come
    from another and is final."""

    def __init__(self, path: str | Path) -> None:
        self._path = str(path)
        self._open: D | None = None
        self._opening = threading.Lock()
        self._closed = False

    def ready(self) -> None:
        """Raises LineGoneError if the device is not there or somebody else has it."""
        with self._opening:
            if self._closed:
                raise LineGoneError(f"{self._path} was closed")
            if self._open is None:
                self._open = self._opened()

    def close(self) -> None:
        """Free the device. May be called twice."""
        with self._opening:
            self._closed = True
            self._free()

    def _device(self) -> D:
        device = self._open
        if device is None:
            raise LineGoneError(f"{self._path} is not open")
        return device

    def _lost(self, why: object) -> LineGoneError:
        """It is free, so that it can be opened anew: the error to raise."""
        with self._opening:
            self._free()
        return LineGoneError(f"{self._path} was lost: {why}")

    def _free(self) -> None:
        device, self._open = self._open, None
        if device is not None:
            self._release(device)

    @abstractmethod
    def _opened(self) -> D:
        """Raises LineGoneError."""

    @abstractmethod
    def _release(self, device: D) -> None:
        """Whoever waits for bytes of it hears that it is gone. Raises nothing."""
