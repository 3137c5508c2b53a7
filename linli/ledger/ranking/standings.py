"""Standings follow deeds: whose deeds changed, gets the sums of the periods concerned anew.

How many accounts have how many points is kept per node, so that a rank is one short sum.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, select, update

from linli.ledger.database import MomentText, in_chunks, upsert
from linli.ledger.journal.deed import POSTED, VOIDED, Deed, find_deeds
from linli.ledger.journal.schema import deed
from linli.ledger.people.bearers import taken_over
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.ranking.schema import point_count, standing
from linli.sync.messages import Kind
from linli.sync.periods import RANKED, days_of, period_key

Key = tuple[str, str]
"""(period, account)."""
Count = tuple[str, str, str, int]
"""(period, kind, node, points)."""
_PENDING = func.sum(case((deed.c.state == POSTED, 0), else_=deed.c.points))
_POSTED = func.sum(case((deed.c.state == POSTED, deed.c.points), else_=0))
_REACHED = func.max(deed.c.done_at, type_=MomentText)


@dataclass(frozen=True, slots=True)
class Sum:
    """What an account has in one period. `reached_at` is when the newest deed counted was done."""

    pending: int
    posted: int
    reached_at: dt.datetime

    @property
    def points(self) -> int:
        return self.pending + self.posted

    def plus(self, other: Sum) -> Sum:
        """Both together."""
        reached_at = max(self.reached_at, other.reached_at)
        return Sum(self.pending + other.pending, self.posted + other.posted, reached_at)


def periods_of(day: str) -> list[str]:
    """The periods a deed of that business day counts in."""
    return [period_key(dt.date.fromisoformat(day), per) for per in RANKED]


def sums(deeds: Iterable[Deed], holders: Mapping[str, Holder]) -> dict[Key, Sum]:
    """All standings that these deeds amount to, each their bearer's; `holders` are all who did
    them."""
    found: dict[Key, Sum] = {}
    for kept in deeds:
        if not kept.counts:
            continue
        is_posted = kept.state == POSTED
        for period in periods_of(kept.day):
            key = (period, holders[kept.account].bearer)
            old = found.get(key, Sum(0, 0, kept.done_at))
            found[key] = Sum(
                old.pending + (0 if is_posted else kept.points),
                old.posted + (kept.points if is_posted else 0),
                max(old.reached_at, kept.done_at),
            )
    return found


def update_standings(
    connection: Connection, changed: Iterable[Deed], holders: Mapping[str, Holder]
) -> list[Key]:
    """Bring standings and counts up to date after deeds of these accounts changed; `changed`
    holds them as they were and as they are. Returns the standings that moved."""
    keys = {(period, holders[d.account].bearer) for d in changed for period in periods_of(d.day)}
    if not keys:
        return []
    new = _summed(connection, keys, holders)
    old = _known(connection, keys)
    moved = [key for key in keys if new.get(key) != _live(old.get(key))]
    _write(connection, moved, old, new, holders)
    _count(connection, moved, (old, holders), (new, holders))
    return sorted(moved)


def place_anew(
    connection: Connection, before: Mapping[str, Holder], after: Mapping[str, Holder]
) -> list[Key]:
    """Bring all standings of these holders and their counts up to date after they moved, left or
    were merged. Both name the same accounts, bearers too. Returns the standings that are there."""
    old = _standing_of(connection, standing.c.account.in_(list(after)))
    deeds = find_deeds(connection, deed.c.account.in_(list(after)))
    new = ranked(sums(deeds, after), after)
    keys = sorted({*old, *new})
    _write(connection, keys, old, new, after)
    _count(connection, keys, (old, before), (new, after))
    return keys


def ranked(totals: Mapping[Key, Sum], holders: Mapping[str, Holder]) -> dict[Key, Sum]:
    """Without those who are not ranked any more."""
    return {key: total for key, total in totals.items() if holders[key[1]].ranked}


def _live(known: Sum | None) -> Sum | None:
    return known if known is not None and known.points else None


def _summed(
    connection: Connection, keys: Collection[Key], holders: Mapping[str, Holder]
) -> dict[Key, Sum]:
    """The sums of these standings, added up by the database; those of nothing are left out."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for period, account in keys:
        wanted[period].add(account)
    accounts = {account for _, account in keys}
    others = taken_over(connection, accounts).keys() - holders.keys()
    holders = {**holders, **read_holders(connection, others)} if others else holders
    found: dict[Key, Sum] = {}
    for period, some in wanted.items():
        family = {account for account, known in holders.items() if known.bearer in some}
        for account, added in _added_up(connection, period, family):
            key = (period, holders[account].bearer)
            found[key] = found[key].plus(added) if key in found else added
    return ranked(found, holders)


