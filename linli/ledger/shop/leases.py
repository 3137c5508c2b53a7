"""Leases: points of a holder that their centre's terminal may spend while it is cut off.

A lease moves points from the holder's purse into an account that only this terminal spends from,
so that whatever it does, nobody's points are spent twice. It comes back by the terminal's own word,
which says how many points it did not spend; the rest stays for spends that are still on their way.
Only staff may end it without that word, by retiring the terminal.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from linli.ledger.journal.accounts import redeemable
from linli.ledger.journal.posting import Posting
from linli.ledger.shop.customers import (
    lock_customer,
    numbers_of,
    require_customer,
    require_points,
)
from linli.ledger.shop.naming import check_amount, check_request, clean
from linli.ledger.shop.posting import (
    LEASE,
    RETIRE,
    RETURN,
    goods,
    leased,
    lock_purses,
    open_account,
    post,
)
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import lease, retired_terminal
from linli.ledger.shop.spending import Held, Outcome
from linli.ledger.terminals.registry import TERMINAL
from linli.ledger.terminals.schema import terminal
from linli.sync.rules import lease_id as id_of


@dataclass(frozen=True, slots=True)
class Lease:
    """What a terminal was given for `holder`, who has the points; the id begins with the account
    that was asked for (`sync.rules.lease_id`)."""

    id: str
    terminal: str
    holder: str
    centre: str
    points: int
    opened_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """What came of a terminal's word: `points` went back, `short` it said and did not have."""

    outcome: Outcome
    points: int = 0
    short: int = 0


def grant(
    connection: Connection,
    terminal_name: str,
    holder: str,
    request: str,
    points: int,
    now: dt.datetime,
) -> Lease:
    """Lease some of a holder's redeemable points to a terminal. The same request again is
    answered as before.

    Raises ShopError: other content under a request's id, too few points, leased elsewhere, a
    closed account, a terminal that is none, is retired, or is another community's."""
    check_request(request)
    check_amount("the lease", points)
    at = _lock_terminal(connection, terminal_name)
    customer = lock_customer(connection, holder)
    id_ = id_of(holder, request)
    before = read_lease(connection, id_)
    if before is not None:
        if (before.terminal, before.points) != (terminal_name, points):
            raise ShopError(
                Refusal.OTHER_CONTENT,
                f"request {request} leased {before.points} to {before.terminal}: give another id",
            )
        return before
    _require_in_service(connection, terminal_name)
    require_customer(customer, at.scope)
    _require_one_home(connection, customer.account, terminal_name)
    require_points(customer, points)
    made = Lease(id_, terminal_name, customer.account, at.centre, points, now)
    connection.execute(
        insert(lease).values(
            id=id_,
            terminal=terminal_name,
            holder=made.holder,
            centre=at.centre,
            points=points,
            spent=0,
            returned=0,
            retired=0,
            opened_at=now,
        )
    )
    purse, to = redeemable(made.holder), leased(terminal_name, made.holder)
    open_account(connection, to, made.holder)
    open_account(connection, goods(at.centre))
    reason = f"leased to {terminal_name}"
    post(connection, [Posting(f"{LEASE}.{id_}", purse, to, points, reason)], now, [id_])
    return made


def take_back(
    connection: Connection,
    terminal_name: str,
    seq: int,
    lease_id: str,
    points: int,
    now: dt.datetime,
) -> Returned:
    """The terminal gives a lease back and says in its event `seq` that `points` of it are not
    spent. Spends of earlier events may still come: they find theirs. The same word again is
    answered as before; another word on the same lease is for parking."""
    check_amount("what is returned", points, least=0)
    known = read_lease(connection, lease_id)
    if known is None or known.terminal != terminal_name:
        return Returned(Outcome.UNKNOWN_LEASE)
    lock_purses(connection, [known.holder])
    found = lock_lease(connection, terminal_name, lease_id)
    assert found is not None  # noqa: S101 - leases are never deleted
    if found.closed_seq is not None:
        if (found.closed_seq, found.told) != (seq, points):
            return Returned(Outcome.OTHER_CONTENT)
        return _as_returned(points, found.returned)
    if found.closed_at is not None:
        return Returned(Outcome.AFTER_END, short=points)
    back = min(points, held(found).left)
    connection.execute(
        update(lease)
        .where(lease.c.id == lease_id)
        .values(closed_at=now, closed_seq=seq, told=points, returned=back)
    )
    returning = _returning(RETURN, found, back, f"returned by {terminal_name}")
    post(connection, returning, now, [lease_id])
    return _as_returned(points, back)


