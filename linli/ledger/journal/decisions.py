"""What a review decides: pending deeds become posted or voided, for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from msgspec.structs import replace
from sqlalchemy import Connection

from linli.ledger.database import update_rows
from linli.ledger.journal.accounts import apply_moves
from linli.ledger.journal.deed import PENDING, POSTED, VOIDED, keep_deeds, read_deeds
from linli.ledger.journal.limits import mark_surplus
from linli.ledger.journal.reconciling import Reconciled
from linli.ledger.journal.schema import transfer
from linli.ledger.standard.versions import Standards


class DecisionError(ValueError):
    """A deed cannot be decided; the text says which and why. Nothing was changed."""


def decide(
    connection: Connection,
    ids: Collection[str],
    state: str,
    reason: str,
    standards: Standards,
    now: dt.datetime,
) -> Reconciled:
    """Post or void these deeds. What is over its limit can only be voided.

    Raises DecisionError for a deed that is unknown, decided already, or over its limit."""
    if state not in (POSTED, VOIDED):
        raise DecisionError(f"a deed is posted or voided, not {state!r}")
    before = read_deeds(connection, ids)
    for id_ in ids:
        known = before.get(id_)
        if known is None:
            raise DecisionError(f"there is no deed {id_}")
        if known.state != PENDING:
            raise DecisionError(f"deed {id_} is {known.state} already")
        if known.surplus and state == POSTED:
            raise DecisionError(f"deed {id_} is over its item's limit: it can only be voided")
    after = {id_: replace(d, state=state, surplus=False) for id_, d in before.items()}
    decided = {"state": state, "decided_at": now, "reason": reason}
    update_rows(connection, transfer, [{"id": d.transfer} | decided for d in after.values()])
    keep_deeds(connection, after.values(), before)
    for old, marked in mark_surplus(connection, list(after.values()), standards):
        before.setdefault(old.id, old)
        after[marked.id] = marked
    apply_moves(
        connection,
        [d.move() for d in after.values()] + [d.move().undone() for d in before.values()],
    )
    return Reconciled(before, after)
