"""Transfers that are posted at once, with the balances that follow. Those that wait for a review
are made in `reconciling.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection

from linli.ledger.database import insert_rows
from linli.ledger.journal.accounts import Move, apply_moves
from linli.ledger.journal.deed import POSTED
from linli.ledger.journal.schema import transfer


@dataclass(frozen=True, slots=True)
class Posting:
    """One transfer to be. The last three are a deed's, where it takes one back."""

    id: str
    debit: str
    credit: str
    points: int
    reason: str
    deed: str | None = None
    item: str | None = None
    standard_version: str | None = None


def post_transfers(connection: Connection, postings: Sequence[Posting], now: dt.datetime) -> None:
    """Post these, all or none. Raises IntegrityError where an id is taken, an account is not there
    or a holder's would fall below zero."""
    if not postings:
        return
    when = {"state": POSTED, "made_at": now, "decided_at": now}
    insert_rows(connection, transfer, [asdict(one) | when for one in postings])
    apply_moves(connection, [Move(one.debit, one.credit, one.points, 0) for one in postings])
