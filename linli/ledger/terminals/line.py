"""Words of terminals that wait in a line for the thread that keeps them."""

from __future__ import annotations

import contextlib
import queue
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.terminals.own_words import OwnWord, own_word
from linli.sync.link import Link
from linli.sync.rounds import Rounds
from linli.sync.signing import MalformedError

log = structlog.get_logger()
PATIENCE_S = 0.5
QUEUED = 4000
T = TypeVar("T")
W = TypeVar("W", bound=OwnWord)


class Line(ABC, Generic[W]):
    """Hears the words of `kind` on `topic`, and keeps `together` of those that wait at a time.

    Make it before the link is started. What is heard while the database does not answer is
    forgotten: that suits words which are said again with the next connect, and no others. `named`
    is what the log and the thread call them.
    """

    def __init__(self, named: str, link: Link, topic: str, kind: type[W], together: int) -> None:
        self._named, self._kind, self._together = named, kind, together
        self._waiting: queue.Queue[W] = queue.Queue(QUEUED)
        self._rounds = Rounds(named, self._round)
        link.subscribe(topic, self._arrived)

    @abstractmethod
    def keep(self, words: Sequence[W]) -> None:
        """All of them in one transaction. Raises SQLAlchemyError, OSError."""

    def start(self) -> None:
        self._rounds.start()

    def close(self) -> None:
        """What waits is not kept any more. Also before `start`."""
        self._rounds.close()

    def _arrived(self, topic: str, payload: bytes) -> None:
        try:
            self._waiting.put_nowait(own_word(topic, payload, self._kind))
        except MalformedError as error:
            log.warning("a word is not taken", of=self._named, topic=topic, error=str(error)[:200])
        except queue.Full:
            log.warning("a word is not looked at", of=self._named, topic=topic)

    def _round(self) -> float:
        if words := taken(self._waiting, self._together):
            self._keep(words)
        return 0.0

    def _keep(self, words: Sequence[W]) -> None:
        """In the order of the terminals' names, as everybody holds them who holds several. Where
        one says what the database refuses, the others are kept one by one."""
        try:
            self.keep(sorted(words, key=lambda word: word.terminal))
        except (SQLAlchemyError, OSError) as error:
            if len(words) > 1:
                for word in words:
                    self._keep([word])
                return
            what = {"of": self._named, "terminal": words[0].terminal}
            log.error("a word is not kept", **what, error=str(error))


def taken(line: queue.Queue[T], most: int) -> list[T]:
    """Those that wait, as far as they share a transaction; after half a second nothing."""
    some: list[T] = []
    with contextlib.suppress(queue.Empty):
        some.append(line.get(timeout=PATIENCE_S))
        while len(some) < most:
            some.append(line.get_nowait())
    return some
