"""What terminals say of leases.

The answer to a request is a row on the feed of the terminal's community, numbered like all rows: it
cannot be lost. A terminal that never saw it asks again under the same id.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select

from linli.ledger.feed.leases import told_leases
from linli.ledger.feed.writer import append_many
from linli.ledger.ingest.events import Reason
from linli.ledger.ingest.word import Settled, Unfit, Word
from linli.ledger.shop.leases import grant, read_lease, take_back
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.spending import Outcome
from linli.ledger.shop.spends import spend
from linli.ledger.terminals.schema import terminal
from linli.sync.messages import (
    LeaseEvent,
    LeaseRequest,
    LeaseReturn,
    LeaseRow,
    LeaseSpend,
    LeaseState,
    Stream,
)
from linli.sync.rules import lease_id

PARKED_AS = {
    Outcome.UNKNOWN_LEASE: (Reason.UNKNOWN_LEASE, "this terminal has no such lease"),
    Outcome.OTHER_CONTENT: (Reason.CONFLICT, "something else was said of this lease before"),
}


def settle_lease(
    connection: Connection, word: Word, event: LeaseEvent, now: dt.datetime
) -> Settled:
    try:
        with connection.begin_nested():
            return _apply(connection, word.terminal, word.seq, event, now)
    except ShopError as error:
        if isinstance(event, LeaseRequest) and error.refusal is not Refusal.OTHER_CONTENT:
            _refuse(connection, word.terminal, event, error, now)
            return None
        return Unfit(Reason.CONFLICT, str(error))


def _apply(
    connection: Connection, name: str, seq: int, event: LeaseEvent, now: dt.datetime
) -> Unfit | None:
    """Raises ShopError."""
    match event:
        case LeaseRequest():
            id_ = lease_id(event.account, event.request)
            again = read_lease(connection, id_) is not None
            grant(connection, name, event.account, event.request, event.points, now)
            if again:
                append_many(connection, told_leases(connection, [id_]), now)
            return None
        case LeaseSpend():
            ware = (event.ware or None, event.pieces)
            lease, points, what = event.lease, event.points, event.what
            spent = spend(connection, name, seq, lease, points, what, now, *ware)
            return _unfit(spent.outcome)
        case LeaseReturn():
            returned = take_back(connection, name, seq, event.lease, event.points, now)
            return _unfit(returned.outcome)


def _refuse(
    connection: Connection, name: str, event: LeaseRequest, error: ShopError, now: dt.datetime
) -> None:
    scope = select(terminal.c.scope).where(terminal.c.name == name)
    row = LeaseRow(
        id=lease_id(event.account, event.request),
        terminal=name,
        account=event.account,
        points=event.points,
        state=LeaseState.REFUSED,
        reason=error.refusal.value,
    )
    feed = (connection.execute(scope).scalar_one(), Stream.HOLDERS)
    append_many(connection, {feed: [row]}, now)


def _unfit(outcome: Outcome) -> Unfit | None:
    found = PARKED_AS.get(outcome)
    return None if found is None else Unfit(*found)
