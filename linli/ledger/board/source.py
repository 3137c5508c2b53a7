"""The board's pages from the ledger itself: answers what a replica of its public feed would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, select

from linli.ledger.activities.schema import activity
from linli.ledger.feed.board import read_plan, read_urgent, standard_changes
from linli.ledger.feed.moments import newest_moments
from linli.ledger.feed.notices import recent_notices
from linli.ledger.feed.rows import find_activities, find_standings
from linli.ledger.feed.stories import stories_on_show
from linli.ledger.feed.wares import shop_on_show
from linli.ledger.people.checks import BUILDING
from linli.ledger.people.schema import org
from linli.ledger.ranking.schema import standing
from linli.sync.messages import (
    ActivityRow,
    BoardPlanRow,
    Kind,
    MomentRow,
    NoticeRow,
    Row,
    StandardChangeRow,
    StandingRow,
    StoryRow,
    UrgentRow,
    WareRow,
    WindowRow,
)
from linli.sync.replica_reads import BuildingSum, shared_ranks


class LedgerSource:
    """`board.source.Source` of one community, in one transaction that sees one moment."""

    def __init__(self, connection: Connection, scope: str, now: dt.datetime) -> None:
        self._connection = connection
        self._scope = scope
        self._now = now
        self._shop: list[Row] | None = None

    def top(self, period: str, kind: Kind, n: int) -> Sequence[tuple[int, StandingRow]]:
        best = (
            select(standing.c.account)
            .where(self._ranked(period, kind))
            .order_by(standing.c.points.desc(), standing.c.reached_at, standing.c.account)
            .limit(n)
        )
        accounts = list(self._connection.execute(best).scalars())
        theirs = (standing.c.period == period) & standing.c.account.in_(accounts)
        known = {row.account: row for row in find_standings(self._connection, theirs)}
        rows = [known[account] for account in accounts]
        ranks = shared_ranks([row.pending + row.posted for row in rows])
        return list(zip(ranks, rows, strict=True))

    def count(self, period: str, kind: Kind) -> int:
        query = select(func.count()).select_from(standing).where(self._ranked(period, kind))
        return int(self._connection.execute(query).scalar_one())

    def buildings(self, period: str) -> Sequence[BuildingSum]:
        total = func.sum(standing.c.points)
        query = (
            select(org.c.id, org.c.name, func.sum(standing.c.posted), total, func.count())
            .join(standing, standing.c.building == org.c.id)
            .where(
                standing.c.scope == self._scope,
                standing.c.period == period,
                standing.c.kind != Kind.UNIT.value,
                standing.c.points > 0,
                org.c.level == BUILDING,
            )
            .group_by(org.c.id, org.c.name)
            .order_by(total.desc(), org.c.id)
        )
        return [
            BuildingSum(id_, name, int(posted), int(points), people)
            for id_, name, posted, points, people in self._connection.execute(query)
        ]

    def moments(self, n: int) -> Sequence[MomentRow]:
        return newest_moments(self._connection, self._scope, n)

    def activities(self, start: dt.datetime, end: dt.datetime) -> Sequence[ActivityRow]:
        there = (activity.c.starts_at <= end) & (activity.c.ends_at >= start)
        return list(find_activities(self._connection, (activity.c.scope == self._scope) & there))

    def notices(self, n: int) -> Sequence[NoticeRow]:
        return recent_notices(self._connection, self._scope, self._now)[::-1][:n]

    def stories(self, n: int) -> Sequence[StoryRow]:
        return stories_on_show(self._connection, self._scope, n)

    def wares(self) -> Sequence[WareRow]:
        rows = [row for row in self._whole_shop() if isinstance(row, WareRow)]
        return sorted(rows, key=lambda row: (row.id, row.centre))

    def window(self, at: dt.datetime) -> WindowRow | None:
        known = (row for row in self._whole_shop() if isinstance(row, WindowRow))
        return next((row for row in known if row.closes > at), None)

    def standard_changes(self, since: dt.date) -> Sequence[StandardChangeRow]:
        return standard_changes(self._connection, since)

    def board_plan(self) -> BoardPlanRow | None:
        return read_plan(self._connection, self._scope)

    def urgent(self, at: dt.datetime) -> UrgentRow | None:
        said = read_urgent(self._connection, self._scope, at)
        return next((row for row in reversed(said) if row.starts_at <= at < row.until), None)

    def _whole_shop(self) -> list[Row]:
        if self._shop is None:
            self._shop = shop_on_show(self._connection, self._scope)
        return self._shop

    def _ranked(self, period: str, kind: Kind) -> ColumnElement[bool]:
        return (
            (standing.c.scope == self._scope)
            & (standing.c.period == period)
            & (standing.c.kind == kind.value)
            & (standing.c.points > 0)
        )
