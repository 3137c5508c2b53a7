"""The thread in which a locker is looked at again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from linli.devices.lockers.base import DoorEvent, LockerGoneError, LockerState

Sink = Callable[[DoorEvent | LockerState], None]


class Watch:
    """Calls `look` every `every_s` seconds and tells what it found; where it raises
    LockerGoneError, and when it works again, that is told once."""

    def __init__(self, name: str, look: Callable[[], Iterable[DoorEvent]], every_s: float) -> None:
        self._name = name
        self._look = look
        self._every_s = every_s
        self._up: bool | None = None
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, sink: Sink) -> None:
        self._sink = sink
        self._thread = threading.Thread(target=self._run, name=f"locker {self._name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                changes = list(self._look())
                self._tell(up=True, reason="ready")
                for change in changes:
                    self._sink(change)
            except LockerGoneError as error:
                self._tell(up=False, reason=str(error))
            if self._closing.wait(self._every_s):
                return

    def _tell(self, *, up: bool, reason: str) -> None:
        if up is not self._up:
            self._up = up
            self._sink(LockerState(self._name, up, reason))
