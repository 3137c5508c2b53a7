"""Who has what an account had: somebody with two accounts goes on with one of them.

The bearer of an account is itself, or where it was merged, at the end, the one it went into.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from linli.ledger.database import among
from linli.ledger.people.schema import merged
from linli.ledger.prepared import Prepared

_WINNERS = Prepared(select(merged.c.loser, merged.c.winner).where(among(merged.c.loser, "losers")))
_LOSERS = Prepared(select(merged.c.loser, merged.c.winner).where(among(merged.c.winner, "winners")))


def bearers(connection: Connection, accounts: Iterable[str]) -> dict[str, str]:
    """The bearer of each of these accounts."""
    found = {account: account for account in accounts}
    ends = set(found)
    while winners := dict(_WINNERS.all(connection, losers=ends)):
        found = {account: winners.get(end, end) for account, end in found.items()}
        ends = set(winners.values())
    return found


def taken_over(connection: Connection, accounts: Collection[str]) -> dict[str, str]:
    """All accounts merged into these, at once or by way of others, each with its bearer."""
    found: dict[str, str] = {}
    ends = {account: account for account in accounts}
    while ends:
        ends = {loser: ends[winner] for loser, winner in _LOSERS.all(connection, winners=ends)}
        found |= ends
    return found
