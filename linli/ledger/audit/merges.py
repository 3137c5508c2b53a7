"""Checks of merged accounts: who had whose points when, and that nothing was left behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, select

from linli.ledger.audit.difference import Difference
from linli.ledger.journal.accounts import EARNED, REDEEMABLE
from linli.ledger.journal.deed import POSTED
from linli.ledger.journal.schema import account
from linli.ledger.journal.sweeping import PREFIX
from linli.ledger.people.schema import holder, merged
from linli.ledger.standard.versions import Standards

Succession = Mapping[str, tuple[str, dt.datetime]]
"""Into which account each merged one went, and when."""


def succession(connection: Connection) -> dict[str, tuple[str, dt.datetime]]:
    return {row.loser: (row.winner, row.at) for row in connection.execute(select(merged))}


def bearers_at(line: Succession, of: str, at: dt.datetime | None) -> list[str]:
    """Who may have had an account's points at a moment: two where it was merged at just that
    moment, all while nobody knows the moment."""
    found = []
    since: dt.datetime | None = None
    here: str | None = of
    while here is not None and here not in found:
        following, until = line.get(here, (None, None))
        begun = since is None or at is None or since <= at
        over = until is not None and at is not None and until < at
        if begun and not over:
            found.append(here)
        elif not begun:
            break
        here, since = following, until
    return found


def merge_moves(connection: Connection) -> dict[str, set[tuple[str, str, str]]]:
    """The transfers that merged accounts have, by id, each with what it may be: its state, debit
    and credit."""
    line = succession(connection)
    return {
        f"{PREFIX}{row.loser}.{number}": {
            (POSTED, f"{row.loser}:{purse}", f"{bearer}:{purse}")
            for purse in (EARNED, REDEEMABLE)
            for bearer in bearers_at(line, row.winner, None)
        }
        for row in connection.execute(select(merged))
        for number in range(1, row.moves + 1)
    }


def merged_accounts_are_empty(
    connection: Connection, _standards: Standards
) -> Iterator[Difference]:
    """What a merged account had is its bearer's, and nobody merges in a circle."""
    query = (
        select(account.c.id, account.c.posted)
        .join(merged, merged.c.loser == account.c.holder)
        .where(account.c.posted != 0)
    )
    for row in connection.execute(query.order_by(account.c.id)):
        yield Difference(f"account {row.id}, merged, posted", row.posted, 0)
    closed = select(holder.c.account, holder.c.closed_as)
    ways = {row.account: row.closed_as for row in connection.execute(closed)}
    line = succession(connection)
    for loser in sorted(line):
        if ways.get(loser) != "merged":
            yield Difference(f"holder {loser}, closed as", ways.get(loser), "merged")
        if bearers_at(line, loser, None)[-1] in line:
            yield Difference(f"merged {loser}", "a circle", "an account in use at the end")
