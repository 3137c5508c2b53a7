"""Listens to who comes and goes: a thread between `Link`, what `doubles` judges of those that
come, and what the fleet's list keeps of both.

What is heard while the database does not answer is forgotten: a terminal that is in use twice
speaks again, and the broker says at the next connect who is there.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy import Connection, Engine, select

from linli.ledger.fleet.health.keeping import keep_presence
from linli.ledger.terminals.doubles import Start, hear
from linli.ledger.terminals.line import Line
from linli.ledger.terminals.schema import terminal
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.messages import Presence, PresenceState

log = structlog.get_logger()
TOGETHER = 200
"""How many of those that wait are kept in one transaction."""


class PresenceWatch(Line[Presence]):
    """Make it before the link is started."""

    def __init__(self, engine: Engine, link: Link, clock: Clock) -> None:
        super().__init__("presence", link, topics.presence("+"), Presence, TOGETHER)
        self._engine, self._clock = engine, clock

    def keep(self, words: Sequence[Presence]) -> None:
        with self._engine.begin() as connection:
            twice = [said.terminal for said in words if self._back(connection, said)]
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
