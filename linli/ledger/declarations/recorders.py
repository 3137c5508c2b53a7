"""Who wrote a deed down: they never decide on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, select

from linli.ledger.database import in_chunks
from linli.ledger.declarations.schema import desk_entry
from linli.ledger.people.bearers import bearers


def recorders(connection: Connection, ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """By deed, the accounts that those who entered and signed it have as residents today."""
    hands: dict[str, set[str]] = defaultdict(set)
    for chunk in in_chunks(ids):
        query = select(
            desk_entry.c.id, desk_entry.c.entered_account, desk_entry.c.settled_account
        ).where(desk_entry.c.id.in_(chunk))
        for row in connection.execute(query):
            hands[row.id] |= {row.entered_account, row.settled_account} - {None}
    ends = bearers(connection, {account for some in hands.values() for account in some})
    return {id_: frozenset(ends[account] for account in some) for id_, some in hands.items()}
