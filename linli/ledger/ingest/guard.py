"""Stands between the broker and all that the ledger hears: no terminal takes the others' place.

Every message is counted against what its terminal may send (`limits.py`) on the link's thread,
before anything else is done with it. A thread of its own sets apart those that go far beyond, and
asks every other second who is registered and whom a maintainer has let out.
"""

from __future__ import annotations

import threading

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.database import reading
from linli.ledger.ingest.limits import Sender
from linli.ledger.ingest.parking import piled_up
from linli.ledger.terminals.quarantine import Cause, everybody, set_apart
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.rounds import Rounds

log = structlog.get_logger()
LOOK_S = 2.0
PILES_EVERY = 30
"""Every how many looks it is asked what was set aside: that reads a whole table."""
STRANGERS = ""
"""Names that nobody is registered under share one account: anybody could make up millions."""


class Guard:
    """`admits` may be called from any thread. Start it for terminals to be set apart for good and
    for names to be known; a guard that never looked takes everybody for registered."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._lock = threading.Lock()
        self._senders: dict[str, Sender] = {}
        self._known: frozenset[str] | None = None
        self._apart: frozenset[str] = frozenset()
        self._beyond: set[str] = set()
        """Those that are to be set apart as soon as the database takes it."""
        self._looks = 0
        self._troubled = False
        """Nobody hurries a database that does not answer."""
        self._rounds = Rounds("guard", self._round)

    def start(self) -> None:
        self._rounds.start()

    def close(self) -> None:
        """Also before `start`."""
        self._rounds.close()

    def admits(self, topic: str, payload: bytes) -> bool:
        """Whether a message that the broker brought may be looked at."""
        try:
            name = topics.terminal_of(topic)
        except ValueError:
            return True
        what = topic.split("/", 4)[4]
        now = self._clock.monotonic()
        with self._lock:
            if self._is_apart(name):
                return False
            sender = self._sender(name, now)
            if topic == topics.events(name):
                fits = sender.batch(len(payload), now)
            else:
                fits = sender.other(what, len(payload), now)
            self._judge(name, sender)
        return fits

    def admits_events(self, name: str, count: int) -> bool:
        """Whether so many events, of a batch that was admitted, may be taken."""
        now = self._clock.monotonic()
        with self._lock:
            if self._is_apart(name):
                return False
            sender = self._sender(name, now)
            fits = sender.events(count, now)
            self._judge(name, sender)
        return fits

    def worked(self, name: str, seconds: float) -> None:
        """A batch of this terminal took so much of the processor."""
        now = self._clock.monotonic()
        with self._lock:
            sender = self._sender(name, now)
            sender.worked(seconds, now)
            self._judge(name, sender)

    def look(self) -> None:
        """Set apart whoever went beyond, and learn whom a maintainer has let out. Raises
        SQLAlchemyError, OSError."""
        now = self._clock.now()
        with self._lock:
            beyond = dict.fromkeys(self._beyond, Cause.FLOOD)
        if self._looks % PILES_EVERY == 0:
            with reading(self._engine) as connection:
                beyond |= dict.fromkeys(piled_up(connection), Cause.PILE)
        for name, cause in beyond.items():
            with self._engine.begin() as connection:
                if set_apart(connection, name, cause, now):
                    log.warning("a terminal is put in quarantine", terminal=name, cause=cause.value)
        with reading(self._engine) as connection:
            known, apart = everybody(connection)
        self._looks += 1
        self._learn(known, apart, frozenset(beyond))

    def _learn(self, known: frozenset[str], apart: frozenset[str], put: frozenset[str]) -> None:
        monotonic = self._clock.monotonic()
        with self._lock:
            let_out = self._apart - apart
            self._known, self._apart = known, apart
            self._beyond -= put
            self._senders = {
                name: sender
                for name, sender in self._senders.items()
                if name not in let_out and name not in apart and not sender.quiet(monotonic)
            }

    def _is_apart(self, name: str) -> bool:
        return name in self._apart or name in self._beyond

    def _sender(self, name: str, now: float) -> Sender:
        key = name if self._known is None or name in self._known else STRANGERS
        if key not in self._senders:
            self._senders[key] = Sender(now)
        return self._senders[key]

    def _judge(self, name: str, sender: Sender) -> None:
        if sender.beyond() and self._known is not None and name in self._known:
            self._beyond.add(name)
            if not self._troubled:
                self._rounds.wake()

    def _round(self) -> float:
        try:
            self.look()
            self._troubled = False
        except (SQLAlchemyError, OSError) as error:
            if not self._troubled:
                log.error("who is in quarantine is not known", error=str(error))
            self._troubled = True
        return LOOK_S
