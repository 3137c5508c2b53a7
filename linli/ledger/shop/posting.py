"""Shop transfers: posted at once, with the balances and the feed that follow.

Whoever redeems, refunds or leases takes locks in one order, so that nobody waits in a circle: the
people concerned, their purses, then rows of the shop, then (here) the accounts, and feeds last.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, select

from linli.ledger.database import in_chunks, upsert
from linli.ledger.feed.leases import told_leases
from linli.ledger.feed.rows import holder_rows
from linli.ledger.feed.telling import Told
from linli.ledger.feed.wares import Place, shelf_rows
from linli.ledger.feed.writer import append_many
from linli.ledger.journal.accounts import REDEEMABLE, redeemable
from linli.ledger.journal.posting import Posting, post_transfers
from linli.ledger.journal.schema import account
from linli.ledger.journal.sweeping import sweep
from linli.ledger.people.bearers import bearers
from linli.ledger.people.schema import holder
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.sync.messages import Stream

GOODS, MERCHANT, LEASE = "goods", "merchant", "lease"
REDEEM, REFUND, RETURN, RETIRE = "redeem", "refund", "return", "retire"
SPEND, UNSPEND = "spend", "unspend"
"""What ids of transfers begin with, a point after it; a lease's own begins with LEASE."""


def goods(centre: str) -> str:
    """Where the points of goods and services of a centre go."""
    return f"{GOODS}:{centre}"


def of_merchant(merchant: str) -> str:
    """Where the points of a merchant's vouchers go."""
    return f"{MERCHANT}:{merchant}"


def leased(terminal: str, bearer: str) -> str:
    """Points of a holder that a terminal may spend for them."""
    return f"{LEASE}:{terminal}:{bearer}"


def lock_purses(connection: Connection, holders: Collection[str]) -> dict[str, int]:
    """What these holders, and those who have the points of merged ones among them, may spend;
    nobody else spends it before this transaction ends. Raises ShopError for somebody without a
    purse."""
    locked: dict[str, int] = {}
    wanted = {*holders, *bearers(connection, holders).values()}
    while missing := sorted(wanted - locked.keys()):
        locked |= _lock(connection, missing)
        # They may have been merged while this waited for them.
        wanted |= set(bearers(connection, missing).values())
    return locked


def _lock(connection: Connection, holders: Collection[str]) -> dict[str, int]:
    """People first, as the desk locks them when it merges two."""
    found: dict[str, int] = {}
    for chunk in in_chunks(holders):
        people = select(holder.c.account).where(holder.c.account.in_(chunk))
        shared = people.order_by(holder.c.account).with_for_update(read=True, key_share=True)
        connection.execute(shared).all()
    for chunk in in_chunks(sorted(redeemable(one) for one in holders)):
        query = select(account.c.holder, account.c.posted).where(account.c.id.in_(chunk))
        locked = query.order_by(account.c.id).with_for_update(key_share=True)
        found |= {row.holder: row.posted for row in connection.execute(locked)}
    for one in holders:
        if one not in found:
            raise ShopError(Refusal.NOT_POSSIBLE, f"there is no account {one}")
    return found


def open_account(connection: Connection, id_: str, bearer: str | None = None) -> None:
    """An account of the shop, if it is not there yet. One with a `bearer` holds a person's points:
    the database lets it no more fall below zero than a purse."""
    if connection.execute(select(account.c.id).where(account.c.id == id_)).scalar() is not None:
        return
    row = {
        "id": id_,
        "holder": bearer,
        "purse": id_.partition(":")[0],
        "system": bearer is None,
        "posted": 0,
        "pending": 0,
    }
    # Two who open it at once both add nothing to it.
    upsert(connection, account, [row], added=("posted", "pending"))


def post(
    connection: Connection,
    postings: Sequence[Posting],
    now: dt.datetime,
    leases: Collection[str] = (),
    wares: Collection[Place] = (),
) -> None:
    """Post these transfers and tell the terminals of the people concerned, and how these leases
    stand, and everybody how many are left of these `wares`. What comes back to a merged account
    goes on to its bearer. Write the rows that the transfers stand for before.

    Raises IntegrityError where an id is taken or a person's account would fall below zero."""
    touched = sorted({id_ for one in postings for id_ in (one.debit, one.credit)})
    for chunk in in_chunks(touched):
        query = select(account.c.id).where(account.c.id.in_(chunk)).order_by(account.c.id)
        connection.execute(query.with_for_update(key_share=True)).all()
    post_transfers(connection, postings, now)
    people = {id_.removesuffix(f":{REDEEMABLE}") for id_ in touched if _is_purse(id_)}
    sweep(connection, {id_ for id_ in people if _gains(id_, postings)}, now)
    told = _told(connection, {*people, *bearers(connection, people).values()})
    for feed, rows in told_leases(connection, leases).items():
        told.setdefault(feed, []).extend(rows)
    for scope, rows in shelf_rows(connection, wares).items():
        told[scope, Stream.CHANGES] = rows
    append_many(connection, told, now)


def _is_purse(id_: str) -> bool:
    return id_.endswith(f":{REDEEMABLE}")


def _gains(who: str, postings: Sequence[Posting]) -> bool:
    return any(one.credit == redeemable(who) for one in postings)


def _told(connection: Connection, people: Collection[str]) -> Told:
    scopes: dict[str, list[str]] = defaultdict(list)
    for chunk in in_chunks(sorted(people)):
        query = select(holder.c.scope, holder.c.account).where(holder.c.account.in_(chunk))
        for row in connection.execute(query.order_by(holder.c.account)):
            scopes[row.scope].append(row.account)
    return {
        (scope, Stream.HOLDERS): list(holder_rows(connection, accounts))
        for scope, accounts in scopes.items()
    }
