"""How a merchant gets in on a phone, and out.

Staff give a merchant a login code: once, for a day, as typo-safe as a voucher's; the QR says the
same. Whoever types it has this phone logged in until somebody ends that, or it was not used for
long. A code and what a phone holds are kept as digests only.

Guessing is slowed down at the door, where addresses are known; a code has 55 random bits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from linli.ledger.shop.codes import new_code, read_code, shown
from linli.ledger.shop.naming import clean
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import merchant, merchant_device, merchant_login

GOOD_FOR = dt.timedelta(days=1)
IDLE = dt.timedelta(days=90)
SEEN_EVERY = dt.timedelta(hours=1)
"""How often a phone that is used is written down as used."""
TOKEN_BITS = 256
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class LoginCode:
    """What staff hand over; `code` is kept nowhere."""

    merchant: str
    code: str
    expires_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Device:
    """A phone that is, or was, logged in as a merchant."""

    id: str
    merchant: str
    name: str
    since: dt.datetime
    seen_at: dt.datetime
    ended_at: dt.datetime | None
    ended_by: str | None


def give_code(
    connection: Connection,
    merchant_id: str,
    by: str,
    random_bits: Callable[[int], int],
    now: dt.datetime,
) -> LoginCode:
    """A new login code; one that was given before and not used is good no more. Raises ShopError
    for no merchant."""
    _lock_merchant(connection, merchant_id)
    code = new_code(random_bits)
    mine = merchant_login.c.merchant == merchant_id
    unused = mine & merchant_login.c.ended_at.is_(None)
    connection.execute(update(merchant_login).where(unused).values(ended_at=now))
    made = LoginCode(merchant_id, shown(code), now + GOOD_FOR)
    connection.execute(
        insert(merchant_login).values(
            digest=_digest(code),
            merchant=merchant_id,
            made_by=clean("who gives it", by)[:64],
            made_at=now,
            expires_at=made.expires_at,
        )
    )
    return made


def enter(
    connection: Connection,
    typed: str,
    phone: str,
    random_bits: Callable[[int], int],
    now: dt.datetime,
) -> tuple[Device, str]:
    """Log a phone in by the code that somebody typed; returns what the phone holds from now on,
    which is kept nowhere else. `phone` is what to call it. Raises ShopError: mistyped, unknown,
    used, expired."""
    code = read_code(typed)
    query = select(merchant_login).where(merchant_login.c.digest == _digest(code))
    found = connection.execute(query.with_for_update(key_share=True)).first()
    if found is None:
        raise ShopError(Refusal.UNKNOWN, "this login code was never given: ask for a new one")
    if found.ended_at is not None:
        raise ShopError(Refusal.USED, "this login code was used or replaced: ask for a new one")
    if now >= found.expires_at:
        raise ShopError(Refusal.EXPIRED, "this login code is too old: ask for a new one")
    used = merchant_login.c.digest == found.digest
    connection.execute(update(merchant_login).where(used).values(ended_at=now))
    token = f"{random_bits(TOKEN_BITS):064x}"
    made = Device(_digest(token)[:16], found.merchant, _called(phone), now, now, None, None)
    row = {name: getattr(made, name) for name in Device.__slots__}
    connection.execute(insert(merchant_device).values({**row, "digest": _digest(token)}))
    return made, token


def resume(connection: Connection, token: str, now: dt.datetime) -> Device | None:
    """The phone that holds this; None where it was logged out, or was not used for long."""
    query = _devices().where(merchant_device.c.digest == _digest(token))
    row = connection.execute(query.where(merchant_device.c.ended_at.is_(None))).first()
    if row is None or now - row.seen_at > IDLE:
        return None
    return _as_device(row)


def seen(connection: Connection, device: Device, now: dt.datetime) -> None:
    """Write down that a phone was used, if that was long ago."""
    if now - device.seen_at >= SEEN_EVERY:
        mine = merchant_device.c.id == device.id
        connection.execute(update(merchant_device).where(mine).values(seen_at=now))


def devices(connection: Connection, merchant_id: str) -> list[Device]:
    """All phones of a merchant, those that are logged in first, the newest before the others."""
    query = _devices().where(merchant_device.c.merchant == merchant_id)
    found = map(_as_device, connection.execute(query.order_by(merchant_device.c.since.desc())))
    return sorted(found, key=lambda one: one.ended_at is not None)


def end_device(
    connection: Connection, merchant_id: str, device_id: str, by: str, now: dt.datetime
) -> bool:
    """Log a phone of this merchant out; False where it was already. Raises ShopError for one that
    is not the merchant's."""
    mine = (merchant_device.c.id == device_id) & (merchant_device.c.merchant == merchant_id)
    row = connection.execute(_devices().where(mine).with_for_update(key_share=True)).first()
    if row is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{merchant_id} has no phone {device_id}")
    if row.ended_at is not None:
        return False
    ended = {"ended_at": now, "ended_by": clean("who ends it", by)[:64]}
    connection.execute(update(merchant_device).where(mine).values(ended))
    return True


def _lock_merchant(connection: Connection, merchant_id: str) -> None:
    """Two codes given at once are given one after the other."""
    query = select(merchant.c.id).where(merchant.c.id == merchant_id)
    if connection.execute(query.with_for_update(key_share=True)).scalar() is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no merchant {merchant_id}")


def _devices() -> Select[Any]:
    return select(*(merchant_device.c[name] for name in Device.__slots__))


def _as_device(row: Row[Any]) -> Device:
    return Device(**row._asdict())


def _called(phone: str) -> str:
    """What a browser says of itself may be anything."""
    readable = "".join(c if c.isprintable() else " " for c in phone).strip()
    return readable[:LONGEST_NAME] or "手机"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
