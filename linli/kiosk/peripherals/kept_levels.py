"""The volume and the brightness that a maintainer chose at the terminal, kept over a restart.

What stands in the settings counts again as soon as it is changed there: whoever looks after the
terminal from afar is not overruled by what somebody turned long before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import structlog
from msgspec import Meta, Struct

from linli.sync.whole_file import write_whole

log = structlog.get_logger()
Percent = Annotated[int, Meta(ge=0, le=100)]


class Chosen(Struct, frozen=True):
    """`over` is what the settings said when it was chosen."""

    percent: Percent
    over: Percent


class KeptLevels:
    """In a small file. One that is not there or makes no sense is one in which nothing was kept;
    a disk that is full leaves the choice good until the next start."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, name: str, setting: int) -> int:
        """What is to be: the choice, or the setting."""
        chosen = self.chosen(name, setting)
        return setting if chosen is None else chosen

    def chosen(self, name: str, setting: int) -> int | None:
        """None where nobody chose, or the settings were changed since."""
        chosen = self._read().get(name)
        return None if chosen is None or chosen.over != setting else chosen.percent

    def keep(self, name: str, percent: int, setting: int) -> None:
        levels = self._read() | {name: Chosen(percent, setting)}
        try:
            write_whole(self._path, msgspec.json.encode(levels))
        except OSError as error:
            log.warning("a level is not kept", level=name, error=str(error))

    def _read(self) -> dict[str, Chosen]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Chosen])
        except (OSError, msgspec.DecodeError):
            return {}