def _added_up(
    connection: Connection, period: str, accounts: Collection[str]
) -> Iterator[tuple[str, Sum]]:
    """What each account's own deeds of the period come to."""
    first, last = days_of(period)
    counted_deeds = (
        deed.c.day.between(first.isoformat(), last.isoformat())
        & (deed.c.state != VOIDED)
        & deed.c.surplus.is_(False)
    )
    for chunk in in_chunks(sorted(accounts)):
        query = select(deed.c.account, _PENDING, _POSTED, _REACHED)
        rows = query.where(deed.c.account.in_(chunk), counted_deeds).group_by(deed.c.account)
        for account, pending, posted, reached_at in connection.execute(rows):
            yield account, Sum(int(pending), int(posted), reached_at)


def _known(connection: Connection, keys: Collection[Key]) -> dict[Key, Sum]:
    periods = {period for period, _ in keys}
    found: dict[Key, Sum] = {}
    for chunk in in_chunks({account for _, account in keys}):
        here = standing.c.account.in_(chunk) & standing.c.period.in_(periods)
        found |= _standing_of(connection, here)
    return found


def _standing_of(connection: Connection, where: ColumnElement[bool]) -> dict[Key, Sum]:
    return {
        (row.period, row.account): Sum(row.pending, row.posted, row.reached_at)
        for row in connection.execute(select(standing).where(where))
    }


def _write(
    connection: Connection,
    moved: Iterable[Key],
    old: Mapping[Key, Sum],
    new: Mapping[Key, Sum],
    holders: Mapping[str, Holder],
) -> None:
    rows = []
    for period, account in moved:
        key = (period, account)
        total = new.get(key) or Sum(0, 0, old[key].reached_at)
        holder = holders[account]
        rows.append(
            {
                "period": period,
                "account": account,
                "kind": holder.kind.value,
                "building": holder.building,
                "scope": holder.scope,
                "pending": total.pending,
                "posted": total.posted,
                "points": total.points,
                "reached_at": total.reached_at,
            }
        )
    upsert(connection, standing, rows)


def _count(
    connection: Connection,
    moved: Iterable[Key],
    old: tuple[Mapping[Key, Sum], Mapping[str, Holder]],
    new: tuple[Mapping[Key, Sum], Mapping[str, Holder]],
) -> None:
    """`old` and `new` are what was and what is, with the holders as they were and as they are."""
    steps: Counter[Count] = Counter()
    for key in moved:
        for (totals, holders), step in ((old, -1), (new, 1)):
            total = totals.get(key)
            if total is None or not total.points:
                continue
            holder = holders[key[1]]
            for node in holder.counted_in:
                steps[key[0], holder.kind.value, node, total.points] += step
    names = ("period", "kind", "node", "points")
    more = [
        {**dict(zip(names, key, strict=True)), "accounts": step}
        for key, step in sorted(steps.items())
        if step > 0
    ]
    upsert(connection, point_count, more, added=("accounts",))
    # An upsert checks the row it would insert first, and that may not be below zero.
    fewer = [
        {**{f"of_{n}": value for n, value in zip(names, key, strict=True)}, "fewer": -step}
        for key, step in sorted(steps.items())
        if step < 0
    ]
    if fewer:
        matches = [point_count.c[name] == bindparam(f"of_{name}") for name in names]
        accounts = point_count.c.accounts - bindparam("fewer")
        connection.execute(update(point_count).where(*matches).values(accounts=accounts), fewer)


def counted(standings: Mapping[Key, Sum], holders: Mapping[str, Holder]) -> dict[Count, int]:
    """How many accounts have how many points, by (period, kind, node, points)."""
    found: dict[Count, int] = defaultdict(int)
    for (period, account), total in standings.items():
        for node in holders[account].counted_in:
            found[period, holders[account].kind.value, node, total.points] += 1
    return dict(found)


def rank(connection: Connection, period: str, kind: Kind, node: str, points: int) -> int:
    """The rank that `points` hold at a node that keeps counts: 1 + the accounts with more, so
    equal points share a rank (1, 2, 2, 4)."""
    where = (
        (point_count.c.period == period)
        & (point_count.c.kind == kind.value)
        & (point_count.c.node == node)
        & (point_count.c.points > points)
    )
    above = select(func.coalesce(func.sum(point_count.c.accounts), 0)).where(where)
    return 1 + int(connection.execute(above).scalar_one())
