"""When this board last had the network, also after it was started anew without it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import structlog

log = structlog.get_logger()
EVERY = dt.timedelta(minutes=1)
"""How often it is written: a board that loses its power says it to the minute."""


class LastOnline:
    """Kept in one small file; one that cannot be read or written is as if it were not there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._noted: dt.datetime | None = None

    def read(self) -> dt.datetime | None:
        try:
            found = dt.datetime.fromisoformat(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        return found if found.tzinfo is not None else None

    def note(self, now: dt.datetime, *, online: bool) -> None:
        """The board is online now, or not."""
        if not online or (self._noted is not None and now - self._noted < EVERY):
            return
        self._noted = now
        part = self._path.with_name(self._path.name + ".part")
        try:
            part.write_text(now.isoformat(), encoding="ascii")
            part.replace(self._path)
        except OSError as error:
            log.warning("cannot note that the board is online", error=str(error))
