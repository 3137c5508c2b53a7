"""A new version of the standard: deeds done on its days are scored by it, also those known."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select

from linli.ledger.declarations.deriving import derive_written, written_since
from linli.ledger.feed.board import tell_standard_change
from linli.ledger.feed.following import follow
from linli.ledger.ingest.derivation import derive
from linli.ledger.ingest.schema import attendance
from linli.ledger.journal.accounts import apply_moves
from linli.ledger.journal.deed import find_deeds
from linli.ledger.journal.limits import mark_surplus
from linli.ledger.journal.reconciling import Reconciled
from linli.ledger.journal.schema import deed
from linli.ledger.standard.versions import Standards, StandardShelf, store
from linli.sync.messages import StandardDoc
from linli.sync.periods import SHANGHAI


def adopt(connection: Connection, doc: StandardDoc, now: dt.datetime) -> bool:
    """Keep the version, derive the deeds from its first day on anew, and tell boards what changes;
    what a review has decided stays. False where just this version is there already. Raises
    StandardError."""
    if not store(connection, doc, now):
        return False
    first = dt.datetime.combine(doc.effective_from, dt.time(), SHANGHAI)
    query = select(attendance.c.account, attendance.c.activity).where(attendance.c.in_at >= first)
    pairs = [(row.account, row.activity) for row in connection.execute(query)]
    standards = StandardShelf().read(connection)
    if pairs:
        derive(connection, pairs, standards, now)
    derive_written(connection, written_since(connection, doc.effective_from), standards, now)
    _look_at_limits(connection, doc.effective_from, standards, now)
    tell_standard_change(connection, doc, now)
    return True


def _look_at_limits(
    connection: Connection, first: dt.date, standards: Standards, now: dt.datetime
) -> None:
    """The version may say how many awards a period has, also for deeds that a later one scores."""
    deeds = list(find_deeds(connection, deed.c.day >= first.isoformat()))
    turned = mark_surplus(connection, deeds, standards)
    if not turned:
        return
    apply_moves(
        connection, [new.move() for _, new in turned] + [old.move().undone() for old, _ in turned]
    )
    before, after = ({d.id: d for d in side} for side in zip(*turned, strict=True))
    follow(connection, Reconciled(before, after), now)
