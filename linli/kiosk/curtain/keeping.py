"""The running program's side of the curtain: it keeps what its screen rests on."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path

import structlog

from linli.kiosk.curtain.picture import packed
from linli.kiosk.png import Pixels
from linli.sync.clock import Clock
from linli.sync.periods import business_day
from linli.sync.whole_file import write_whole

log = structlog.get_logger()
FIRST_S, EVERY_S, AGAIN_S = 20.0, 60.0, 600.0
"""How long after the start, which it must not slow down; how often at most: it is drawn, and
written to a memory card; and how long after it could not be written."""


class CurtainKeeper:
    """Only for what anybody may see: the file is not protected. Called in the window's loop."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._kept: tuple[dt.date, object] | None = None
        self._due_at = clock.monotonic() + FIRST_S
        self._writing: threading.Thread | None = None

    def keep(self, shown: object, draw: Callable[[], Pixels]) -> threading.Thread | None:
        """Draws and keeps what looks like `shown` where that is due, and is not what is kept. It is
        written on a thread of its own, which is returned; a program that ends waits for no such."""
        wanted = (business_day(self._clock.now()), shown)
        if wanted == self._kept or self._clock.monotonic() < self._due_at:
            return None
        if self._writing is not None and self._writing.is_alive():
            return None  # a memory card that is about to fail takes minutes
        self._kept, self._due_at = wanted, self._clock.monotonic() + EVERY_S
        thread = threading.Thread(target=self._write, args=(wanted, draw()), daemon=True)
        thread.name = "curtain"
        self._writing = thread
        thread.start()
        return thread

    def forget(self) -> None:
        """Something else is on the screen that is not for a start."""
        self._kept = None
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the picture for the next start stays", error=str(error))

    def _write(self, wanted: tuple[dt.date, object], pixels: Pixels) -> None:
        try:
            write_whole(self._path, packed(pixels, wanted[0]))
        except OSError as error:
            log.warning("no picture is kept for the next start", error=str(error))
            self._due_at = self._clock.monotonic() + AGAIN_S
            self.forget()
        if self._kept is not wanted:
            self.forget()  # it was forgotten meanwhile
