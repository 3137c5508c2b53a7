"""Keeps the broker's files as the ledger says, and has the broker read them again.

What changes who may come in (a terminal is confirmed, retired, its certificate revoked) reaches
the broker within seconds. The broker is told by SIGHUP (mosquitto(8)), under the process number
that it writes down itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.broker.files import BrokerFiles
from linli.ledger.broker.mosquitto import PID
from linli.ledger.database import reading
from linli.ledger.terminals.certifying import admitted, revoked
from linli.sync.rounds import Rounds

log = structlog.get_logger()
LOOK_S = 2.0
"""Another process of the ledger, or a command, may have changed something."""
TOLD_TIMES = 2
"""Mosquitto forgets a signal that comes while it reads its files (seen with 2.0.11)."""


class BrokerKeeper:
    """A thread that looks every two seconds. `reload` has the broker read its files again."""

    def __init__(self, engine: Engine, files: BrokerFiles, reload: Callable[[], None]) -> None:
        self._engine = engine
        self._files = files
        self._reload = reload
        self._owing = 0
        """How often the broker is still to be told of what changed."""
        self._troubled = ""
        self._rounds = Rounds("broker-keeper", self._round)

    def start(self) -> None:
        self._rounds.start()

    def close(self) -> None:
        self._rounds.close()

    def look(self) -> bool:
        """Write what changed; whether anything did. Raises OSError, SQLAlchemyError."""
        with reading(self._engine) as connection:
            inside = admitted(connection)
            gone = revoked(connection, self._files.clock.now())
        changed = [
            self._files.write_certificate(),
            self._files.write_revoked(gone),
            self._files.write_admitted(inside),
        ]
        if any(changed):
            self._owing = TOLD_TIMES
        if self._owing:
            self._reload()
            self._owing -= 1
        return any(changed)

    def _round(self) -> float:
        try:
            if self.look():
                log.info("the broker reads its lists again")
            self._troubled = ""
        except (OSError, SQLAlchemyError) as error:
            if self._troubled != str(error):
                log.error("the broker's lists are not up to date", error=str(error))
            self._troubled = str(error)
        return LOOK_S


def reload_by_pid(directory: Path) -> None:
    """Tell the Mosquitto that runs from this directory, if one does; one that starts later reads
    the files anyway. Raises OSError where it may not be told: the ledger then needs the broker's
    user, or a service that watches the files (docs/operations.md)."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        text = (directory / PID).read_text(encoding="ascii").strip()
        if text.isdecimal() and _is_mosquitto(int(text)):
            os.kill(int(text), signal.SIGHUP)


def _is_mosquitto(pid: int) -> bool:
    """Whether the number was not given to another program since."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == "mosquitto"
    return False
