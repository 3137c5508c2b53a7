"""Reads what was written down: one's own declarations, entries that wait, entries that count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from linli.ledger.database import in_chunks
from linli.ledger.declarations.deriving import SIGNED
from linli.ledger.declarations.evidence import Evidence, read_evidence
from linli.ledger.declarations.schema import declaration, desk_entry
from linli.ledger.people.bearers import taken_over
from linli.ledger.people.schema import holder
from linli.ledger.staff.schema import staff


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry without its second signature. `name` is who entered it."""

    id: str
    account: str
    item: str
    day: dt.date
    entered_by: str
    name: str
    entered_at: dt.datetime
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Signed:
    """Who answers for a deed that was entered by hand, by name, and why it was."""

    entered_by: str
    signed_by: str
    reason: str


def declared_by(
    connection: Connection, account: str, *, offset: int = 0, most: int = 20
) -> tuple[list[str], int]:
    """Ids of somebody's declarations, the newest first, also those under accounts that went into
    theirs; and how many there are."""
    theirs = declaration.c.account.in_([account, *taken_over(connection, [account])])
    count = select(func.count()).select_from(declaration).where(theirs)
    query = select(declaration.c.id).where(theirs)
    newest_first = query.order_by(declaration.c.made_at.desc(), declaration.c.id)
    page = connection.execute(newest_first.offset(offset).limit(most)).scalars()
    return list(page), connection.execute(count).scalar_one()


def waiting_entries(
    connection: Connection, scope: str, *, offset: int = 0, most: int = 50
) -> tuple[list[Waiting], int]:
    """A community's entries that wait for the second signature, the oldest first; and how many
    there are."""
    here = (
        select(desk_entry, staff.c.name)
        .join(staff, staff.c.login == desk_entry.c.entered_by)
        .join(holder, holder.c.account == desk_entry.c.account)
        .where(holder.c.scope == scope, desk_entry.c.outcome.is_(None))
    )
    oldest_first = here.order_by(desk_entry.c.entered_at, desk_entry.c.id)
    rows = connection.execute(oldest_first.offset(offset).limit(most)).all()
    evidence = read_evidence(connection, [row.id for row in rows])
    found = [
        Waiting(
            row.id,
            row.account,
            row.item,
            dt.date.fromisoformat(row.day),
            row.entered_by,
            row.name,
            row.entered_at,
            evidence[row.id],
        )
        for row in rows
    ]
    count = select(func.count()).select_from(here.subquery())
    return found, connection.execute(count).scalar_one()


def signed_entries(connection: Connection, ids: Iterable[str]) -> dict[str, Signed]:
    """By deed, of those of `ids` that were entered by hand."""
    first, second = staff.alias("first"), staff.alias("second")
    found: dict[str, Signed] = {}
    for chunk in in_chunks(ids):
        query = (
            select(desk_entry.c.id, first.c.name, second.c.name, desk_entry.c.reason)
            .join(first, first.c.login == desk_entry.c.entered_by)
            .join(second, second.c.login == desk_entry.c.settled_by)
            .where(desk_entry.c.id.in_(chunk), desk_entry.c.outcome == SIGNED)
        )
        for id_, *told in connection.execute(query):
            found[id_] = Signed(*told)
    return found
