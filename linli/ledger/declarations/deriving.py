"""From what was written down to deeds: each is made anew from its row and the standard of its day,
like those that cards witnessed, so that a new version of the standard or a closed account changes
both alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from linli.ledger.database import in_chunks
from linli.ledger.declarations.schema import declaration, desk_entry
from linli.ledger.feed.following import follow
from linli.ledger.ingest.attendance import LATE
from linli.ledger.journal.reconciling import Wanted, reconcile
from linli.ledger.people.bearers import bearers
from linli.ledger.people.directory import read_holders
from linli.ledger.people.holding import lock
from linli.ledger.review.risk import Doubt
from linli.ledger.standard.versions import Standards
from linli.sync.periods import SHANGHAI

DECLARABLE = frozenset({"declare", "task"})
"""How the standard says of an item that people declare it themselves."""
SIGNED, REFUSED = "signed", "refused"
"""What became of an entry at the desk."""


@dataclass(frozen=True, slots=True)
class Written:
    """A deed as somebody wrote it down at `made_at`. `how` is its doubt for good."""

    id: str
    account: str
    item: str
    day: dt.date
    made_at: dt.datetime
    how: Doubt

    @property
    def done_at(self) -> dt.datetime:
        """The last moment at which it can have been done: nobody says more than the day. So in
        an item's limit those come first that a card witnessed."""
        end = dt.datetime.combine(self.day, dt.time.max, SHANGHAI)
        return min(self.made_at, end)


def derive_written(
    connection: Connection, written: Collection[Written], standards: Standards, now: dt.datetime
) -> None:
    """Bring these deeds up to date with all that follows from them."""
    accounts = {one.account for one in written}
    lock(connection, {*accounts, *bearers(connection, accounts).values()})
    holders = read_holders(connection, accounts)
    wanted = {
        one.id: wanted_deed(one, standards, holders[one.account].deeds_until) for one in written
    }
    deeds = reconcile(connection, wanted, standards, now)
    if deeds.after:
        follow(connection, deeds, now)


def wanted_deed(of: Written, standards: Standards, until: dt.datetime | None) -> Wanted | None:
    """None where the standard has no such item on that day, or not one to be declared, or where
    the account was closed by then (`until`). A desk may enter any item. Pure."""
    if until is not None and of.done_at >= until:
        return None
    scored = standards.score(of.item, of.day)
    if scored is None or (of.how is Doubt.DECLARED and scored.record not in DECLARABLE):
        return None
    late = {Doubt.LATE} if of.made_at - of.done_at > LATE else set()
    return Wanted(
        id=of.id,
        account=of.account,
        activity=None,
        item=of.item,
        class_code=scored.class_code,
        done_at=of.done_at,
        day=of.day.isoformat(),
        points=scored.points,
        standard_version=scored.version,
        flags=tuple(sorted(flag.value for flag in {of.how, *late})),
    )


# --- what was written down -------------------------------------------------------------------


def written_since(connection: Connection, day: dt.date) -> list[Written]:
    """Of that day and later ones; entries once they are signed."""
    first = day.isoformat()
    return [
        *_declared(connection, declaration.c.day >= first),
        *_by_hand(connection, desk_entry.c.day >= first),
    ]


def written_of(connection: Connection, accounts: Collection[str]) -> list[Written]:
    """Of these accounts; entries once they are signed."""
    return [
        one
        for chunk in in_chunks(sorted(accounts))
        for found in (
            _declared(connection, declaration.c.account.in_(chunk)),
            _by_hand(connection, desk_entry.c.account.in_(chunk)),
        )
        for one in found
    ]


def written_as(connection: Connection, id_: str) -> list[Written]:
    """The one with this id, if there is one; an entry once it is signed."""
    return [
        *_declared(connection, declaration.c.id == id_),
        *_by_hand(connection, desk_entry.c.id == id_),
    ]


def _declared(connection: Connection, where: ColumnElement[bool]) -> Iterator[Written]:
    for row in connection.execute(select(declaration).where(where).order_by(declaration.c.id)):
        day = dt.date.fromisoformat(row.day)
        yield Written(row.id, row.account, row.item, day, row.made_at, Doubt.DECLARED)


def _by_hand(connection: Connection, where: ColumnElement[bool]) -> Iterator[Written]:
    query = select(desk_entry).where(where, desk_entry.c.outcome == SIGNED)
    for row in connection.execute(query.order_by(desk_entry.c.id)):
        day = dt.date.fromisoformat(row.day)
        yield Written(row.id, row.account, row.item, day, row.entered_at, Doubt.BY_HAND)
