"""Who has what an account had: somebody with two accounts goes on with one of them.

The bearer of an account is itself, or where it was merged, at the end, the one it went into.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from linli.ledger.database import in_chunks
from linli.ledger.people.schema import merged


def bearers(connection: Connection, accounts: Iterable[str]) -> dict[str, str]:
    """The bearer of each of these accounts."""
    found = {account: account for account in accounts}
    ends = set(found)
    while winners := _winners(connection, ends):
        found = {account: winners.get(end, end) for account, end in found.items()}
        ends = set(winners.values())
    return found


def taken_over(connection: Connection, accounts: Collection[str]) -> dict[str, str]:
    """All accounts merged into these, at once or by way of others, each with its bearer."""
    found: dict[str, str] = {}
    ends = {account: account for account in accounts}
    while ends:
        ends = {
            row.loser: ends[row.winner]
            for chunk in in_chunks(sorted(ends))
            for row in connection.execute(select(merged).where(merged.c.winner.in_(chunk)))
        }
        found |= ends
    return found


def _winners(connection: Connection, accounts: Collection[str]) -> dict[str, str]:
    return {
        row.loser: row.winner
        for chunk in in_chunks(sorted(accounts))
        for row in connection.execute(select(merged).where(merged.c.loser.in_(chunk)))
    }
