"""Checks of linked phones: each came by a ticket that was used, and holds only while it may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from linli.ledger.audit.difference import Difference
from linli.ledger.people.bearers import bearers
from linli.ledger.people.schema import card, holder
from linli.ledger.phones.linking import MOST
from linli.ledger.phones.schema import phone, phone_ticket
from linli.ledger.standard.versions import Standards


def phones_hold_as_they_may(connection: Connection, _standards: Standards) -> Iterator[Difference]:
    """Whoever may write to the table must not open somebody's pages unseen."""
    query = (
        select(
            phone,
            phone_ticket.c.account.label("ticket_account"),
            phone_ticket.c.card.label("ticket_card"),
            phone_ticket.c.used_at,
            card.c.status,
            holder.c.closed_at,
        )
        .join(phone_ticket, phone_ticket.c.digest == phone.c.id)
        .join(holder, holder.c.account == phone.c.account)
        .outerjoin(card, card.c.id == phone.c.card)
        .order_by(phone.c.id)
    )
    rows = connection.execute(query).all()
    ends = bearers(connection, {row.ticket_account for row in rows})
    for row in rows:
        yield from _of_one(row, ends[row.ticket_account])
    held = Counter(row.account for row in rows if row.revoked_at is None)
    for account, count in sorted(held.items()):
        if count > MOST:
            yield Difference(f"account {account}, linked phones", count, f"at most {MOST}")


def _of_one(row: Row[Any], bearer: str) -> Iterator[Difference]:
    where = f"phone {row.id}"
    kept = (row.account, row.card, row.linked_at)
    told = (bearer, row.ticket_card, row.used_at)
    if kept != told:
        yield Difference(f"{where}, account, card and moment", kept, told)
    if row.revoked_at is None and row.closed_at is not None:
        yield Difference(f"{where}, its link", "holds", "let go, its account is closed")
    if row.revoked_at is None and row.status not in (None, "active"):
        yield Difference(f"{where}, its link", "holds", f"let go, its card is {row.status}")
