"""What the desk changes, nobody else changes meanwhile."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from linli.ledger.database import lock_rows
from linli.ledger.feed.schema import feed_head
from linli.ledger.journal.schema import account
from linli.ledger.people.checks import PeopleError
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.people.schema import holder


def hold(
    connection: Connection, accounts: Collection[str], scopes: Collection[str] = ()
) -> dict[str, Holder]:
    """Lock these holders, their purses, and the feeds of their communities and of `scopes`, as
    others lock them: people first, feeds last and in their order. Raises PeopleError for an
    unknown account."""
    locked = select(holder.c.account, holder.c.scope).where(holder.c.account.in_(accounts))
    rows = connection.execute(locked.order_by(holder.c.account).with_for_update()).all()
    unknown = set(accounts) - {row.account for row in rows}
    if unknown:
        raise PeopleError(f"there is no account {min(unknown)!r}: check the number")
    purses = select(account.c.id).where(account.c.holder.in_(accounts)).order_by(account.c.id)
    connection.execute(purses.with_for_update(key_share=True)).all()
    heads = select(feed_head).where(feed_head.c.scope.in_({*scopes, *(row.scope for row in rows)}))
    order = (feed_head.c.scope, feed_head.c.stream)
    connection.execute(heads.order_by(*order).with_for_update()).all()
    return read_holders(connection, accounts)


def lock(connection: Connection, accounts: Collection[str]) -> None:
    """Whoever writes of the same people waits until this transaction ends (SQLite has one
    writer)."""
    lock_rows(connection, holder.c.account, accounts)
