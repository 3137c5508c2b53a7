"""Publishes what the ledger committed: changes in their order, then the retained messages.

A change is marked as published once the link took it, a moment later and several at a time, so
that a tap's way to the boards holds no write lock. What the link took and lost with its
connection goes out again; consumers ignore old numbers, and a retained head tells them of a
number they missed. Several publishers on one database therefore do no harm.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

import structlog
from sqlalchemy import Engine, bindparam, false, select, update
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.database import reading
from linli.ledger.feed.documents import Retained, head_message, news
from linli.ledger.feed.retention import forget_old
from linli.ledger.feed.schema import change
from linli.ledger.fleet.jobs.lists import listed
from linli.ledger.fleet.settings.wishes import desired
from linli.sync import topics
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.messages import Stream

log = structlog.get_logger()
AT_ONCE = 50
"""Changes read from the database in one go."""
LOOK_S = 1.0
"""How often to look without being poked, for what other processes wrote, and for documents."""
RETRY_S = 1.0
QUIET_S, MARK_AT = 0.25, 100
"""Published changes are marked after so long without a poke, or when so many are there."""
FORGET_S = 3600.0

Key = tuple[str, str, int]


class _Waiting(NamedTuple):
    scope: str
    stream: str
    number: int
    payload: bytes

    @property
    def key(self) -> Key:
        return self.scope, self.stream, self.number


class Publisher:
    """One thread that publishes a ledger's feeds over `link`. Make it before the link is
    started; `poke` it after each commit that wrote to a feed."""

    def __init__(self, engine: Engine, link: Link, clock: Clock) -> None:
        self._engine = engine
        self._link = link
        self._clock = clock
        self._wake = threading.Event()
        self._connected = threading.Event()
        self._closing = threading.Event()
        self._unmarked: set[Key] = set()
        """Changes that the link took and that are not marked yet."""
        self._told: dict[str, str] = {}
        """The edition of each retained topic that went out in this connection."""
        self._looked_at: float | None = None
        self._forgot_at: float | None = None
        self._troubled = False
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        link.on_state(self._take_state)

    def start(self) -> None:
        self._thread.start()

    def poke(self) -> None:
        """Something was committed: publish it now. From any thread."""
        self._wake.set()

    def close(self) -> None:
        """Publish what is waiting, if the link is there, and end the thread."""
        self._closing.set()
        self._wake.set()
        self._connected.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _take_state(self, online: bool) -> None:
        if online:
            self._connected.set()
            self._wake.set()

    # --- the publisher's thread --------------------------------------------------------------

    def _run(self) -> None:
        quiet = False
        while True:
            self._wake.clear()
            last = self._closing.is_set()
            finished = self._try(mark=quiet or last)
            if last:
                return
            if finished:
                quiet = not self._wake.wait(QUIET_S if self._unmarked else LOOK_S)
            else:
                # Pokes do not help while the link or the database is away.
                self._connected.wait(RETRY_S)

    def _try(self, *, mark: bool) -> bool:
        """One pass; whether everything was published."""
        self._start_over_if_reconnected()
        try:
            finished = self._link.online and self._publish()
            if mark and self._link.online:
                self._mark()
            self._forget()
        except (SQLAlchemyError, OSError) as error:
            if not self._troubled:
                log.warning("feeds not published, trying again", error=str(error))
            self._troubled = True
            return False
        self._troubled = False
        return finished

    def _start_over_if_reconnected(self) -> None:
        """What a lost connection had in flight is not known: everything retained, and what was
        not marked yet, goes out again."""
        if self._connected.is_set() and not self._closing.is_set():
            self._connected.clear()
            self._unmarked.clear()
            self._told.clear()
            self._looked_at = None

    def _publish(self) -> bool:
        """Whether the link took everything there was."""
        while True:
            waiting = self._read_waiting()
            if not waiting:
                break
            if not self._publish_changes(waiting):
                return False
            if len(self._unmarked) >= MARK_AT:
                self._mark()
        now = self._clock.monotonic()
        if self._looked_at is None or now - self._looked_at >= LOOK_S:
            if not self._publish_news():
                return False
            self._looked_at = now
        return True

    def _read_waiting(self) -> list[_Waiting]:
        query = (
            select(change.c.scope, change.c.stream, change.c.number, change.c.payload)
            .where(change.c.published == false())
            .order_by(change.c.scope, change.c.stream, change.c.number)
            .limit(AT_ONCE + len(self._unmarked))
        )
        with reading(self._engine) as connection:
            rows = [_Waiting(*row) for row in connection.execute(query)]
        return [row for row in rows if row.key not in self._unmarked]

    def _publish_changes(self, rows: Sequence[_Waiting]) -> bool:
        """Rows in the order of feed and number; each feed's head follows its last change."""
        for row, following in zip(rows, [*rows[1:], None], strict=True):
            stream = Stream(row.stream)
            if not self._link.publish(topics.feed(row.scope, stream), row.payload):
                return False
            self._unmarked.add(row.key)
            ends = following is None or following.key[:2] != row.key[:2]
            if ends and not self._tell(head_message(row.scope, stream, row.number)):
                return False
        return True

    def _publish_news(self) -> bool:
        with reading(self._engine) as connection:
            messages = list(news(connection, self._told, self._clock.now()))
            messages += desired(connection, self._told)
            messages += listed(connection, self._told)
        return all(self._tell(message) for message in messages)

    def _tell(self, message: Retained) -> bool:
        for payload in message.before:
            if not self._link.publish(message.topic, payload):
                return False
        if not self._link.publish(message.topic, message.payload, retain=True):
            return False
        self._told[message.topic] = message.edition
        return True

    def _mark(self) -> None:
        if not self._unmarked:
            return
        keys = [
            {"of_scope": scope, "of_stream": stream, "of_number": number}
            for scope, stream, number in sorted(self._unmarked)
        ]
        with self._engine.begin() as connection:
            connection.execute(
                update(change)
                .where(
                    change.c.scope == bindparam("of_scope"),
                    change.c.stream == bindparam("of_stream"),
                    change.c.number == bindparam("of_number"),
                )
                .values(published=True),
                keys,
            )
        self._unmarked.clear()

    def _forget(self) -> None:
        now = self._clock.monotonic()
        if self._forgot_at is None or now - self._forgot_at >= FORGET_S:
            forgotten = forget_old(self._engine, self._clock.now())
            self._forgot_at = now
            if forgotten:
                log.info("old changes forgotten", count=forgotten)
