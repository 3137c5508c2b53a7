"""Hears how terminals are: a thread between `Link` and `keeping`.

Of each terminal the newest word waits, and all that wait are kept in one transaction: two thousand
that speak once a minute are one write a second. What is heard while the database does not answer is
forgotten: a terminal speaks again within a minute.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import structlog
from sqlalchemy import Engine

from linli.ledger.fleet.health.keeping import keep_health
from linli.ledger.terminals.own_words import own_word
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.health_messages import MESSAGE_BYTES, Health
from linli.sync.link import Link
from linli.sync.rounds import Rounds
from linli.sync.signing import MalformedError

log = structlog.get_logger()
WAITING = 20_000
"""Terminals whose word waits."""
GATHER_S = 1.0
EARLIEST, LATEST = 1970, 2199
"""Years that a clock may show, right or wrong."""


class HealthWatch:
    """Make it before the link is started."""

    def __init__(
        self, engine: Engine, link: Link, clock: Clock, gather_s: float = GATHER_S
    ) -> None:
        self._engine, self._clock, self._gather_s = engine, clock, gather_s
        self._holding = threading.Lock()
        self._waiting: dict[str, Health] = {}
        self._rounds = Rounds("health", self._round)
        link.subscribe(topics.health("+"), self._arrived)

    def start(self) -> None:
        self._rounds.start()

    def close(self) -> None:
        """What waits is not kept any more. Also before `start`."""
        self._rounds.close()

    def _arrived(self, topic: str, payload: bytes) -> None:
        try:
            word = understood(topic, payload)
        except MalformedError as error:
            what = {"topic": topic, "error": str(error)[:200]}
            log.warning("a word on its health is not taken", **what)
            return
        with self._holding:
            if word.terminal in self._waiting or len(self._waiting) < WAITING:
                self._waiting[word.terminal] = word

    def _round(self) -> float:
        with self._holding:
            words, self._waiting = self._waiting, {}
        if words:
            self._keep(words)
        return self._gather_s

    def _keep(self, words: dict[str, Health]) -> None:
        """Where one of them is what the database refuses, the others are kept one by one. Whatever
        is wrong with a word, it must not end the thread that hears all."""
        try:
            self._write(words)
        except Exception:
            if len(words) == 1:
                log.exception("a word on its health is not kept", terminal=[*words])
                return
            for name, word in words.items():
                if self._rounds.closing:
                    return
                self._keep({name: word})

    def _write(self, words: dict[str, Health]) -> None:
        with self._engine.begin() as connection:
            unknown = keep_health(connection, words, self._clock.now())
        for name in unknown:
            log.warning("a word on the health of nobody who is registered", terminal=name)


def understood(topic: str, payload: bytes) -> Health:
    """The word of that topic's terminal. Raises MalformedError."""
    word = own_word(topic, payload, Health, MESSAGE_BYTES)
    if not all(EARLIEST <= moment.year <= LATEST for moment in _moments(word)):
        raise MalformedError("no clock shows such a year")
    if b"\\u0000" in payload:
        raise MalformedError("it holds what is no text")
    return word


def _moments(word: Health) -> Iterator[dt.datetime]:
    yield word.at
    yield word.began_at
    if word.last_card_at is not None:
        yield word.last_card_at
    yield from (one.at for one in word.restarts)
    yield from (one.at for one in word.errors)
