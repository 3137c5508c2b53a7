"""Standings follow deeds: what a changed deed counted is taken off the sums, what it counts now is
added, so that it costs the same however many deeds somebody has. Only where the newest of all went
are they added up anew.

How many accounts have how many points is kept per node, so that a rank is one short sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, literal_column, select

from linli.ledger.database import (
    Lines,
    MomentText,
    add_to_rows,
    among,
    in_chunks,
    insert_or_upsert,
    upsert,
)
from linli.ledger.journal.deed import POSTED, VOIDED, find_deeds
from linli.ledger.journal.reconciling import Reconciled
from linli.ledger.journal.schema import deed
from linli.ledger.people.bearers import taken_over
from linli.ledger.people.directory import Holder, read_holders
from linli.ledger.prepared import Prepared
from linli.ledger.ranking.schema import point_count, standing
from linli.ledger.ranking.sums import Key, Sum, ranked, reached_after, steps_of, sums
from linli.sync.messages import Kind
from linli.sync.periods import days_of

Count = tuple[str, str, str, int]
"""(period, kind, node, points)."""
_PENDING = func.sum(case((deed.c.state == POSTED, 0), else_=deed.c.points))
_POSTED = func.sum(case((deed.c.state == POSTED, deed.c.points), else_=0))
_REACHED = func.max(deed.c.done_at, type_=MomentText)
_OLD = select(
    standing.c.period,
    standing.c.account,
    standing.c.pending,
    standing.c.posted,
    standing.c.reached_at,
)
_KNOWN = Prepared(
    _OLD.where(among(standing.c.period, "periods"), among(standing.c.account, "accounts"))
)
_ALL_OF = Prepared(_OLD.where(among(standing.c.account, "accounts")))


def update_standings(
    connection: Connection, deeds: Reconciled, holders: Mapping[str, Holder]
) -> dict[Key, Sum]:
    """Bring standings and counts up to date after deeds of these accounts changed. Returns the
    standings that moved, as they are now."""
    steps = steps_of(deeds, holders)
    if not steps:
        return {}
    old = _known(connection, steps)
    live = {key: total for key, total in old.items() if total.points}
    new: dict[Key, Sum] = {}
    unsure = set()
    for key, step in steps.items():
        known = live.get(key)
        reached_at = reached_after(known, step)
        if reached_at is None:
            unsure.add(key)
        elif holders[key[1]].ranked:
            before = known or Sum(0, 0, reached_at)
            total = Sum(before.pending + step.pending, before.posted + step.posted, reached_at)
            if total.points:
                new[key] = total
    if unsure:
        new |= _summed(connection, unsure, holders)
    moved = sorted([key for key in steps if new.get(key) != live.get(key)])
    now = _write(connection, moved, old, new, holders)
    _count(connection, moved, (old, holders), (new, holders))
    return now


def place_anew(
    connection: Connection, before: Mapping[str, Holder], after: Mapping[str, Holder]
) -> dict[Key, Sum]:
    """Bring all standings of these holders and their counts up to date after they moved, left or
    were merged. Both name the same accounts, bearers too. Returns the standings as they are."""
    old = _sums(_ALL_OF.all(connection, accounts=after))
    deeds = find_deeds(connection, deed.c.account.in_(list(after)))
    new = ranked(sums(deeds, after), after)
    keys = sorted({*old, *new})
    now = _write(connection, keys, old, new, after)
    _count(connection, keys, (old, before), (new, after))
    return now


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
    periods, accounts = {period for period, _ in keys}, {account for _, account in keys}
    return _sums(_KNOWN.all(connection, periods=periods, accounts=accounts))


def _sums(rows: Iterable[Sequence[Any]]) -> dict[Key, Sum]:
    return {(row[0], row[1]): Sum(row[2], row[3], row[4]) for row in rows}


def _write(
    connection: Connection,
    moved: Iterable[Key],
    old: Mapping[Key, Sum],
    new: Mapping[Key, Sum],
    holders: Mapping[str, Holder],
) -> dict[Key, Sum]:
    """Write those that moved, and return them as they are."""
    now = {key: new.get(key) or Sum(0, 0, old[key].reached_at) for key in moved}
    rows = []
    for key, total in now.items():
        pending, posted, reached_at = total.pending, total.posted, total.reached_at
        holder = holders[key[1]]
        home = (holder.kind.value, holder.building, holder.scope)
        rows.append((*key, *home, pending, posted, pending + posted, reached_at))
    insert_or_upsert(connection, standing, Lines(tuple(standing.c.keys()), rows), old.keys())
    return now


def _count(
    connection: Connection,
    moved: Iterable[Key],
    old: tuple[Mapping[Key, Sum], Mapping[str, Holder]],
    new: tuple[Mapping[Key, Sum], Mapping[str, Holder]],
) -> None:
    """`old` and `new` are what was and what is, with the holders as they were and as they are."""
    placed: dict[tuple[str, Kind, tuple[str, ...], int], int] = defaultdict(int)
    for (totals, holders), step in ((old, -1), (new, 1)):
        for key in moved if totals else ():
            total = totals.get(key)
            if total is not None and (points := total.points):
                holder = holders[key[1]]
                placed[key[0], holder.kind, holder.counted_in, points] += step
    steps: dict[Count, int] = defaultdict(int)
    for (period, kind, nodes, points), step in placed.items():
        for node in nodes:
            steps[period, kind.value, node, points] += step
    rows = [(*key, step) for key, step in sorted(steps.items()) if step]
    # An upsert checks the row it would insert first, and that may not be below zero: those that
    # fall are only locked by it, in one order with those that rise.
    names = tuple(point_count.c.keys())
    risen = [(*key, max(0, step)) for *key, step in rows]
    upsert(connection, point_count, Lines(names, risen), added=("accounts",))
    fallen = [row for row in rows if row[-1] < 0]
    add_to_rows(connection, point_count, Lines(names, fallen))


def counted(standings: Mapping[Key, Sum], holders: Mapping[str, Holder]) -> dict[Count, int]:
    """How many accounts have how many points, by (period, kind, node, points)."""
    found: dict[Count, int] = defaultdict(int)
    for (period, account), total in standings.items():
        for node in holders[account].counted_in:
            found[period, holders[account].kind.value, node, total.points] += 1
    return dict(found)


_COUNTED = select(func.coalesce(func.sum(point_count.c.accounts), 0)).where(
    point_count.c.period == bindparam("of_period"),
    point_count.c.kind == bindparam("of_kind"),
    point_count.c.node == bindparam("of_node"),
)
_ABOVE = Prepared(_COUNTED.where(point_count.c.points > bindparam("than")))
_ABOVE_ACCOUNT = Prepared(
    _COUNTED.where(
        point_count.c.points
        > select(standing.c.points)
        .where(
            standing.c.period == bindparam("of_period"),
            standing.c.account == bindparam("of_account"),
        )
        .scalar_subquery()
    )
)


def rank(connection: Connection, period: str, kind: Kind, node: str, points: int) -> int:
    """The rank that `points` hold at a node that keeps counts: 1 + the accounts with more, so
    equal points share a rank (1, 2, 2, 4)."""
    asked = {"of_period": period, "of_kind": kind.value, "of_node": node, "than": points}
    return 1 + int(_ABOVE.all(connection, **asked)[0][0])


def rank_of(connection: Connection, period: str, kind: Kind, node: str, account: str) -> int:
    """The rank of an account that has points in the period, at a node that counts it."""
    asked = {"of_period": period, "of_kind": kind.value, "of_node": node, "of_account": account}
    return 1 + int(_ABOVE_ACCOUNT.all(connection, **asked)[0][0])


@lru_cache
def _first(most: int) -> Prepared:
    """How many stands in the text: PostgreSQL keeps no plan for a number that it does not know,
    and to make one takes it nearly as long as the answer."""
    return Prepared(
        select(standing.c.account, standing.c.points)
        .where(
            standing.c.period == bindparam("of_period"),
            standing.c.scope == bindparam("of_scope"),
            standing.c.kind == bindparam("of_kind"),
            standing.c.points > 0,
        )
        .order_by(standing.c.points.desc(), standing.c.reached_at, standing.c.account)
        .limit(literal_column(str(most)))
    )


def first(
    connection: Connection, period: str, kind: Kind, scope: str, most: int
) -> list[tuple[str, int]]:
    """The accounts with the most points of a community, and these; of equal ones the one that had
    them first."""
    asked = {"of_period": period, "of_kind": kind.value, "of_scope": scope}
    return [(account, points) for account, points in _first(most).all(connection, **asked)]
