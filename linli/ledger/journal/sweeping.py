"""What a merged account has, goes to its bearer: when it is merged, and whenever one of its deeds
is posted later. Its deeds stay its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, insert, select, update

from linli.ledger.database import in_chunks
from linli.ledger.journal.accounts import EARNED, REDEEMABLE, Move, apply_moves
from linli.ledger.journal.deed import POSTED
from linli.ledger.journal.schema import account, transfer
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
    rows: list[dict[str, Any]] = []
    for purse in (EARNED, REDEEMABLE):
        if have[purse]:
            rows.append(
                {
                    "id": f"{PREFIX}{loser}.{moves + len(rows) + 1}",
                    "debit": f"{loser}:{purse}",
                    "credit": f"{winner}:{purse}",
                    "points": have[purse],
                    "state": POSTED,
                    "deed": None,
                    "item": None,
                    "standard_version": None,
                    "made_at": now,
                    "decided_at": now,
                    "reason": REASON,
                }
            )
    if rows:
        connection.execute(insert(transfer), rows)
        moved = {"moves": moves + len(rows)}
        connection.execute(update(merged).where(merged.c.loser == loser).values(**moved))
        apply_moves(connection, [Move(r["debit"], r["credit"], r["points"], 0) for r in rows])
