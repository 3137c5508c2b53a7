"""All that the ledger has of one person, for that person, as plain values."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select, union_all

from linli.ledger.declarations.schema import declaration, desk_entry, evidence, photo
from linli.ledger.ingest.schema import attendance
from linli.ledger.journal.schema import account as purses
from linli.ledger.journal.schema import deed, transfer
from linli.ledger.notice.schema import debt, objection
from linli.ledger.people.access_log import Staff, note
from linli.ledger.people.bearers import bearers, taken_over
from linli.ledger.people.holding import hold
from linli.ledger.people.personal import FIELDS
from linli.ledger.people.personal_schema import audit_log, person
from linli.ledger.people.persons import opened
from linli.ledger.people.schema import card, holder, holder_pin, merged
from linli.ledger.people.vault import KeyRing
from linli.ledger.phones.schema import phone
from linli.ledger.ranking.schema import standing
from linli.ledger.shop.schema import door_trouble
from linli.ledger.stories.schema import story
from linli.ledger.surveys.schema import survey_reply

Plain = dict[str, Any]


def export(
    connection: Connection, account: str, ring: KeyRing, by: Staff, why: str, now: dt.datetime
) -> Plain:
    """Under all their numbers, with who looked at them; no card keys. JSON can hold it: moments
    and days are text, photos base64. Written down like a look. Raises PeopleError, VaultError."""
    end = bearers(connection, [account])[account]
    family = [end, *sorted(taken_over(connection, [end]))]
    hold(connection, family)
    note(connection, by, "export", end, why, now)
    return {
        "account": end,
        "made_at": now.isoformat(),
        "accounts": [_one(connection, one, ring) for one in family],
    }


def _one(connection: Connection, account: str, ring: KeyRing) -> Plain:
    kept = connection.execute(select(person).where(person.c.account == account)).first()
    ids = select(purses.c.id).where(purses.c.holder == account)
    return {
        "account": account,
        "personal": None if kept is None else {n: opened(ring, kept, n) for n in FIELDS},
        "holder": _rows(connection, holder, holder.c.account == account)[0],
        "merged": _rows(
            connection, merged, (merged.c.loser == account) | (merged.c.winner == account)
        ),
        "cards": _rows(connection, card, card.c.account == account, without=("key",)),
        "balances": _rows(connection, purses, purses.c.holder == account),
        "deeds": _rows(connection, deed, deed.c.account == account),
        "transfers": _rows(
            connection, transfer, transfer.c.debit.in_(ids) | transfer.c.credit.in_(ids)
        ),
        "declarations": _rows(connection, declaration, declaration.c.account == account),
        "entered_at_the_desk": _rows(connection, desk_entry, desk_entry.c.account == account),
        "photos": _photos(connection, account),
        "attendance": _rows(connection, attendance, attendance.c.account == account),
        "standings": _rows(connection, standing, standing.c.account == account),
        "objections": _rows(connection, objection, objection.c.account == account),
        "stories": _rows(connection, story, story.c.account == account),
        "survey_replies": _rows(connection, survey_reply, survey_reply.c.account == account),
        "debts": _rows(connection, debt, debt.c.holder == account),
        "phones": _rows(connection, phone, phone.c.account == account, without=("token_hash",)),
        "pin": _rows(connection, holder_pin, holder_pin.c.account == account, without=("hash",)),
        "door_troubles": _rows(connection, door_trouble, door_trouble.c.account == account),
        "looked_at_by": _rows(connection, audit_log, audit_log.c.account == account),
    }


def _photos(connection: Connection, account: str) -> list[Plain]:
    theirs = union_all(
        *(
            select(table.c.id).where(table.c.account == account)
            for table in (declaration, desk_entry)
        )
    )
    query = (
        select(evidence.c.deed, evidence.c.place, evidence.c.added_at, photo.c.jpeg)
        .join(photo, photo.c.id == evidence.c.photo)
        .where(evidence.c.deed.in_(theirs))
        .order_by(evidence.c.deed, evidence.c.place)
    )
    return [
        {name: _plain(value) for name, value in row._asdict().items()}
        for row in connection.execute(query)
    ]


def _rows(
    connection: Connection,
    table: Table,
    where: ColumnElement[bool],
    without: tuple[str, ...] = (),
) -> list[Plain]:
    columns = [column for column in table.columns if column.name not in without]
    query = select(*columns).where(where).order_by(*table.primary_key.columns)
    return [
        {name: _plain(value) for name, value in row._asdict().items()}
        for row in connection.execute(query)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, dt.datetime) else value
