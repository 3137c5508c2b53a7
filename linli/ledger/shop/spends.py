"""Spends of terminals: each applied exactly once, by its terminal and number.

A cut-off terminal cannot know what is left on the shelf. What it sold and was not there is counted
as missing; staff give it out when there is some again, or give the points back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from linli.ledger.feed.wares import Place
from linli.ledger.journal.accounts import redeemable
from linli.ledger.journal.posting import Posting
from linli.ledger.shop.leases import held, lock_lease
from linli.ledger.shop.naming import check_amount, check_id, check_request, clean
from linli.ledger.shop.posting import SPEND, UNSPEND, goods, leased, lock_purses, post
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import lease, lease_spend
from linli.ledger.shop.spending import RECORDED, Outcome, decide, digest_of
from linli.ledger.shop.wares import add_stock, lock_stock

HIGHEST_SEQ = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Spent:
    """What came of a spend: `taken` went to the centre, `short` the lease did not hold; `missing`
    pieces were not on the shelf."""

    outcome: Outcome
    taken: int = 0
    short: int = 0
    missing: int = 0

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
    ware: str | None = None,
    pieces: int = 1,
) -> Spent:
    """Apply a terminal's spend from one of its leases. The same spend again is answered as
    before and changes nothing. `what` was given for it, in the terminal's words; `pieces` of
    `ware` are taken from the shelf of the lease's centre.

    Raises ShopError for a spend that makes no sense."""
    check_amount("the spend", points)
    check_amount("the number of pieces", pieces)
    what = clean("what was given", what)
    if ware is not None:
        check_id("ware", ware)
    if not 0 <= seq <= HIGHEST_SEQ:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{seq} is no number of an event")
    found = lock_lease(connection, terminal, lease_id)
    digest = digest_of(lease_id, points, what, ware, pieces)
    before = _recorded(connection, terminal, seq)
    if before is not None:
        return _as_before(before) if before.digest == digest else Spent(Outcome.OTHER_CONTENT)
    if found is None:
        return Spent(Outcome.UNKNOWN_LEASE)
    taken, outcome = decide(held(found), seq, points)
    on_shelf = None if ware is None or not taken else lock_stock(connection, ware, found.centre)
    from_stock = min(pieces, on_shelf or 0)
    missing = 0 if on_shelf is None else pieces - from_stock
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
            ware=ware,
            pieces=pieces,
            from_stock=from_stock,
            missing=missing,
        )
    )
    if ware is not None and from_stock:
        add_stock(connection, ware, found.centre, -from_stock)
    if taken:
        wares = [] if ware is None or not from_stock else [(ware, found.centre)]
        _take(connection, found, spend_id(terminal, seq), taken, what, now, wares)
    return Spent(outcome, taken, points - taken, missing)


def undo_spend(
    connection: Connection, terminal: str, seq: int, request: str, reason: str, now: dt.datetime
) -> int:
    """Give back the points of a spend that could not be served, and what it took from the shelf,
    once; returns the points. The same request again is answered as before. Raises ShopError."""
    check_request(request)
    known = _recorded(connection, terminal, seq)
    if known is None or not known.taken:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{terminal} spent nothing as number {seq}")
    of = connection.execute(select(lease).where(lease.c.id == known.lease)).one()
    lock_purses(connection, [of.holder])
    lock_lease(connection, terminal, known.lease)
    row = _recorded(connection, terminal, seq)
    assert row is not None  # noqa: S101 - spends are never deleted
    taken = int(row.taken)
    if row.refunded_at is not None:
        if row.refund_request != request:
            raise ShopError(Refusal.REFUNDED, f"spend {seq} of {terminal} was refunded already")
        return taken
    reason = clean("the reason", reason)
    refunded = {"refunded_at": now, "refund_request": request, "refund_reason": reason}
    mine = (lease_spend.c.terminal == terminal) & (lease_spend.c.seq == seq)
    connection.execute(update(lease_spend).where(mine).values(refunded))
    if row.from_stock:
        lock_stock(connection, row.ware, of.centre)
        add_stock(connection, row.ware, of.centre, row.from_stock)
    id_, to = f"{UNSPEND}.{terminal}.{seq}", redeemable(of.holder)
    wares = [(row.ware, of.centre)] if row.from_stock else []
    post(connection, [Posting(id_, goods(of.centre), to, taken, reason)], now, wares=wares)
    return taken


def spend_id(terminal: str, seq: int) -> str:
    """The transfer of a spend."""
    return f"{SPEND}.{terminal}.{seq}"


def _take(
    connection: Connection,
    of: Row[Any],
    id_: str,
    taken: int,
    what: str,
    now: dt.datetime,
    wares: Collection[Place],
) -> None:
    connection.execute(update(lease).where(lease.c.id == of.id).values(spent=of.spent + taken))
    from_ = leased(of.terminal, of.holder)
    post(connection, [Posting(id_, from_, goods(of.centre), taken, what)], now, wares=wares)


def _recorded(connection: Connection, terminal: str, seq: int) -> Row[Any] | None:
    query = select(lease_spend).where(lease_spend.c.terminal == terminal, lease_spend.c.seq == seq)
    return connection.execute(query).first()


def _as_before(row: Row[Any]) -> Spent:
    outcome = Outcome.APPLIED if row.conflict is None else Outcome(row.conflict)
    return Spent(outcome, row.taken, row.points - row.taken, row.missing)
