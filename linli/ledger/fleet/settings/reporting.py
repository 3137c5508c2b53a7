"""Hears what terminals say about their settings: a thread between `Link` and `wishes`.

What is heard while the database does not answer is forgotten: a terminal says it again with its
next connect, and the broker with this ledger's.
"""

from __future__ import annotations

import queue
from collections.abc import Sequence

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.fleet.settings.wishes import report
from linli.ledger.terminals.line import taken
from linli.ledger.terminals.own_words import own_word
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.rounds import Rounds
from linli.sync.shadow_messages import Reported
from linli.sync.signing import MalformedError

log = structlog.get_logger()
QUEUED = 4000
TOGETHER = 100
"""Reports that share a transaction, where so many wait."""


class ReportWatch:
    """Make it before the link is started."""

    def __init__(self, engine: Engine, link: Link, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._inbox: queue.Queue[Reported] = queue.Queue(QUEUED)
        self._rounds = Rounds("reports", self._round)
        link.subscribe(topics.reported("+"), self._arrived)

    def start(self) -> None:
        self._rounds.start()

    def close(self) -> None:
        """What waits is not kept any more. Also before `start`."""
        self._rounds.close()

    def _arrived(self, topic: str, payload: bytes) -> None:
        try:
            self._inbox.put_nowait(own_word(topic, payload, Reported))
        except MalformedError as error:
            log.warning("a report is not taken", topic=topic, error=str(error)[:200])
        except queue.Full:
            log.warning("a report is not looked at", topic=topic)

    def _round(self) -> float:
        if some := taken(self._inbox, TOGETHER):
            self._keep(some)
        return 0.0

    def _keep(self, some: Sequence[Reported]) -> None:
        """In one transaction: a thousand terminals answer in the same seconds. They are held in the
        order of their names, as by whoever wants something of all; where one of them says what the
        database refuses, the others are kept one by one."""
        unknown = []
        try:
            with self._engine.begin() as connection:
                for told in sorted(some, key=lambda told: told.terminal):
                    if not report(connection, told, self._clock.now()):
                        unknown.append(told.terminal)
        except (SQLAlchemyError, OSError) as error:
            if len(some) == 1:
                name = some[0].terminal
                log.error("a report is not kept", terminal=name, error=str(error))
                return
            for told in some:
                self._keep([told])
            return
        for name in unknown:
            log.warning("a report of nobody who is registered", terminal=name)
