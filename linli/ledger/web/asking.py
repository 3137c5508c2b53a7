"""`POST /v1/terminals/{name}/ask`: what somebody at a terminal waits for, answered at once.

What the ledger cannot do for the person is an answer, `Declined`; what is wrong with the ask itself
is an error of HTTP. Nothing of a person is logged.
"""

from __future__ import annotations

import datetime as dt
import secrets
import threading
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from sqlalchemy import Connection, Engine

from linli.ledger.asks.cards import orders_at, talk_at
from linli.ledger.asks.declining import Decline, of_pin, of_shop
from linli.ledger.asks.looking import look_at_voucher
from linli.ledger.asks.losing import take_loss
from linli.ledger.asks.proving import prove_at
from linli.ledger.asks.redeeming import redeem_at
from linli.ledger.asks.tapped import caller_of
from linli.ledger.database import reading
from linli.ledger.people.access_log import Staff
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.pins import PinError, choose_pin
from linli.ledger.people.vault import KeyRing
from linli.ledger.shop.held_points import HeldError, ask_back
from linli.ledger.shop.refusals import ShopError
from linli.ledger.terminals.certifying import OutOfServiceError, require_in_service
from linli.ledger.terminals.quarantine import require_free
from linli.ledger.terminals.registry import BOARD, Registered, find
from linli.ledger.web.site import Site
from linli.sync.asks import (
    Answer,
    Ask,
    AskBody,
    AskLoss,
    AskProof,
    AskRedeem,
    AskSetPin,
    AskVoucher,
    Declined,
    PinSet,
    asker_of,
    open_ask,
)
from linli.sync.card_asks import AskCard, AskCardOrders
from linli.sync.clock import Clock
from linli.sync.messages import Trust, encode
from linli.sync.signing import REQUEST_WINDOW, MalformedError, SignatureError, public_from_hex

log = structlog.get_logger()
LARGEST = 16 * 1024
AT_ONCE, CARD_STEPS_AT_ONCE, WITHIN_S = 30, 180, 60.0
"""Asks that a terminal may make in this time: one person at a time stands there. A talk with a card
has six, and renewing keys must not keep anybody from being answered."""


class Pace:
    """How often each terminal asks, as far as this process knows."""

    def __init__(self, clock: Clock, at_once: int = AT_ONCE) -> None:
        self._clock = clock
        self._at_once = at_once
        self._asked: defaultdict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    def allows(self, name: str) -> bool:
        """Count one more."""
        now = self._clock.monotonic()
        with self._lock:
            asked = self._asked[name]
            while asked and now - asked[0] >= WITHIN_S:
                asked.popleft()
            if len(asked) >= self._at_once:
                return False
            asked.append(now)
            return True


def ask_routes(engine: Engine, clock: Clock, site: Site | None) -> APIRouter:
    """Without a `site` there are no keys to personal data: PINs and losses are not taken."""
    routes = APIRouter(prefix="/v1/terminals")
    pace, card_pace = Pace(clock), Pace(clock, CARD_STEPS_AT_ONCE)

    @routes.post("/{name}/ask")
    def ask(name: str, payload: Annotated[bytes, Depends(body_of(LARGEST))]) -> Response:
        now = clock.now()
        with reading(engine) as connection:
            at, body = _authenticated(connection, name, payload, now)
        if not (card_pace if isinstance(body.ask, AskCard) else pace).allows(at.name):
            raise HTTPException(429, f"{at.name} asks too often: wait a minute")
        answer = _answered(engine, site, at, body.ask, now)
        reason = answer.reason if isinstance(answer, Declined) else None
        log.info("asked", terminal=at.name, ask=type(body.ask).__name__, declined=reason)
        if site is not None and reason is None:
            site.committed()
        return Response(
            encode(answer), media_type="application/json", headers={"Cache-Control": "no-store"}
        )

    return routes


def body_of(largest: int) -> Callable[[Request], Awaitable[bytes]]:
    """A dependency: the body, or 413 as soon as it is too large."""

    async def payload(request: Request) -> bytes:
        read = bytearray()
        async for chunk in request.stream():
            read += chunk
            if len(read) > largest:
                raise HTTPException(413, f"an ask has at most {largest} bytes")
        return bytes(read)

    return payload


def _authenticated(
    connection: Connection, name: str, payload: bytes, now: dt.datetime
) -> tuple[Registered, AskBody]:
    """Who asks and what, or an error of HTTP."""
    try:
        if b"\\u0000" in payload:
            raise MalformedError("it holds a NUL character")
        if asker_of(payload) != name:
            raise HTTPException(403, f"it came as {name}, but says something else")
        at = find(connection, name)
        if at is None:
            raise SignatureError("nobody of this name is registered: register it at the ledger")
        body = open_ask(payload, public_from_hex(at.public_key))
    except MalformedError as error:
        raise HTTPException(400, str(error)) from error
    except SignatureError as error:
        raise HTTPException(401, str(error)) from error
    if abs(now - body.at) > REQUEST_WINDOW:
        raise HTTPException(401, "the ask's time is more than five minutes off: check both clocks")
    if at.kind == BOARD:
        raise HTTPException(403, f"{name} is a board: nobody asks there")
    try:
        require_in_service(connection, name)
        require_free(connection, name)
    except OutOfServiceError as error:
        raise HTTPException(403, str(error)) from error
    return at, body


def _answered(
    engine: Engine, site: Site | None, at: Registered, ask: Ask, now: dt.datetime
) -> Answer:
    try:
        return _done(engine, site, at, ask, now)
    except HeldError as error:
        if ask_back(engine, error.account, now) and site is not None:
            site.committed()
        declined = of_shop(error)
    except ShopError as error:
        declined = of_shop(error)
    except PinError as error:
        declined = of_pin(error)
    except PeopleError:
        declined = Decline("account")
    except Decline as error:
        declined = error
    return Declined(reason=declined.reason, tries=declined.tries)


def _done(engine: Engine, site: Site | None, at: Registered, ask: Ask, now: dt.datetime) -> Answer:
    """Raises Decline, ShopError, PinError, PeopleError."""
    match ask:
        case AskRedeem():
            return redeem_at(engine, at, ask, secrets.randbits, now)
        case AskProof():
            with reading(engine) as connection:
                return prove_at(connection, at, ask)
        case AskSetPin():
            return _set_pin(engine, _ring(site), at, ask, now)
        case AskVoucher():
            with reading(engine) as connection:
                return look_at_voucher(connection, ask, now)
        case AskLoss():
            return take_loss(engine, _ring(site), at, ask, now)
        case AskCardOrders():
            with reading(engine) as connection:
                return orders_at(connection, at, now)
        case AskCard():
            return talk_at(engine, _ring(site), at, ask, secrets.token_bytes, now)


def _set_pin(
    engine: Engine, ring: KeyRing, at: Registered, ask: AskSetPin, now: dt.datetime
) -> PinSet:
    with reading(engine) as connection:
        caller = caller_of(connection, ask.who, at.scope)
    if caller.trust is not Trust.HIGH:
        raise Decline("card")
    by = Staff(at.name, "terminal")
    choose_pin(engine, caller.account, ask.old, ask.pin, ring, by, "with their own card", now)
    return PinSet()


def _ring(site: Site | None) -> KeyRing:
    if site is None:
        raise HTTPException(503, "this ledger serves no people: it has no keys to personal data")
    return site.ring
