"""Phones of account holders: linked by a ticket, known by a random token, let go again.

The ledger keeps the token's hash: whoever reads the table opens nobody's pages.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from linli.ledger.people.schema import holder
from linli.ledger.phones.refusals import PhoneError, PhoneRefusal
from linli.ledger.phones.revoking import Why, revoke_ids
from linli.ledger.phones.schema import phone, phone_ticket
from linli.ledger.phones.tickets import Claim, read_claim

MOST = 5
"""Phones of one account; with another the one that was seen longest ago goes."""
UNUSED_FOR = dt.timedelta(days=180)
SEEN_EVERY = dt.timedelta(days=1)
"""How exactly the ledger knows when a phone was used: each use would be a write."""
TOKEN_BYTES = 32
"""Random, made by whoever asks for a link: `secrets.token_urlsafe(TOKEN_BYTES)`."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A link that holds. `device` is what to call it in a list."""

    id: str
    account: str
    device: str
    linked_at: dt.datetime
    last_seen_at: dt.datetime


def link(connection: Connection, said: str, token: str, device: str, now: dt.datetime) -> Phone:
    """Link a phone by a terminal's ticket or the desk's code; from now on `token` opens the
    account's pages. The same ticket with the same token again is answered as before. Raises
    PhoneError."""
    claim = read_claim(connection, said, now)
    if claim.used:
        return _again(connection, claim, token)
    _use(connection, claim, now)
    connection.execute(
        insert(phone).values(
            id=claim.digest,
            token_hash=_hash(token),
            account=claim.account,
            card=claim.card,
            device=device,
            linked_at=now,
            last_seen_at=now,
        )
    )
    crowd_out(connection, claim.account, now)
    return Phone(claim.digest, claim.account, device, now, now)


def phone_of(connection: Connection, token: str, now: dt.datetime) -> Phone | None:
    """The phone with this token, while its link holds and its account is open."""
    query = _holding(now).where(phone.c.token_hash == _hash(token), holder.c.closed_at.is_(None))
    row = connection.execute(query).first()
    return None if row is None else _as_phone(row)


def seen(connection: Connection, which: Phone, now: dt.datetime) -> None:
    """Keep that it was used, once a day."""
    if is_due(which, now):
        connection.execute(
            update(phone)
            .where(phone.c.id == which.id, phone.c.last_seen_at < now)
            .values(last_seen_at=now)
        )


def is_due(which: Phone, now: dt.datetime) -> bool:
    """Whether `seen` would write. Pure."""
    return now - which.last_seen_at >= SEEN_EVERY


def phones_of(connection: Connection, account: str, now: dt.datetime) -> list[Phone]:
    """The account's linked phones, the one that was used last first."""
    query = _holding(now).where(phone.c.account == account)
    order = (phone.c.last_seen_at.desc(), phone.c.linked_at.desc(), phone.c.id)
    return [_as_phone(row) for row in connection.execute(query.order_by(*order))]


def crowd_out(connection: Connection, account: str, now: dt.datetime) -> None:
    """Let go of those that are too many, the one seen longest ago first. The caller holds the
    account's row."""
    surplus = phones_of(connection, account, now)[MOST:]
    revoke_ids(connection, [one.id for one in surplus], Why.TOO_MANY, now)


def _holding(now: dt.datetime) -> Select[Any]:
    columns = (phone.c.id, phone.c.account, phone.c.device, phone.c.linked_at, phone.c.last_seen_at)
    return (
        select(*columns)
        .join(holder, holder.c.account == phone.c.account)
        .where(phone.c.revoked_at.is_(None), phone.c.last_seen_at > now - UNUSED_FOR)
    )


def _again(connection: Connection, claim: Claim, token: str) -> Phone:
    """A button touched twice is not a second phone."""
    query = select(phone).where(phone.c.id == claim.digest, phone.c.revoked_at.is_(None))
    row = connection.execute(query).first()
    if row is None or row.token_hash != _hash(token):
        raise PhoneError(PhoneRefusal.USED, "a phone was linked with this ticket already")
    return _as_phone(row)


def _use(connection: Connection, claim: Claim, now: dt.datetime) -> None:
    if claim.terminal is None:
        connection.execute(
            update(phone_ticket).where(phone_ticket.c.digest == claim.digest).values(used_at=now)
        )
        return
    connection.execute(
        insert(phone_ticket).values(
            digest=claim.digest,
            account=claim.account,
            card=claim.card,
            terminal=claim.terminal,
            issued_at=claim.issued_at,
            used_at=now,
        )
    )


def _as_phone(row: Row[Any]) -> Phone:
    return Phone(row.id, row.account, row.device, row.linked_at, row.last_seen_at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
