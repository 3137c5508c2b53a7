"""The ranking of one kind at any node of the tree, page by page, by the names everybody may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from linli.ledger.database import MomentText
from linli.ledger.people.checks import BUILDING, COMMUNITY, STREET
from linli.ledger.people.masking import public_name
from linli.ledger.people.schema import holder, org
from linli.ledger.ranking.schema import point_count, standing
from linli.sync.messages import Kind
from linli.sync.replica_reads import shared_ranks

PER = ("month", "quarter", "year")
"""What a ranking may be asked for; a quarter is added up from its months."""


@dataclass(frozen=True, slots=True)
class Node:
    """Where a ranking is cut: a street, a community or a building."""

    id: str
    level: str
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """One place. `pending` is still under review."""

    rank: int
    account: str
    name: str
    building: str
    pending: int
    posted: int

    @property
    def points(self) -> int:
        return self.pending + self.posted


@dataclass(frozen=True, slots=True)
class Table:
    """Some lines of a ranking, of `total` in all. `best` is the points of its first."""

    lines: Sequence[Line]
    total: int
    best: int


def nodes_around(connection: Connection, scope: str) -> list[Node]:
    """The community, the street above it and its buildings: wherever its people are ranked."""
    here = select(org.c.parent).where(org.c.id == scope).scalar_subquery()
    query = select(org.c.id, org.c.level, org.c.name).where(
        (org.c.id == scope)
        | ((org.c.id == here) & (org.c.level == STREET))
        | ((org.c.scope == scope) & (org.c.level == BUILDING))
    )
    found = [Node(*row) for row in connection.execute(query.order_by(org.c.path))]
    return sorted(found, key=lambda node: (STREET, COMMUNITY, BUILDING).index(node.level))


def ranking(
    connection: Connection, node: Node, kind: Kind, period: str, offset: int, most: int
) -> Table:
    """From `offset` on, at most `most` lines; equal points share a rank and stand in the order in
    which they were reached. `period` is `2026-11`, `2026-Q4` or `2026`."""
    query = _sums(node, kind, period)
    if node.level != BUILDING and "-Q" not in period:
        # Counts say between which points the page lies: a street's year has a hundred thousand.
        counts = _counts(connection, node, kind, period)
        total, best = sum(n for _, n in counts), counts[0][0] if counts else 0
        above, between = _between(counts, offset, most)
        query = query.where(standing.c.points.between(*between))
    else:
        every = query.subquery()
        total, best = connection.execute(
            select(func.count(), func.coalesce(func.max(every.c.points), 0)).select_from(every)
        ).one()
        above = 0
    sums = query.subquery()
    page = (
        select(sums)
        .order_by(sums.c.points.desc(), sums.c.reached_at, sums.c.account)
        .limit(most)
        .offset(offset - above)
        .subquery()
    )
    named = (
        select(
            page,
            holder.c.kind,
            holder.c.name_masked,
            holder.c.alias,
            holder.c.public_consent,
            holder.c.under14,
            org.c.name.label("building_name"),
        )
        .join(holder, holder.c.account == page.c.account)
        .join(org, org.c.id == page.c.building)
        .order_by(page.c.points.desc(), page.c.reached_at, page.c.account)
    )
    rows = connection.execute(named).all()
    if not rows:
        return Table((), int(total), int(best))
    better = select(func.count()).select_from(sums).where(sums.c.points > rows[0].points)
    first = above + int(connection.execute(better).scalar_one())
    return Table(_lines(rows, offset, first), int(total), int(best))


def _counts(
    connection: Connection, node: Node, kind: Kind, period: str
) -> Sequence[tuple[int, int]]:
    """How many accounts of the node have how many points, the most points first."""
    query = select(point_count.c.points, point_count.c.accounts).where(
        point_count.c.period == period,
        point_count.c.kind == kind.value,
        point_count.c.node == node.id,
        point_count.c.points > 0,
        point_count.c.accounts > 0,
    )
    rows = connection.execute(query.order_by(point_count.c.points.desc()))
    return [(row.points, row.accounts) for row in rows]


def _between(
    counts: Sequence[tuple[int, int]], offset: int, most: int
) -> tuple[int, tuple[int, int]]:
    """How many accounts stand above all that the page needs, and the least and most points of
    these; (0, 0) for a page that nobody is on."""
    passed, above, highest, lowest = 0, 0, 0, 0
    for points, accounts in counts:
        if passed + accounts > offset and not highest:
            above, highest = passed, points
        if passed >= offset + most:
            break
        lowest = points
        passed += accounts
    return (above, (lowest, highest)) if highest else (0, (0, 0))


def _lines(rows: Sequence[Any], offset: int, above: int) -> list[Line]:
    """Ranks within a page are shared as in the whole; its first one's begins above the page where
    others before it have as many points."""
    points = [int(row.points) for row in rows]
    ranks = [offset + rank for rank in shared_ranks(points)]
    ranks = [
        above + 1 if some == points[0] else rank for rank, some in zip(ranks, points, strict=True)
    ]
    return [
        Line(
            rank=rank,
            account=row.account,
            name=public_name(
                row.name_masked,
                row.alias,
                Kind(row.kind),
                consent=row.public_consent,
                under14=row.under14,
            ),
            building="" if Kind(row.kind) is Kind.UNIT else row.building_name,
            pending=int(row.pending),
            posted=int(row.posted),
        )
        for rank, row in zip(ranks, rows, strict=True)
    ]


def _sums(node: Node, kind: Kind, period: str) -> Select[Any]:
    """Each account's points of the period at the node, those with none left out."""
    year, _, quarter = period.partition("-Q")
    where = _at(node) & (standing.c.kind == kind.value) & (standing.c.points > 0)
    columns = (standing.c.account, standing.c.building)
    if not quarter:
        shown = (standing.c.pending, standing.c.posted, standing.c.points, standing.c.reached_at)
        return select(*columns, *shown).where(where, standing.c.period == period)
    months = [f"{year}-{month:02d}" for month in range(int(quarter) * 3 - 2, int(quarter) * 3 + 1)]
    return (
        select(
            *columns,
            func.sum(standing.c.pending).label("pending"),
            func.sum(standing.c.posted).label("posted"),
            func.sum(standing.c.points).label("points"),
            func.max(standing.c.reached_at, type_=MomentText).label("reached_at"),
        )
        .where(where, standing.c.period.in_(months))
        .group_by(*columns)
    )


def _at(node: Node) -> ColumnElement[bool]:
    if node.level == BUILDING:
        return standing.c.building == node.id
    if node.level == COMMUNITY:
        return standing.c.scope == node.id
    return standing.c.scope.in_(select(org.c.id).where(org.c.parent == node.id))
