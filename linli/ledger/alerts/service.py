"""The thread that looks at everything twice a minute, and those that send what is to be told.

A server that hangs keeps one sender of four from the others, for half a minute at most.
"""

from __future__ import annotations

import datetime as dt
import threading

import structlog
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from linli.ledger.alerts.looking import look
from linli.ledger.alerts.mail import NotSentError
from linli.ledger.alerts.post import Post
from linli.ledger.alerts.routes import route
from linli.ledger.alerts.sending import (
    AT_ONCE,
    Message,
    claim,
    failed,
    forget_old,
    make_messages,
    sent,
)
from linli.ledger.database import reading
from linli.ledger.people.schema import org
from linli.ledger.people.vault import KeyRing, VaultError
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.rounds import Rounds

log = structlog.get_logger()
LOOK_S, SEND_S, FORGET_S = 30.0, 5.0, 24 * 3600.0


class AlertService:
    """Make it before the link is started."""

    def __init__(self, engine: Engine, link: Link, clock: Clock, ring: KeyRing, post: Post) -> None:
        self._engine, self._clock, self._ring, self._post = engine, clock, ring, post
        self._linked_since: dt.datetime | None = None
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._looked_at: float | None = None
        self._forgot_at: float | None = None
        self._rounds = Rounds("alerts", self._go_round)
        link.on_state(self._take_state)

    def start(self) -> None:
        self._rounds.start()

    def close(self) -> None:
        """What is being sent is left to itself: it is sent again if that comes to nothing."""
        self._rounds.close()

    def _take_state(self, online: bool) -> None:
        self._linked_since = self._clock.now() if online else None

    def _go_round(self) -> float:
        try:
            self.round()
        except (SQLAlchemyError, OSError) as error:
            log.error("alerts not looked at, trying again", error=str(error))
        except Exception:
            # A fault in one rule must not silence all later alerts.
            log.exception("alerts stumbled, trying again")
        return SEND_S

    def round(self) -> None:
        """Look where it is time to, and send what is due."""
        monotonic = self._clock.monotonic()
        if self._looked_at is None or monotonic - self._looked_at >= LOOK_S:
            self._looked_at = monotonic
            turns = look(self._engine, self._linked_since, self._clock.now())
            if turns:
                log.info("alerts changed", count=turns)
        if self._forgot_at is None or monotonic - self._forgot_at >= FORGET_S:
            self._forgot_at = monotonic
            forget_old(self._engine, self._clock.now())
        make_messages(self._engine, self._clock.now())
        self._send()

    def _send(self) -> None:
        while self._free.acquire(blocking=False):
            taken: list[Message] = []
            try:
                taken = claim(self._engine, self._clock.now(), most=1)
            finally:
                if not taken:
                    self._free.release()
            if not taken:
                return
            name = f"alert-{taken[0].id[:6]}"
            threading.Thread(target=self._deliver, args=taken, name=name, daemon=True).start()

    def _deliver(self, message: Message) -> None:
        try:
            self._try(message)
        except (SQLAlchemyError, OSError) as error:
            log.error("what became of an alert's message is not kept", error=str(error))
        except Exception as error:
            # It must be given up in the end: no other message of its route goes out before.
            log.exception("an alert's message stumbled, it is tried again")
            self._not_taken(message, f"a fault of the program: {type(error).__name__}")
        finally:
            self._free.release()

    def _try(self, message: Message) -> None:
        with reading(self._engine) as connection:
            names = {row.id: row.name for row in connection.execute(select(org.c.id, org.c.name))}
            try:
                to = route(connection, self._ring, message.route)
            except VaultError as error:
                log.error("an alert's route does not open", error=str(error))
                to = None
        try:
            if to is None:
                raise NotSentError("its address does not open with the keys of personal data")
            self._post.send(message, to, names, self._clock)
        except NotSentError as error:
            log.warning("an alert's message was not taken", message=message.id, why=str(error))
            self._not_taken(message, str(error))
        else:
            sent(self._engine, message.id, self._clock.now())

    def _not_taken(self, message: Message, why: str) -> None:
        try:
            failed(self._engine, message.id, why, self._clock.now())
        except (SQLAlchemyError, OSError) as error:
            log.error("what became of an alert's message is not kept", error=str(error))
