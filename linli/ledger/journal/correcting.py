"""A posted deed that should not have been: taken back by another transfer, never by changing it.

Before the month is sealed its points are still in `earned` and go back from there. After that,
what is left in `redeemable` goes back and the rest is owed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import Connection, select

from linli.ledger.journal.accounts import apply_moves, earned, redeemable
from linli.ledger.journal.decisions import DecisionError
from linli.ledger.journal.deed import CORRECTED, POSTED, VOIDED, Deed, keep_deeds, read_deeds
from linli.ledger.journal.limits import mark_surplus
from linli.ledger.journal.posting import Posting, post_transfers
from linli.ledger.journal.reconciling import Reconciled
from linli.ledger.journal.schema import account
from linli.ledger.people.bearers import bearers
from linli.ledger.standard.versions import Standards


@dataclass(frozen=True, slots=True)
class Corrected:
    """`owed` are the points that were spent already, and owed from later ones."""

    deeds: Reconciled
    owed: int


def correct(
    connection: Connection,
    deed_id: str,
    reason: str,
    standards: Standards,
    now: dt.datetime,
    *,
    sealed: bool,
) -> Corrected:
    """Take one posted deed back. Raises DecisionError for one that is not posted."""
    known = read_deeds(connection, [deed_id]).get(deed_id)
    if known is None or known.state != POSTED:
        raise DecisionError(f"deed {deed_id} is not posted: there is nothing to take back")
    flags = tuple(sorted({*known.flags, CORRECTED}))
    after = {deed_id: replace(known, state=VOIDED, flags=flags)}
    before = {deed_id: known}
    bearer = bearers(connection, [known.account])[known.account]
    purse = redeemable(bearer) if sealed else earned(bearer)
    back = min(known.points, _posted(connection, purse)) if sealed else known.points
    keep_deeds(connection, after.values(), before)
    give_back(connection, f"{known.transfer}c1", purse, known, back, reason, now)
    for old, marked in mark_surplus(connection, [after[deed_id]], standards):
        before.setdefault(old.id, old)
        after[marked.id] = marked
    others = [id_ for id_ in after if id_ != deed_id]
    apply_moves(
        connection,
        [after[id_].move() for id_ in others] + [before[id_].move().undone() for id_ in others],
    )
    return Corrected(Reconciled(before, after), known.points - back)


def give_back(
    connection: Connection,
    transfer_id: str,
    purse: str,
    of: Deed,
    points: int,
    reason: str,
    now: dt.datetime,
) -> None:
    """A posted transfer of some of a deed's points, back to where they came from."""
    if points:
        back = Posting(
            transfer_id, purse, of.debit, points, reason, of.id, of.item, of.standard_version
        )
        post_transfers(connection, [back], now)


def _posted(connection: Connection, purse: str) -> int:
    query = select(account.c.posted).where(account.c.id == purse).with_for_update()
    return int(connection.execute(query).scalar_one())
