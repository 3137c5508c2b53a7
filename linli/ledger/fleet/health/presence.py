"""Listens to who comes and goes: a thread between `Link`, what `doubles` judges of those that
come, and what the fleet's list keeps of both.

What is heard while the database does not answer is forgotten: a terminal that is in use twice
speaks again, and the broker says at the next connect who is there.
"""

from __future__ import annotations

import queue

import structlog
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.fleet.health.keeping import keep_presence
from linli.ledger.terminals.doubles import Start, hear
from linli.ledger.terminals.line import taken
from linli.ledger.terminals.own_words import own_word
from linli.ledger.terminals.schema import terminal
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.messages import Presence, PresenceState
from linli.sync.rounds import Rounds
from linli.sync.signing import MalformedError

log = structlog.get_logger()
QUEUED = 4000
TOGETHER = 200
"""How many of those that wait are kept in one transaction."""


class PresenceWatch:
    """Make it before the link is started."""

    def __init__(self, engine: Engine, link: Link, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._inbox: queue.Queue[Presence] = queue.Queue(QUEUED)
        self._rounds = Rounds("presence", self._round)
        link.subscribe(topics.presence("+"), self._arrived)

    def start(self) -> None:
        self._rounds.start()

    def close(self) -> None:
        """What waits is not kept any more. Also before `start`."""
        self._rounds.close()

    def _arrived(self, topic: str, payload: bytes) -> None:
        try:
            self._inbox.put_nowait(own_word(topic, payload, Presence))
        except MalformedError as error:
            log.warning("presence not taken", topic=topic, error=str(error)[:200])
        except queue.Full:
            log.warning("presence not looked at", topic=topic)

    def _round(self) -> float:
        if heard := taken(self._inbox, TOGETHER):
            self._keep(heard)
        return 0.0

    def _keep(self, heard: list[Presence]) -> None:
        """They are held in the order of their names, as by everybody who holds several."""
        by_name = sorted(heard, key=lambda said: said.terminal)
        try:
            with self._engine.begin() as connection:
                twice = [said.terminal for said in by_name if self._back(connection, said)]
        except (SQLAlchemyError, OSError) as error:
            if len(heard) == 1:
                log.error("presence not kept", terminal=heard[0].terminal, error=str(error))
                return
            for said in heard:
                self._keep([said])
            return
        for name in twice:
            log.warning("one identity in use twice", terminal=name)

    def _back(self, connection: Connection, said: Presence) -> bool:
        """Whether a start of before speaks again after a later one."""
        name, now = said.terminal, self._clock.now()
        start: Start | None = None
        # A will is published when nobody is there any more, also long after: it tells no start.
        if said.state is PresenceState.ONLINE:
            start = hear(connection, name, said.bootid, now)
            known = start is not None
        else:
            held = select(terminal.c.name).where(terminal.c.name == name).with_for_update()
            known = connection.execute(held).first() is not None
        if known:
            keep_presence(connection, name, said.state, said.bootid, now)
        return start is Start.BACK
