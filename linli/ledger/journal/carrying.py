"""Points that people bring along from the lists kept before this ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import Connection

from linli.ledger.journal.accounts import (
    OPENING,
    open_system,
    redeemable,
)
from linli.ledger.journal.posting import Posting, post_transfers
from linli.ledger.journal.sweeping import sweep


def carry_over(
    connection: Connection, balances: Mapping[str, int], reason: str, now: dt.datetime
) -> None:
    """One posted transfer per holder into the redeemable purse, and on to the bearer of a merged
    account; once per holder.

    Raises IntegrityError for a holder unknown or carried over already; zero is left out."""
    open_system(connection, {OPENING})
    postings = [
        Posting(f"{OPENING}.{holder}", OPENING, redeemable(holder), points, reason)
        for holder, points in balances.items()
        if points
    ]
    post_transfers(connection, postings, now)
    if postings:
        sweep(connection, balances.keys(), now)
