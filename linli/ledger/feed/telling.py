"""Tells terminals and boards what one transaction changed, each community what concerns it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from linli.ledger.activities.reading import Activity
from linli.ledger.feed import known_rows
from linli.ledger.feed.moments import What, moments_of
from linli.ledger.feed.notices import OnNotice, notice_rows
from linli.ledger.feed.reasons import reasons
from linli.ledger.feed.writer import append_many
from linli.ledger.journal.deed import VOIDED, Deed
from linli.ledger.journal.reconciling import Reconciled
from linli.ledger.people.directory import Holder
from linli.ledger.ranking.sums import Key, Sum
from linli.sync.messages import AttendanceRow, Row, StandingRow, Stream
from linli.sync.rules import deed_id

Pair = tuple[str, str]
"""(account, activity)."""
Told = dict[tuple[str, Stream], list[Row]]


@dataclass(frozen=True)
class News:
    """What changed, as it is now: attendance by pair, standings in the order of their keys, and
    deeds, with those of the attendance that stayed the same, and notices."""

    attendance: Mapping[Pair, AttendanceRow]
    standings: Mapping[Key, Sum]
    deeds: Reconciled
    notices: Collection[OnNotice] = ()


def tell(
    connection: Connection,
    news: News,
    holders: Mapping[str, Holder],
    activities: Mapping[str, Activity],
    now: dt.datetime,
) -> None:
    """Append the rows to the feeds concerned; `holders` are all that are named in the news, and
    `activities` all whose attendance changed."""
    told: Told = defaultdict(list)
    for key, total in news.standings.items():
        holder = holders[key[1]]
        told[holder.scope, Stream.CHANGES].append(_standing(key, total, holder))
    for scope, month in sorted(news.notices):
        told[scope, Stream.CHANGES] += notice_rows(connection, scope, [month])
    for pair, row in sorted(news.attendance.items()):
        _add_attendance(told, row, holders[pair[0]], activities[pair[1]], news.deeds)
    _add_deeds(connection, told, list(news.deeds.after.values()), holders, activities)
    append_many(connection, told, now)


def _standing(key: Key, total: Sum, holder: Holder) -> StandingRow:
    return StandingRow(
        account=holder.account,
        kind=holder.kind,
        name=holder.public_name,
        building=holder.building,
        building_name=holder.building_name,
        period=key[0],
        pending=total.pending,
        posted=total.posted,
        reached_at=total.reached_at,
    )


def _add_attendance(
    told: Told, row: AttendanceRow, holder: Holder, activity: Activity, deeds: Reconciled
) -> None:
    """To the community of the activity, and to the person's own where that is another."""
    told[activity.scope, Stream.HOLDERS].append(row)
    if holder.scope != activity.scope:
        told[holder.scope, Stream.HOLDERS].append(row)
    plan = activity.row
    what = What(plan.title, plan.points, signs_out=plan.min_minutes is not None)
    made = deeds.now(deed_id(plan.id, holder.account))
    earned = None if made is None or made.state == VOIDED else made.points
    told[activity.scope, Stream.CHANGES] += moments_of(row, what, holder.public_name, earned)


def _add_deeds(
    connection: Connection,
    told: Told,
    deeds: Collection[Deed],
    holders: Mapping[str, Holder],
    activities: Mapping[str, Activity],
) -> None:
    by_scope: dict[str, list[Deed]] = defaultdict(list)
    for changed in deeds:
        by_scope[holders[changed.account].scope].append(changed)
    titles = known_rows.titles(connection, deeds, activities) if deeds else {}
    why = reasons(connection, deeds)
    for scope, some in by_scope.items():
        # A deed of a merged account moves its bearer's points.
        accounts = {a for d in some for a in (d.account, holders[d.account].bearer)}
        concerned = [holders[account] for account in sorted(accounts)]
        told[scope, Stream.HOLDERS] += known_rows.rows_of_holders(connection, concerned)
        told[scope, Stream.HOLDERS] += [
            known_rows.row_of_deed(d, titles[d.id], why.get(d.id, ""))
            for d in sorted(some, key=lambda d: d.id)
        ]
