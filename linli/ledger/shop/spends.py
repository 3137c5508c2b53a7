"""Spends of terminals: each applied exactly once, by its terminal and number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from linli.ledger.journal.posting import Posting
from linli.ledger.shop.leases import held, lock_lease
from linli.ledger.shop.naming import check_amount, clean
from linli.ledger.shop.posting import SPEND, goods, leased, post
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import lease, lease_spend
from linli.ledger.shop.spending import RECORDED, Outcome, decide, digest_of

HIGHEST_SEQ = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Spent:
    """What came of a spend: `taken` went to the centre, `short` the lease did not hold."""

    outcome: Outcome
    taken: int = 0
    short: int = 0

    @property
    def recorded(self) -> bool:
        """Whether the ledger has it; otherwise it is for parking."""
        return self.outcome in RECORDED


def spend(
    connection: Connection,
    terminal: str,
    seq: int,
    lease_id: str,
    points: int,
    what: str,
    now: dt.datetime,
) -> Spent:
    """Apply a terminal's spend from one of its leases. The same spend again is answered as
    before and changes nothing. `what` was given for it, in the terminal's words.

    Raises ShopError for a spend that makes no sense."""
    check_amount("the spend", points)
    what = clean("what was given", what)
    if not 0 <= seq <= HIGHEST_SEQ:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{seq} is no number of an event")
    found = lock_lease(connection, terminal, lease_id)
    digest = digest_of(lease_id, points, what)
    before = _recorded(connection, terminal, seq)
    if before is not None:
        return _as_before(before) if before.digest == digest else Spent(Outcome.OTHER_CONTENT)
    if found is None:
        return Spent(Outcome.UNKNOWN_LEASE)
    taken, outcome = decide(held(found), seq, points)
    connection.execute(
        insert(lease_spend).values(
            terminal=terminal,
            seq=seq,
            lease=lease_id,
            points=points,
            taken=taken,
            what=what,
            digest=digest,
            conflict=None if outcome is Outcome.APPLIED else outcome.value,
            received_at=now,
        )
    )
    if taken:
        _take(connection, found, f"{SPEND}.{terminal}.{seq}", taken, what, now)
    return Spent(outcome, taken, points - taken)


def _take(
    connection: Connection, of: Row[Any], id_: str, taken: int, what: str, now: dt.datetime
) -> None:
    connection.execute(update(lease).where(lease.c.id == of.id).values(spent=of.spent + taken))
    from_ = leased(of.terminal, of.holder)
    post(connection, [Posting(id_, from_, goods(of.centre), taken, what)], now)


def _recorded(connection: Connection, terminal: str, seq: int) -> Row[Any] | None:
    query = select(lease_spend).where(lease_spend.c.terminal == terminal, lease_spend.c.seq == seq)
    return connection.execute(query).first()


def _as_before(row: Row[Any]) -> Spent:
    outcome = Outcome.APPLIED if row.conflict is None else Outcome(row.conflict)
    return Spent(outcome, row.taken, row.points - row.taken)
