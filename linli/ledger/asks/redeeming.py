"""Goods, services and vouchers for points, at a terminal: the shop's own rules, and a PIN where the
card alone is not enough. The same request again is answered as before, without a PIN: it was paid.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable

from sqlalchemy import Connection, Engine, select

from linli.ledger.asks.declining import Decline, of_pin
from linli.ledger.asks.tapped import Caller, caller_of
from linli.ledger.database import reading
from linli.ledger.journal.accounts import redeemable
from linli.ledger.journal.schema import account
from linli.ledger.people.pins import PinError, prove_pin, state_of
from linli.ledger.shop.doors import read_door
from linli.ledger.shop.merchants import read_merchant, read_offer
from linli.ledger.shop.posting import REDEEM
from linli.ledger.shop.redeeming import find, redeem
from linli.ledger.shop.vouchers import issue
from linli.ledger.shop.wares import read_ware
from linli.ledger.terminals.registry import Registered
from linli.sync.asks import AskRedeem, Redeemed
from linli.sync.rules import pin_needed


def request_of(terminal: str, request: str) -> str:
    """The shop's name for a terminal's request: no phone or desk makes one that begins so, and no
    other terminal has the same. The shop takes 64 characters."""
    digest = hashlib.sha256(f"{terminal}\n{request}".encode()).hexdigest()
    return f"terminal-{digest[:40]}"


def redeem_at(
    engine: Engine,
    at: Registered,
    ask: AskRedeem,
    random_bits: Callable[[int], int],
    now: dt.datetime,
) -> Redeemed:
    """Raises Decline, and ShopError as the shop does."""
    if bool(ask.ware) == bool(ask.offer):
        raise Decline("not-there")
    request = request_of(at.name, ask.request)
    with reading(engine) as connection:
        caller = caller_of(connection, ask.who, at.scope)
        before = _asked_before(connection, caller, request)
        price = None if before else _price(connection, ask)
        has_pin = state_of(connection, caller.account) is not None
        if before is None:
            _require_behind_door(connection, at, ask)
    if price is not None and pin_needed(caller.trust, price):
        _require_pin(engine, caller, ask, now, has_pin=has_pin)
    with engine.begin() as connection:
        asked = before or caller.account
        if ask.ware:
            answer = _goods(connection, at, ask.ware, asked, request, now)
        else:
            answer = _voucher(connection, ask.offer, asked, request, random_bits, now)
        return answer(_left(connection, caller.account))


Answer = Callable[[int], Redeemed]
"""The answer, once it is known how many points are left."""


def _goods(
    connection: Connection, at: Registered, ware: str, asked: str, request: str, now: dt.datetime
) -> Answer:
    made = redeem(connection, asked, request, ware, at.centre, now)
    order = f"{REDEEM}.{made.id}"
    return lambda left: Redeemed(order=order, title=made.title, points=made.points, left=left)


def _voucher(
    connection: Connection,
    offer: str,
    asked: str,
    request: str,
    random_bits: Callable[[int], int],
    now: dt.datetime,
) -> Answer:
    made = issue(connection, asked, request, offer, random_bits, now)
    merchant = read_merchant(connection, made.merchant)
    return lambda left: Redeemed(
        order=f"{REDEEM}.{made.id}",
        title=made.title,
        points=made.points,
        left=left,
        code=made.code,
        merchant="" if merchant is None else merchant.name,
        until=made.expires_at,
    )


def _asked_before(connection: Connection, caller: Caller, request: str) -> str | None:
    """The number under which this was redeemed already, if it was."""
    for number in caller.numbers:
        if find(connection, f"{number}.{request}") is not None:
            return number
    return None


def _price(connection: Connection, ask: AskRedeem) -> int:
    """Raises Decline for what is not there."""
    known = read_ware(connection, ask.ware) if ask.ware else read_offer(connection, ask.offer)
    if known is None:
        raise Decline("not-there")
    return known.points


def _require_behind_door(connection: Connection, at: Registered, ask: AskRedeem) -> None:
    """Nobody pays for what a door cannot give. Raises Decline."""
    if ask.door is None:
        return
    door = read_door(connection, at.name, ask.door)
    if door is None or door.ware != ask.ware:
        raise Decline("not-there")
    if not door.filled:
        raise Decline("sold-out")


def _require_pin(
    engine: Engine, caller: Caller, ask: AskRedeem, now: dt.datetime, *, has_pin: bool
) -> None:
    """Raises Decline."""
    if not has_pin:
        raise Decline("no-pin")
    if ask.pin is None:
        raise Decline("pin-needed")
    try:
        prove_pin(engine, caller.account, [ask.pin], now)
    except PinError as error:
        raise of_pin(error) from error


def _left(connection: Connection, holder: str) -> int:
    query = select(account.c.posted).where(account.c.id == redeemable(holder))
    return int(connection.execute(query).scalar_one())
