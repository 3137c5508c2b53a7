"""Where one account stands in a period: in its community and in its building, among its kind."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from linli.ledger.people.directory import Holder
from linli.ledger.ranking.schema import point_count, standing
from linli.ledger.ranking.standings import rank


@dataclass(frozen=True, slots=True)
class Place:
    """Rank `number` of `among` that have points."""

    number: int
    among: int


@dataclass(frozen=True, slots=True)
class Own:
    """`pending` of the points are not decided yet. Without points there is no place."""

    period: str
    pending: int
    posted: int
    community: Place | None = None
    building: Place | None = None

    @property
    def points(self) -> int:
        return self.pending + self.posted


def own_standing(connection: Connection, of: Holder, period: str) -> Own:
    """A few short reads at any size: the community keeps counts, a building is small."""
    query = select(standing.c.pending, standing.c.posted, standing.c.points).where(
        standing.c.period == period, standing.c.account == of.account
    )
    row = connection.execute(query).first()
    if row is None or not row.points:
        return Own(period, 0, 0)
    number = rank(connection, period, of.kind, of.scope, row.points)
    return Own(
        period,
        row.pending,
        row.posted,
        Place(number, _counted(connection, of, period)),
        _in_building(connection, of, period, row.points),
    )


def _counted(connection: Connection, of: Holder, period: str) -> int:
    query = select(func.coalesce(func.sum(point_count.c.accounts), 0)).where(
        point_count.c.period == period,
        point_count.c.kind == of.kind.value,
        point_count.c.node == of.scope,
        point_count.c.points > 0,
    )
    return int(connection.execute(query).scalar_one())


def _in_building(connection: Connection, of: Holder, period: str, points: int) -> Place:
    here = (
        (standing.c.period == period)
        & (standing.c.scope == of.scope)
        & (standing.c.kind == of.kind.value)
        & (standing.c.building == of.building)
        & (standing.c.points > 0)
    )
    query = select(func.count(), func.count().filter(standing.c.points > points)).where(here)
    among, above = connection.execute(query).one()
    return Place(int(above) + 1, int(among))
