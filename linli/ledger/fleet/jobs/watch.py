"""Hears what terminals say of their jobs, and steps roll-outs: a thread between `Link` and rooms.

What is heard while the database does not answer is forgotten: a terminal says the end of a job
again with its next connect, for as long as the job is listed.
"""

from __future__ import annotations

import queue
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.fleet.jobs.hearing import Heard, Word, any_open, give_up, hear_all
from linli.ledger.fleet.jobs.log_tail import LogTail
from linli.ledger.fleet.jobs.reading import is_followed
from linli.ledger.fleet.jobs.results import forget_results
from linli.ledger.fleet.jobs.rollouts import running, step
from linli.ledger.terminals.line import taken
from linli.ledger.terminals.own_words import LONGEST, own_word
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.job_messages import MESSAGE_BYTES, JobStatus, LogLines
from linli.sync.link import Link
from linli.sync.rounds import Rounds
from linli.sync.signing import MalformedError

log = structlog.get_logger()
QUEUED, QUEUED_OF_ONE = 4000, 100
LOOK_S, FORGET_S, TROUBLE_S = 5.0, 3600.0, 1.0
TOGETHER = 200
M = TypeVar("M", JobStatus, LogLines)


def new_id() -> str:
    """A name for a job or roll-out."""
    return secrets.token_hex(8)


class JobWatch:
    """Make it before the link is started. `committed` is called when something is to be told."""

    def __init__(
        self,
        engine: Engine,
        link: Link,
        clock: Clock,
        tail: LogTail,
        committed: Callable[[], None],
    ) -> None:
        self._engine, self._clock, self._tail = engine, clock, tail
        self._committed = committed
        self._inbox: queue.Queue[JobStatus | LogLines] = queue.Queue(QUEUED)
        self._of: Counter[str] = Counter()
        """How many of those that wait are of which terminal."""
        self._counting = threading.Lock()
        self._looked_at: float | None = None
        self._forgot_at: float | None = None
        self._rounds = Rounds("jobs", self._round)
        link.subscribe(topics.job_status("+"), self._status_arrived)
        link.subscribe(topics.logs("+"), self._lines_arrived)

    def start(self) -> None:
        self._rounds.start()

    def close(self) -> None:
        """What waits is not kept any more. Also before `start`."""
        self._rounds.close()

    def _status_arrived(self, topic: str, payload: bytes) -> None:
        self._put(topic, payload, JobStatus, LONGEST)

    def _lines_arrived(self, topic: str, payload: bytes) -> None:
        self._put(topic, payload, LogLines, MESSAGE_BYTES)

    def _put(self, topic: str, payload: bytes, kind: type[M], longest: int) -> None:
        try:
            told = own_word(topic, payload, kind, longest)
            self._wait_in_line(told.terminal, told)
        except MalformedError as error:
            log.warning("a word about a job is not taken", topic=topic, error=str(error)[:200])
        except queue.Full:
            log.warning("a word about a job is not looked at", topic=topic)

    def _wait_in_line(self, name: str, told: JobStatus | LogLines) -> None:
        """Who floods is not looked at, and keeps nobody else out. Raises queue.Full."""
        with self._counting:
            if self._of[name] >= QUEUED_OF_ONE:
                raise queue.Full
            self._inbox.put_nowait(told)
            self._of[name] += 1

    # --- the thread ----------------------------------------------------------------------------

    def _round(self) -> float:
        try:
            self._look_if_due()
            self._take(self._waiting())
        except (SQLAlchemyError, OSError) as error:
            log.error("jobs not looked after, trying again", error=str(error))
            return TROUBLE_S
        except Exception:
            # A fault over one job must not end the care of all others.
            log.exception("jobs stumbled, trying again")
            return TROUBLE_S
        return 0.0

    def _waiting(self) -> list[JobStatus | LogLines]:
        some = taken(self._inbox, TOGETHER)
        with self._counting:
            self._of.subtract(told.terminal for told in some)
            self._of += Counter()  # forgets those of whom none waits
        return some

    def _take(self, some: Sequence[JobStatus | LogLines]) -> None:
        lines = [told for told in some if isinstance(told, LogLines)]
        for told in lines:
            self._follow(told)
        statuses = [told for told in some if isinstance(told, JobStatus)]
        if not statuses:
            return
        try:
            words = self._hear(statuses)
        except (SQLAlchemyError, OSError):
            log.exception("words about jobs not kept together, now one by one")
            words = [word for one in statuses for word in self._hear_alone(one)]
        for rollout in dict.fromkeys(word.rollout for word in words if word.rollout):
            self._step(rollout)
        if any(word.heard is Heard.TAKEN for word in words):
            self._committed()

    def _hear(self, statuses: Sequence[JobStatus]) -> list[Word]:
        """In one transaction: the terminals of a wave answer in the same seconds."""
        now = self._clock.now()
        with self._engine.begin() as connection:
            words = hear_all(connection, statuses, now)
        for told, word in zip(statuses, words, strict=True):
            if word.heard in (Heard.NO_JOB, Heard.ANOTHERS, Heard.BACKWARDS):
                what = {"terminal": told.terminal, "job": told.id, "why": word.heard.value}
                log.warning("a word about a job is not believed", **what)
        return words

    def _hear_alone(self, told: JobStatus) -> list[Word]:
        try:
            return self._hear([told])
        except (SQLAlchemyError, OSError) as error:
            what = {"terminal": told.terminal, "job": told.id}
            log.error("a word about a job is not kept", **what, error=str(error))
            return []

    def _follow(self, told: LogLines) -> None:
        with self._engine.connect() as connection:
            followed = is_followed(connection, told.terminal, told.id, self._clock.now())
        if followed:
            self._tail.add(told.id, told.number, told.lines)

    def _look_if_due(self) -> None:
        now = self._clock.monotonic()
        if self._looked_at is not None and now - self._looked_at < LOOK_S:
            return
        self._looked_at = now
        with self._engine.connect() as connection:
            waiting, busy = running(connection), any_open(connection)
        ended = busy and self._give_up()
        stepped = [self._step(one) for one in waiting]
        if ended or any(stepped):
            self._committed()
        if self._forgot_at is None or now - self._forgot_at >= FORGET_S:
            self._forgot_at = now
            with self._engine.begin() as connection:
                forget_results(connection, self._clock.now())

    def _give_up(self) -> bool:
        with self._engine.begin() as connection:
            return give_up(connection, self._clock.now()) > 0

    def _step(self, rollout: str) -> bool:
        """One whose task only a newer ledger knows waits for that, and keeps no other waiting."""
        try:
            with self._engine.begin() as connection:
                return step(connection, rollout, new_id, self._clock.now())
        except MalformedError as error:
            log.error("a roll-out cannot go on here", rollout=rollout, error=str(error)[:200])
            return False
