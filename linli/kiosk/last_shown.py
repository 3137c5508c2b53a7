"""What a screen rests on, to be there again at once after a start: the first frame waits neither
for the network nor for the readers, nor even for the replica."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
import structlog

from linli import __version__
from linli.sync.periods import business_day

log = structlog.get_logger()
EVERY = dt.timedelta(seconds=30)
"""How often it is written at most: people change the picture with every tap."""
T = TypeVar("T")


class _Kept(msgspec.Struct):
    at: dt.datetime
    version: str
    shown: msgspec.Raw


class LastShown(Generic[T]):
    """Kept in one small file. One that cannot be read or written, of another version, or of another
    day (what was today is today no more) is as if it were not there. Only for what anybody may see:
    it is not protected."""

    def __init__(self, path: Path, kind: type[T]) -> None:
        self._path, self._kind = path, kind
        self._noted: tuple[dt.datetime, T] | None = None
        self._newer: tuple[dt.datetime, T] | None = None
        """What was shown since, too soon to be written."""

    def read(self, now: dt.datetime) -> T | None:
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=_Kept)
            if kept.version != __version__ or business_day(kept.at) != business_day(now):
                return None
            return msgspec.json.decode(kept.shown, type=self._kind)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:  # msgspec's errors are ValueErrors
            log.warning(
                "what was shown last cannot be read", file=self._path.name, error=str(error)
            )
            return None

    def forget(self) -> None:
        """Something else is on the screen that is not for a start."""
        self._noted = None
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            log.warning(
                "what was shown cannot be forgotten", file=self._path.name, error=str(error)
            )

    def note(self, shown: T, now: dt.datetime) -> None:
        """A start now would show this."""
        if self._noted is not None:
            at, before = self._noted
            self._newer = None if shown == before else (now, shown)
            if self._newer is None or dt.timedelta() <= now - at < EVERY:
                return
        self._write(shown, now)

    def close(self) -> None:
        """The newest is kept, however soon it came."""
        if self._newer is not None:
            now, shown = self._newer
            self._write(shown, now)

    def _write(self, shown: T, now: dt.datetime) -> None:
        self._noted, self._newer = (now, shown), None
        kept = {"at": now, "version": __version__, "shown": shown}
        part = self._path.with_name(self._path.name + ".part")
        try:
            part.write_bytes(msgspec.json.encode(kept))
            part.replace(self._path)
        except OSError as error:
            log.warning("what is shown cannot be kept", file=self._path.name, error=str(error))
