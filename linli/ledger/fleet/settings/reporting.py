"""Hears what terminals say about their settings: a thread between `Link` and `wishes`.

What is heard while the database does not answer is forgotten: a terminal says it again with its
next connect, and the broker with this ledger's.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy import Engine

from linli.ledger.fleet.settings.wishes import report
from linli.ledger.terminals.line import Line
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.shadow_messages import Reported

log = structlog.get_logger()
TOGETHER = 100
"""Reports that share a transaction, where so many wait: a thousand terminals answer in the same
seconds."""


class ReportWatch(Line[Reported]):
    """Make it before the link is started."""

    def __init__(self, engine: Engine, link: Link, clock: Clock) -> None:
        super().__init__("reports", link, topics.reported("+"), Reported, TOGETHER)
        self._engine, self._clock = engine, clock

    def keep(self, words: Sequence[Reported]) -> None:
        now = self._clock.now()
        with self._engine.begin() as connection:
            unknown = [told.terminal for told in words if not report(connection, told, now)]
        for name in unknown:
            log.warning("a report of nobody who is registered", terminal=name)
