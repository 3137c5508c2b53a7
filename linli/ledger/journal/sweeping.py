"""What a merged account has, goes to its bearer: when it is merged, and whenever one of its deeds
is posted later. Its deeds stay its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import Connection, select, update

from linli.ledger.database import in_chunks
from linli.ledger.journal.accounts import EARNED, REDEEMABLE
from linli.ledger.journal.posting import Posting, post_transfers
from linli.ledger.journal.schema import account
from linli.ledger.people.bearers import bearers
from linli.ledger.people.schema import merged

PREFIX = "merge."
REASON = "two accounts of one person"


def sweep(connection: Connection, accounts: Collection[str], now: dt.datetime) -> None:
    """One posted transfer for each purse with points, of those of `accounts` that are merged;
    the others are left alone."""
    losers = {
        row.loser: row.moves
        for chunk in in_chunks(sorted(accounts))
        for row in connection.execute(select(merged).where(merged.c.loser.in_(chunk)))
    }
    ends = bearers(connection, losers)
    for loser, moves in sorted(losers.items()):
        _sweep(connection, loser, ends[loser], moves, now)


def _sweep(connection: Connection, loser: str, winner: str, moves: int, now: dt.datetime) -> None:
    query = select(account.c.purse, account.c.posted).where(account.c.holder == loser)
    have = {row.purse: row.posted for row in connection.execute(query.with_for_update())}
    postings: list[Posting] = []
    for purse in (EARNED, REDEEMABLE):
        if have[purse]:
            id_ = f"{PREFIX}{loser}.{moves + len(postings) + 1}"
            postings.append(
                Posting(id_, f"{loser}:{purse}", f"{winner}:{purse}", have[purse], REASON)
            )
    if postings:
        moved = {"moves": moves + len(postings)}
        connection.execute(update(merged).where(merged.c.loser == loser).values(**moved))
        post_transfers(connection, postings, now)
