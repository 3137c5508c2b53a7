"""Whose account a ticket opens: a terminal's, after a tap, or the service desk's.

A terminal is trusted with the people of its own community and no others, and with cards that
cannot be copied: somebody who takes a terminal away opens no account elsewhere, and a copied UID
opens none at all.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from linli.ledger.people.access_log import Staff, note
from linli.ledger.people.bearers import bearers
from linli.ledger.people.schema import card, holder
from linli.ledger.phones.refusals import PhoneError, PhoneRefusal
from linli.ledger.phones.schema import phone_ticket
from linli.ledger.shop.codes import new_code, read_code
from linli.ledger.shop.refusals import ShopError
from linli.ledger.terminals.certifying import OutOfServiceError, require_in_service
from linli.ledger.terminals.quarantine import require_free
from linli.ledger.terminals.registry import TERMINAL, Registered, find
from linli.sync.messages import Trust
from linli.sync.phone_links import LinkTicket, open_ticket, ticket_sender
from linli.sync.signing import MalformedError, SignatureError, public_from_hex

GOOD_FOR = dt.timedelta(minutes=10)
AHEAD = dt.timedelta(minutes=1)
"""How far a terminal's good clock may be before the ledger's."""
LONGEST_CODE = 24
"""A code of the desk, typed with spaces and hyphens; every terminal's ticket is longer."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a ticket opens. `card` and `terminal` are None for one of the desk; `used` tells
    whether a phone was linked with it."""

    digest: str
    account: str
    scope: str
    name: str
    card: str | None
    terminal: str | None
    issued_at: dt.datetime
    used: bool


def read_claim(connection: Connection, said: str, now: dt.datetime) -> Claim:
    """Whose account the ticket that was scanned, or the code that was typed, opens at this moment.
    Locks its holder and card until the transaction ends, so that nothing changes under the link.
    Says also of a used ticket whose it is. Raises PhoneError."""
    said = said.strip()
    if len(said) <= LONGEST_CODE:
        return _issued(connection, said, now)
    return _tapped(connection, said, now)


def issue_at_desk(
    connection: Connection,
    account: str,
    by: Staff,
    why: str,
    now: dt.datetime,
    random_bits: Callable[[int], int],
) -> str:
    """A code for somebody whom a clerk has looked at; it links one phone within ten minutes. The
    clerk is written down like one who looks at personal data. `random_bits` is `secrets.randbits`
    or stands for it. Raises PhoneError for an account that is not open, PeopleError without a
    reason."""
    _open_holder(connection, account)
    note(connection, by, "link a phone", account, why, now)
    code = new_code(random_bits)
    connection.execute(
        insert(phone_ticket).values(
            digest=_code_digest(code), account=account, issued_by=by.name, issued_at=now
        )
    )
    return code


def _issued(connection: Connection, said: str, now: dt.datetime) -> Claim:
    try:
        digest = _code_digest(read_code(said))
    except ShopError as error:
        raise PhoneError(PhoneRefusal.NO_TICKET, str(error)) from error
    query = select(phone_ticket).where(
        phone_ticket.c.digest == digest, phone_ticket.c.issued_by.is_not(None)
    )
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        raise PhoneError(PhoneRefusal.NO_TICKET, "no such code was given out: read it again")
    _require_fresh(now - row.issued_at)
    scope, name, account = _open_holder(connection, row.account)
    return Claim(
        digest, account, scope, name, None, None, row.issued_at, used=row.used_at is not None
    )


def _tapped(connection: Connection, said: str, now: dt.datetime) -> Claim:
    ticket, by = _signed(connection, said)
    if not ticket.clock_good:
        raise PhoneError(PhoneRefusal.CLOCK, f"{by.name} does not know the time yet: wait")
    _require_fresh(now - ticket.made_at)
    scope, name, account = _open_holder(connection, ticket.account)
    if scope != by.scope:
        raise PhoneError(PhoneRefusal.NOT_THEIRS, f"{account} is not of {by.name}'s community")
    _require_card(connection, ticket, account)
    query = select(phone_ticket.c.used_at).where(phone_ticket.c.digest == ticket.digest)
    used = connection.execute(query).scalar() is not None
    return Claim(
        ticket.digest, account, scope, name, ticket.card, by.name, ticket.made_at, used=used
    )


def _signed(connection: Connection, said: str) -> tuple[LinkTicket, Registered]:
    """The ticket and the terminal in service that signed it."""
    try:
        by = find(connection, ticket_sender(said))
        if by is None or by.kind != TERMINAL:
            raise SignatureError("no terminal has signed this")
        require_in_service(connection, by.name)
        require_free(connection, by.name)
        return open_ticket(said, public_from_hex(by.public_key)), by
    except (MalformedError, SignatureError, OutOfServiceError) as error:
        raise PhoneError(PhoneRefusal.NO_TICKET, str(error)) from error


def _require_fresh(age: dt.timedelta) -> None:
    if age < -AHEAD:
        raise PhoneError(PhoneRefusal.CLOCK, "the ticket is from the future: check the clocks")
    if age > GOOD_FOR:
        raise PhoneError(PhoneRefusal.EXPIRED, "a ticket is good for ten minutes: make a new one")


def _open_holder(connection: Connection, account: str) -> tuple[str, str, str]:
    """Community, masked name and account of whoever bears this account now."""
    end = bearers(connection, [account])[account]
    query = select(holder.c.scope, holder.c.name_masked, holder.c.closed_at)
    query = query.where(holder.c.account == end).with_for_update(key_share=True)
    row = connection.execute(query).first()
    if row is None:
        raise PhoneError(PhoneRefusal.NOT_THEIRS, f"there is no account {account!r}")
    if row.closed_at is not None:
        raise PhoneError(PhoneRefusal.CLOSED, f"account {end} is closed: no phone can be for it")
    return row.scope, row.name_masked, end


def _require_card(connection: Connection, ticket: LinkTicket, account: str) -> None:
    query = select(card.c.account, card.c.status, card.c.key).where(card.c.id == ticket.card)
    row = connection.execute(query.with_for_update(key_share=True)).first()
    if row is None or row.account != account:
        raise PhoneError(PhoneRefusal.NOT_THEIRS, f"card {ticket.card} is not {account}'s")
    if row.status != "active":
        raise PhoneError(PhoneRefusal.CARD_STOPPED, f"card {ticket.card} was stopped")
    if ticket.trust is not Trust.HIGH or row.key is None:
        raise PhoneError(PhoneRefusal.LOW_TRUST, f"card {ticket.card} can be copied: ask the desk")


def _code_digest(code: str) -> str:
    return hashlib.sha256(f"linli desk code {code}".encode()).hexdigest()[:32]
