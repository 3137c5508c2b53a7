"""The running program's side of the curtain: it keeps what its screen rests on."""

from __future__ import annotations

import threading
from pathlib import Path

import structlog

from linli.kiosk.curtain.picture import write
from linli.kiosk.png import Pixels
from linli.sync.clock import Clock
from linli.sync.periods import business_day

log = structlog.get_logger()
FIRST_S, EVERY_S = 20.0, 300.0
"""How long after the start, which it must not slow down, and how often at most: it is drawn, and
written to a memory card."""


class CurtainKeeper:
    """Only for what anybody may see: the file is not protected."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._shown: object = None
        self._due_at = clock.monotonic() + FIRST_S

    def is_due(self, shown: object) -> bool:
        """Whether a picture of `shown` is wanted, which is not quite the one that is kept."""
        return shown != self._shown and self._clock.monotonic() >= self._due_at

    def keep(self, shown: object, pixels: Pixels) -> threading.Thread:
        """On a thread of its own, which is returned; a program that ends does not wait for it."""
        self._shown, self._due_at = shown, self._clock.monotonic() + EVERY_S
        thread = threading.Thread(
            target=self._write, args=(shown, pixels), name="curtain", daemon=True
        )
        thread.start()
        return thread

    def forget(self) -> None:
        """Something else is on the screen that is not for a start."""
        self._shown = None
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the picture for the next start stays", error=str(error))

    def _write(self, shown: object, pixels: Pixels) -> None:
        try:
            write(self._path, pixels, business_day(self._clock.now()))
        except OSError as error:
            log.warning("no picture is kept for the next start", error=str(error))
        if self._shown is not shown:
            self.forget()  # it was forgotten meanwhile
