"""Tells open board pages that something changed: one look at the feeds' heads serves all of them.

Changes are committed by this process or by others of the same ledger, so the heads themselves are
looked at, and only while somebody has a board open.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator

import structlog
from anyio import to_thread
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.database import reading
from linli.ledger.feed.schema import feed_head
from linli.sync.messages import Stream

log = structlog.get_logger()
LOOK_S, QUIET_S = 0.3, 15.0
MOST = 500
"""Boards that one process keeps open; others ask again later, and look every now and then."""


class TooManyError(RuntimeError):
    """No more boards can be kept open."""


class BoardWatch:
    """Lives in the event loop of the web server."""

    def __init__(self, engine: Engine, look_s: float = LOOK_S, quiet_s: float = QUIET_S) -> None:
        self._engine = engine
        self._look_s, self._quiet_s = look_s, quiet_s
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._numbers: dict[str, int] = {}
        self._looking: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        return sum(map(len, self._waiting.values())) >= MOST

    async def follow(self, scope: str) -> AsyncIterator[int | None]:
        """The number of the newest change, at once and with every change; None after a while
        without one. Raises TooManyError."""
        if self.is_full:
            raise TooManyError
        changed = asyncio.Event()
        self._waiting[scope].add(changed)
        try:
            number = (await self._read([scope])).get(scope, 0)
            yield number
            self._look()
            while True:
                changed.clear()
                known = self._numbers.get(scope, 0)
                if known > number:
                    number = known
                    yield number
                    continue
                try:
                    await asyncio.wait_for(changed.wait(), self._quiet_s)
                except TimeoutError:
                    yield None
        finally:
            self._waiting[scope].discard(changed)
            if not self._waiting[scope]:
                del self._waiting[scope]

    def _look(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._keep_looking())

    async def _keep_looking(self) -> None:
        """Until nobody waits any more."""
        while self._waiting:
            try:
                found = await self._read(list(self._waiting))
            except SQLAlchemyError as error:
                log.warning("the heads of the feeds cannot be read", error=str(error))
                found = {}
            for scope, number in found.items():
                if number > self._numbers.get(scope, 0):
                    self._numbers[scope] = number
                    for event in self._waiting.get(scope, ()):
                        event.set()
            await asyncio.sleep(self._look_s)

    async def _read(self, scopes: list[str]) -> dict[str, int]:
        return await to_thread.run_sync(self._heads, scopes)

    def _heads(self, scopes: list[str]) -> dict[str, int]:
        query = select(feed_head.c.scope, feed_head.c.number).where(
            feed_head.c.stream == Stream.CHANGES.value, feed_head.c.scope.in_(scopes)
        )
        with reading(self._engine) as connection:
            return {row.scope: int(row.number) for row in connection.execute(query)}
