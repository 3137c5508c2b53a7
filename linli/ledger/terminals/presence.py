"""Listens to who says that it is there: a thread between `Link` and what `doubles` judges.

What is heard while the database does not answer is forgotten: a terminal that is in use twice
speaks again.
"""

from __future__ import annotations

import queue
import threading

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.terminals.doubles import Start, hear
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.messages import Presence, PresenceState
from linli.sync.parsing import parse
from linli.sync.signing import MalformedError

log = structlog.get_logger()
QUEUED = 2000


class PresenceWatch:
    """Make it before the link is started."""

    def __init__(self, engine: Engine, link: Link, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._inbox: queue.Queue[tuple[str, str] | None] = queue.Queue(QUEUED)
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
        link.subscribe(topics.presence("+"), self._arrived)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        while True:
            try:
                self._inbox.put_nowait(None)
            except queue.Full:
                self._inbox.get_nowait()
            else:
                break
        if self._thread.ident is not None:
            self._thread.join()

    def _arrived(self, topic: str, payload: bytes) -> None:
        try:
            said = parse(payload, Presence)
        except MalformedError:
            log.warning("presence not understood", topic=topic)
            return
        name = topics.terminal_of(topic)
        # A will is published when nobody is there any more, also long after.
        if said.state is PresenceState.ONLINE and said.terminal == name:
            try:
                self._inbox.put_nowait((name, said.bootid))
            except queue.Full:
                log.warning("presence not looked at", terminal=name)

    def _run(self) -> None:
        while (heard := self._inbox.get()) is not None:
            try:
                with self._engine.begin() as connection:
                    start = hear(connection, *heard, self._clock.now())
            except (SQLAlchemyError, OSError) as error:
                log.error("presence not kept", terminal=heard[0], error=str(error))
                continue
            if start is Start.BACK:
                log.warning("one identity in use twice", terminal=heard[0])
