"""A new version of the standard: deeds done on its days are scored by it, also those known."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select

from linli.ledger.ingest.derivation import derive
from linli.ledger.ingest.schema import attendance
from linli.ledger.standard.versions import StandardShelf, store
from linli.sync.messages import StandardDoc
from linli.sync.periods import SHANGHAI


def adopt(connection: Connection, doc: StandardDoc, now: dt.datetime) -> bool:
    """Keep the version and derive the deeds from its first day on anew; what a review has decided
    stays. False where just this version is there already. Raises StandardError."""
    if not store(connection, doc, now):
        return False
    first = dt.datetime.combine(doc.effective_from, dt.time(), SHANGHAI)
    query = select(attendance.c.account, attendance.c.activity).where(attendance.c.in_at >= first)
    pairs = [(row.account, row.activity) for row in connection.execute(query)]
    if pairs:
        derive(connection, pairs, StandardShelf().read(connection), now)
    return True
