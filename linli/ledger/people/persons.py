"""Personal data of account holders: kept sealed, found by telephone, looked at with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select, update

from linli.ledger.database import upsert
from linli.ledger.feed.naming import naming_rows, scopes_naming
from linli.ledger.feed.rows import holder_rows
from linli.ledger.feed.writer import append_many
from linli.ledger.people.access_log import Staff, note
from linli.ledger.people.bearers import bearers
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.directory import ERASED, Holder
from linli.ledger.people.holding import hold
from linli.ledger.people.masking import masked
from linli.ledger.people.personal import FIELDS, Personal, checked, plain_phone
from linli.ledger.people.personal_schema import person
from linli.ledger.people.schema import holder
from linli.ledger.people.vault import KeyRing, blind_index, seal, unseal
from linli.sync.messages import Stream
from linli.sync.periods import business_day

REKEYED_AT_ONCE = 500


def keep_person(
    connection: Connection, account: str, given: Personal, ring: KeyRing, now: dt.datetime
) -> None:
    """Keep this of the holder in place of what was kept; the masked name follows. Raises
    PeopleError for an unknown or erased account and for values that are none."""
    given = checked(given, business_day(now))
    known = hold(connection, [account], scopes_naming(connection, [account], now))[account]
    if known.closed_as == ERASED:
        raise PeopleError(f"account {account} was erased: nothing of them is kept again")
    upsert(connection, person, [_row(account, given, ring, now)])
    _rename(connection, known, masked(given.name, known.kind), now)


def keep_new(
    connection: Connection, given: Mapping[str, Personal], ring: KeyRing, now: dt.datetime
) -> None:
    """Keep this of holders who were enrolled with these names just now. Raises PeopleError."""
    today = business_day(now)
    rows = [_row(account, checked(one, today), ring, now) for account, one in given.items()]
    upsert(connection, person, rows)


def look(
    connection: Connection,
    account: str,
    fields: Collection[str],
    ring: KeyRing,
    by: Staff,
    why: str,
    now: dt.datetime,
) -> dict[str, str | None]:
    """The values of these fields, unmasked; None for one that is not kept. It is written down:
    commit before you show them. Raises PeopleError for an account of whom nothing is kept, an
    unknown field and a missing reason; VaultError where a value does not open."""
    wrong = [name for name in fields if name not in FIELDS]
    if wrong or not fields:
        raise PeopleError(f"fields {wrong}: ask for some of {', '.join(FIELDS)}")
    row = connection.execute(select(person).where(person.c.account == account)).first()
    if row is None:
        raise PeopleError(f"nothing personal is kept of account {account!r}")
    asked = [name for name in FIELDS if name in fields]
    note(connection, by, f"look: {' '.join(asked)}", account, why, now)
    return {name: opened(ring, row, name) for name in asked}


def find_by_phone(
    connection: Connection, phone: str, ring: KeyRing, by: Staff, why: str, now: dt.datetime
) -> list[str]:
    """The accounts with this number (a family may share one), those of merged ones by their
    bearers. Written down like a look. Raises PeopleError."""
    number = plain_phone(phone)
    indexes = [blind_index(key, "phone", number) for key in ring.keys.values()]
    query = select(person.c.account).where(person.c.phone_index.in_(indexes))
    found = list(connection.execute(query).scalars())
    accounts = sorted(set(bearers(connection, found).values()))
    if not accounts:
        note(connection, by, "find by phone", None, why, now)
    for account in accounts:
        note(connection, by, "find by phone", account, why, now)
    return accounts


def rekey(connection: Connection, ring: KeyRing, most: int = REKEYED_AT_ONCE) -> int:
    """Seal up to `most` rows anew that are under an older key; returns how many, 0 when all are
    under the current one. Raises VaultError where a value does not open."""
    old = select(person).where(person.c.key_id != ring.current).order_by(person.c.account)
    rows = connection.execute(old.limit(most).with_for_update()).all()
    for row in rows:
        values = {name: opened(ring, row, name) for name in FIELDS}
        connection.execute(
            update(person)
            .where(person.c.account == row.account)
            .values(_sealed(row.account, values, ring))
        )
    return len(rows)


def opened(ring: KeyRing, row: Row[Any], name: str) -> str | None:
    """One field of a row of `person`. Raises VaultError."""
    sealed = row._mapping[name]
    if sealed is None:
        return None
    return unseal(ring, row.key_id, row.account, name, bytes(sealed))


def _row(account: str, given: Personal, ring: KeyRing, now: dt.datetime) -> dict[str, Any]:
    values = {
        "name": given.name,
        "phone": given.phone,
        "id_tail": given.id_tail,
        "birthday": None if given.birthday is None else given.birthday.isoformat(),
    }
    return {"account": account, **_sealed(account, values, ring), "kept_at": now}


def _sealed(account: str, values: dict[str, str | None], ring: KeyRing) -> dict[str, Any]:
    phone = values["phone"]
    key = ring.keys[ring.current]
    return {
        "key_id": ring.current,
        **{
            name: None if value is None else seal(ring, account, name, value)
            for name, value in values.items()
        },
        "phone_index": None if phone is None else blind_index(key, "phone", phone),
    }


def _rename(connection: Connection, known: Holder, name: str, now: dt.datetime) -> None:
    if name == known.name_masked:
        return
    connection.execute(
        update(holder).where(holder.c.account == known.account).values(name_masked=name)
    )
    told = naming_rows(connection, [known.account], now)
    told[known.scope, Stream.HOLDERS] += holder_rows(connection, [known.account])
    append_many(connection, told, now)