def retire_terminal(
    connection: Connection, terminal_name: str, by: str, reason: str, now: dt.datetime
) -> dict[str, int]:
    """Staff take a terminal out of service for good: what it still holds of each lease goes back.
    Returns the points by lease. Spends that come later are recorded as conflicts. Raises
    ShopError, also for a terminal that is retired already."""
    _lock_terminal(connection, terminal_name)
    _require_in_service(connection, terminal_name)
    connection.execute(
        insert(retired_terminal).values(
            terminal=terminal_name,
            by=clean("who retires it", by),
            reason=clean("the reason", reason),
            at=now,
        )
    )
    of_it = select(lease).where(lease.c.terminal == terminal_name)
    holders = {row.holder for row in connection.execute(of_it) if held(row).left}
    if not holders:
        return {}
    lock_purses(connection, holders)
    locked = connection.execute(of_it.order_by(lease.c.id).with_for_update(key_share=True)).all()
    left = {row: held(row).left for row in locked if held(row).left}
    postings = []
    for row, points in left.items():
        closed = {"retired": points, "closed_at": row.closed_at or now}
        connection.execute(update(lease).where(lease.c.id == row.id).values(closed))
        postings += _returning(RETIRE, row, points, f"{terminal_name} retired: {reason}")
    post(connection, postings, now, [row.id for row in left])
    return {row.id: points for row, points in left.items()}


def read_lease(connection: Connection, lease_id: str) -> Lease | None:
    row = connection.execute(select(lease).where(lease.c.id == lease_id)).first()
    if row is None:
        return None
    return Lease(row.id, row.terminal, row.holder, row.centre, row.points, row.opened_at)


def lock_lease(connection: Connection, terminal_name: str, lease_id: str) -> Row[Any] | None:
    """The lease of this terminal; nobody else spends it before this transaction ends."""
    query = select(lease).where(lease.c.id == lease_id, lease.c.terminal == terminal_name)
    return connection.execute(query.with_for_update(key_share=True)).first()


def held(row: Row[Any]) -> Held:
    """What a terminal still has of a lease, and until which of its events."""
    left = row.points - row.spent - row.returned - row.retired
    by_staff = row.retired > 0 or (row.closed_at is not None and row.closed_seq is None)
    return Held(left, row.closed_seq, by_staff=by_staff)


def _returning(kind: str, row: Row[Any], points: int, reason: str) -> list[Posting]:
    if not points:
        return []
    debit, credit = leased(row.terminal, row.holder), redeemable(row.holder)
    return [Posting(f"{kind}.{row.id}", debit, credit, points, reason)]


def _as_returned(told: int, back: int) -> Returned:
    outcome = Outcome.APPLIED if back == told else Outcome.OVERSPENT
    return Returned(outcome, back, told - back)


def _lock_terminal(connection: Connection, name: str) -> Row[Any]:
    query = select(terminal).where(terminal.c.name == name, terminal.c.kind == TERMINAL)
    row = connection.execute(query.with_for_update(key_share=True)).first()
    if row is None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"there is no terminal {name}")
    return row


def _require_in_service(connection: Connection, name: str) -> None:
    query = select(retired_terminal.c.at).where(retired_terminal.c.terminal == name)
    if connection.execute(query).scalar() is not None:
        raise ShopError(Refusal.NOT_POSSIBLE, f"{name} is retired: choose another terminal")


def _require_one_home(connection: Connection, holder: str, name: str) -> None:
    query = select(lease).where(
        lease.c.holder.in_(numbers_of(connection, holder)),
        lease.c.terminal != name,
        lease.c.closed_at.is_(None),
    )
    for row in connection.execute(query):
        if held(row).left:
            raise ShopError(
                Refusal.ELSEWHERE,
                f"{row.terminal} still has {held(row).left} of these points: it must return them,"
                " or be retired",
            )
