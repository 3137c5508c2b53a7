"""What stands on the screen until somebody takes it away: a notice, and that the terminal is out of
service. It is kept over restarts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import structlog
from msgspec import Struct
from msgspec.structs import replace

from linli.kiosk.flows.afar_views import Notice
from linli.sync.whole_file import write_whole

log = structlog.get_logger()
FILE = "on-show.json"


class _Kept(Struct, frozen=True):
    notice: Notice | None = None
    out_of_service: bool = False


class OnShow:
    """One small file, whole at every moment. What is there cannot be read only where the disk is
    damaged: then nothing stands there, and the terminal serves. Any thread may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            self._kept = _Kept()
        except (OSError, msgspec.DecodeError) as error:
            log.warning("what is on show cannot be read", error=str(error))
            self._kept = _Kept()

    @property
    def out_of_service(self) -> bool:
        return self._kept.out_of_service

    def serve(self, *, again: bool) -> None:
        """Be out of service, or be back `again`. On the disk when it returns. Raises OSError; then
        nothing has changed."""
        self._keep(replace(self._kept, out_of_service=not again))

    def notice(self, now: dt.datetime) -> Notice | None:
        """None once its time is over."""
        kept = self._kept.notice
        return kept if kept is not None and now < kept.until else None

    def post(self, notice: Notice | None) -> None:
        """In the place of the one before. Raises OSError; then that one stays."""
        self._keep(replace(self._kept, notice=notice))

    def _keep(self, kept: _Kept) -> None:
        if kept != self._kept:
            write_whole(self._path, msgspec.json.encode(kept))
            self._kept = kept
