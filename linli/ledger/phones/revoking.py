"""Phones are let go: by their owner or the desk, and with the card or the account they came by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, delete, update

from linli.ledger.people.access_log import Staff, note
from linli.ledger.phones.schema import phone, phone_ticket


class Why(StrEnum):
    """Why a link holds no more."""

    OWNER = "owner"
    DESK = "desk"
    CARD_STOPPED = "card-stopped"
    LEFT = "left"
    TOO_MANY = "too-many"


def revoke(connection: Connection, account: str, id_: str, now: dt.datetime) -> bool:
    """The owner lets go of one of their phones; False where it is none of theirs, or gone."""
    return bool(_revoke(connection, (phone.c.id == id_) & _of(account), Why.OWNER, now))


def revoke_at_desk(
    connection: Connection, account: str, by: Staff, why: str, now: dt.datetime
) -> int:
    """Let go of all phones of somebody who lost one; how many. The clerk is written down. Raises
    PeopleError without a reason."""
    note(connection, by, "let go of phones", account, why, now)
    return _revoke(connection, _of(account), Why.DESK, now)


def revoke_by_card(connection: Connection, card: str, now: dt.datetime) -> None:
    """The card was stopped: whoever linked a phone with it may not be its owner."""
    _revoke(connection, phone.c.card == card, Why.CARD_STOPPED, now)


def revoke_of_account(connection: Connection, account: str, now: dt.datetime) -> None:
    """Its holder left."""
    _revoke(connection, _of(account), Why.LEFT, now)


def revoke_ids(connection: Connection, ids: Collection[str], why: Why, now: dt.datetime) -> None:
    if ids:
        _revoke(connection, phone.c.id.in_(ids), why, now)


def hand_over_phones(connection: Connection, loser: str, winner: str) -> None:
    """Two accounts became one: whose phone was linked to the loser sees the winner's pages."""
    connection.execute(update(phone).where(_of(loser)).values(account=winner))


def forget_phones(connection: Connection, accounts: Collection[str]) -> None:
    """Nothing is kept of the phones of somebody who is erased."""
    connection.execute(delete(phone).where(phone.c.account.in_(accounts)))
    connection.execute(delete(phone_ticket).where(phone_ticket.c.account.in_(accounts)))


def _of(account: str) -> ColumnElement[bool]:
    return phone.c.account == account


def _revoke(connection: Connection, which: ColumnElement[bool], why: Why, now: dt.datetime) -> int:
    return connection.execute(
        update(phone)
        .where(which, phone.c.revoked_at.is_(None))
        .values(revoked_at=now, revoked_why=why.value)
    ).rowcount
