"""Reads what was written down: one's own declarations, entries that wait, entries that count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from linli.ledger.database import in_chunks
from linli.ledger.declarations.deriving import SIGNED
from linli.ledger.declarations.evidence import Evidence, read_evidence
from linli.ledger.declarations.schema import declaration, desk_entry
from linli.ledger.people.bearers import taken_over
from linli.ledger.people.schema import holder
from linli.ledger.staff.schema import staff


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry at the desk. `entered_by` is a login and `entered_name` its owner's; `outcome` is
    None while the second signature is missing, and with it all that follows."""

    id: str
    account: str
    scope: str
    item: str
    day: dt.date
    entered_by: str
    entered_name: str
    entered_at: dt.datetime
    outcome: str | None
    settled_name: str | None
    settled_at: dt.datetime | None
    why: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Signed:
    """Who answers for a deed that was entered by hand, by name, and why it was. `login` is that of
    who entered it."""

    entered_by: str
    signed_by: str
    reason: str
    login: str


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


def entries(
    connection: Connection,
    scope: str,
    *,
    waiting: bool,
    text: str = "",
    offset: int = 0,
    most: int | None = None,
) -> tuple[list[Entry], int]:
    """A community's entries, and how many there are: those that wait for the second signature, the
    oldest first, or all, the newest first. With a text, those where it is the account or stands in
    the bearer's masked name, the reason or what is on paper."""
    here = holder.c.scope == scope
    order = desk_entry.c.entered_at.desc()
    if waiting:
        here &= desk_entry.c.outcome.is_(None)
        order = desk_entry.c.entered_at.asc()
    if text:
        fields = (holder.c.name_masked, desk_entry.c.reason, desk_entry.c.paper)
        here &= or_(
            holder.c.account == text, *(one.contains(text, autoescape=True) for one in fields)
        )
    query = _entries().where(here)
    count = select(func.count()).select_from(query.subquery())
    page = query.order_by(order, desk_entry.c.id).offset(offset).limit(most)
    rows = connection.execute(page).all()
    evidence = read_evidence(connection, [row.id for row in rows])
    return [_entry(row, evidence[row.id]) for row in rows], connection.execute(count).scalar_one()


def read_entry(connection: Connection, id_: str) -> Entry | None:
    row = connection.execute(_entries().where(desk_entry.c.id == id_)).first()
    return None if row is None else _entry(row, read_evidence(connection, [id_])[id_])


def _entries() -> Select[Any]:
    first, second = staff.alias("first"), staff.alias("second")
    return (
        select(
            desk_entry,
            holder.c.scope,
            first.c.name.label("entered_name"),
            second.c.name.label("settled_name"),
        )
        .join(holder, holder.c.account == desk_entry.c.account)
        .join(first, first.c.login == desk_entry.c.entered_by)
        .outerjoin(second, second.c.login == desk_entry.c.settled_by)
    )


def _entry(row: Row[Any], evidence: Evidence) -> Entry:
    return Entry(
        id=row.id,
        account=row.account,
        scope=row.scope,
        item=row.item,
        day=dt.date.fromisoformat(row.day),
        entered_by=row.entered_by,
        entered_name=row.entered_name,
        entered_at=row.entered_at,
        outcome=row.outcome,
        settled_name=row.settled_name,
        settled_at=row.settled_at,
        why=row.why,
        evidence=evidence,
    )


def signed_entries(connection: Connection, ids: Iterable[str]) -> dict[str, Signed]:
    """By deed, of those of `ids` that were entered by hand."""
    first, second = staff.alias("first"), staff.alias("second")
    found: dict[str, Signed] = {}
    for chunk in in_chunks(ids):
        query = (
            select(
                desk_entry.c.id,
                first.c.name,
                second.c.name,
                desk_entry.c.reason,
                desk_entry.c.entered_by,
            )
            .join(first, first.c.login == desk_entry.c.entered_by)
            .join(second, second.c.login == desk_entry.c.settled_by)
            .where(desk_entry.c.id.in_(chunk), desk_entry.c.outcome == SIGNED)
        )
        for id_, *told in connection.execute(query):
            found[id_] = Signed(*told)
    return found
