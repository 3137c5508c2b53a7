"""Hears lines of text from a device that speaks unasked, and comes back after an outage."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable
from typing import Protocol

BACK_OFF_S, LONGEST_BACK_OFF_S = 0.2, 2.0
PAUSE_S = 0.5
"""A line that stops in the middle for longer is forgotten: nobody types that slowly."""


class LineSource(Protocol):
    """An open device."""

    def fileno(self) -> int: ...

    def read(self) -> list[str]:
        """Lines completed by what has arrived. Raises OSError once the device is gone."""

    def forget(self) -> None:
        """What has arrived of the next line belongs to nobody."""

    def close(self) -> None: ...


class LineListener:
    """`open_source` raises OSError with a text for the maintainer. `heard` gets each line,
    `told` each change of state with its reason, both in this listener's own thread, `name`."""

    def __init__(
        self,
        name: str,
        open_source: Callable[[], LineSource],
        heard: Callable[[str], None],
        told: Callable[[bool, str], None],
    ) -> None:
        self._open = open_source
        self._heard = heard
        self._told = told
        self._up: bool | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._stopped, self._stop = os.pipe()
        self._thread.start()

    def close(self) -> None:
        """Returns when the thread has ended and the device is free. May be called twice, and
        before `start`."""
        if self._closing.is_set():
            return
        self._closing.set()
        if self._thread.ident is not None:
            os.write(self._stop, b"!")
            self._thread.join()
            os.close(self._stop)
            os.close(self._stopped)

    def _run(self) -> None:
        back_off = BACK_OFF_S
        while not self._closing.is_set():
            try:
                source = self._open()
            except OSError as error:
                self._tell(up=False, reason=error.strerror or str(error))
                self._closing.wait(back_off)
                back_off = min(LONGEST_BACK_OFF_S, 2 * back_off)
                continue
            back_off = BACK_OFF_S
            self._tell(up=True, reason="ready")
            try:
                self._listen(source)
            except OSError:
                self._tell(up=False, reason="it was pulled out")
            finally:
                source.close()

    def _listen(self, source: LineSource) -> None:
        while not self._closing.is_set():
            ready, _, _ = select.select([source.fileno(), self._stopped], [], [], PAUSE_S)
            if not ready:
                source.forget()
            elif self._stopped not in ready:
                for line in source.read():
                    self._heard(line)

    def _tell(self, *, up: bool, reason: str) -> None:
        if up is not self._up:
            self._up = up
            self._told(up, reason)
