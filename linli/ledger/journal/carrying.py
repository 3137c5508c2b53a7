"""Points that people bring along from the lists kept before this ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection, insert

from linli.ledger.journal.accounts import (
    OPENING,
    Move,
    apply_moves,
    open_system,
    redeemable,
)
from linli.ledger.journal.deed import POSTED
from linli.ledger.journal.schema import transfer
from linli.ledger.journal.sweeping import sweep


def carry_over(
    connection: Connection, balances: Mapping[str, int], reason: str, now: dt.datetime
) -> None:
    """One posted transfer per holder into the redeemable purse, and on to the bearer of a merged
    account; once per holder.

    Raises IntegrityError for a holder unknown or carried over already; zero is left out."""
    open_system(connection, {OPENING})
    rows = [
        {
            "id": f"{OPENING}.{holder}",
            "debit": OPENING,
            "credit": redeemable(holder),
            "points": points,
            "state": POSTED,
            "deed": None,
            "item": None,
            "standard_version": None,
            "made_at": now,
            "decided_at": now,
            "reason": reason,
        }
        for holder, points in balances.items()
        if points
    ]
    if rows:
        connection.execute(insert(transfer), rows)
        apply_moves(
            connection, [Move(OPENING, str(r["credit"]), int(str(r["points"])), 0) for r in rows]
        )
        sweep(connection, balances.keys(), now)
