"""Tells terminals and boards what one transaction changed, each community what concerns it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from linli.ledger.activities.reading import Activity
from linli.ledger.feed import rows
from linli.ledger.feed.moments import moment_rows
from linli.ledger.feed.notices import OnNotice, notice_rows
from linli.ledger.feed.writer import append_many
from linli.ledger.journal.deed import Deed
from linli.ledger.people.directory import Holder
from linli.ledger.ranking.sums import Key
from linli.sync.messages import Row, Stream

Pair = tuple[str, str]
"""(account, activity)."""
Told = dict[tuple[str, Stream], list[Row]]


@dataclass(frozen=True)
class News:
    """What changed: attendance by pair, standings by key, deeds as they are now, and notices."""

    attendance: Collection[Pair]
    standings: Collection[Key]
    deeds: Collection[Deed]
    notices: Collection[OnNotice] = ()


def tell(
    connection: Connection,
    news: News,
    holders: Mapping[str, Holder],
    activities: Mapping[str, Activity],
    now: dt.datetime,
) -> None:
    """Append the rows to the feeds concerned; `holders` and `activities` hold all that are
    named in the news."""
    told: Told = defaultdict(list)
    for scope, keys in _by_scope(news.standings, holders).items():
        told[scope, Stream.CHANGES] += rows.standing_rows(connection, keys)
    for scope, month in sorted(news.notices):
        told[scope, Stream.CHANGES] += notice_rows(connection, scope, [month])
    _add_attendance(connection, told, news.attendance, holders, activities)
    _add_deeds(connection, told, news.deeds, holders)
    append_many(connection, told, now)


def _add_attendance(
    connection: Connection,
    told: Told,
    pairs: Collection[Pair],
    holders: Mapping[str, Holder],
    activities: Mapping[str, Activity],
) -> None:
    """To the community of the activity, and to the person's own where that is another."""
    scopes: dict[str, set[Pair]] = defaultdict(set)
    moments: dict[str, set[Pair]] = defaultdict(set)
    for account, activity in pairs:
        here = activities[activity].scope
        moments[here].add((account, activity))
        for scope in {here, holders[account].scope}:
            scopes[scope].add((account, activity))
    for scope, some in scopes.items():
        told[scope, Stream.HOLDERS] += rows.attendance_rows(connection, sorted(some))
    for scope, some in moments.items():
        told[scope, Stream.CHANGES] += moment_rows(connection, sorted(some))


def _add_deeds(
    connection: Connection, told: Told, deeds: Iterable[Deed], holders: Mapping[str, Holder]
) -> None:
    by_scope: dict[str, list[Deed]] = defaultdict(list)
    for changed in deeds:
        by_scope[holders[changed.account].scope].append(changed)
    for scope, some in by_scope.items():
        # A deed of a merged account moves its bearer's points.
        accounts = sorted({a for d in some for a in (d.account, holders[d.account].bearer)})
        told[scope, Stream.HOLDERS] += rows.holder_rows(connection, accounts)
        told[scope, Stream.HOLDERS] += rows.deed_rows(connection, sorted(d.id for d in some))


def _by_scope(keys: Iterable[Key], holders: Mapping[str, Holder]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = defaultdict(list)
    for key in keys:
        found[holders[key[1]].scope].append(key)
    return found
