"""What all carriers of a month's notice say: its days, and its figures, added up by the database.

Names are those for everybody's eyes: masked with consent, an alias without.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from linli.ledger.documents.model import Place, Ranking, Totals
from linli.ledger.journal.deed import POSTED, VOIDED, WITHDRAWN
from linli.ledger.journal.schema import deed
from linli.ledger.notice.schema import notice, notice_deed
from linli.ledger.people.masking import public_name
from linli.ledger.people.schema import holder
from linli.sync.messages import Kind
from linli.sync.periods import business_day
from linli.sync.replica_reads import shared_ranks

KINDS = (Kind.CADRE, Kind.UNIT, Kind.RESIDENT)
KIND, DEEDS, POINTS = 0, 1, 2
"""Columns of the sums: thousands of rows are read by number three times as fast as by name."""
WAYS = ("card", "phone", "desk")
"""How somebody may object; see `objecting.Way`."""


@dataclass(frozen=True, slots=True)
class Carried:
    """`closes` is the last day on which somebody may object. Totals, and the ranking of each kind,
    best first, are of the deeds on the notice that are posted still. `ranked` says how many places
    each ranking has in all, where only the first were asked for."""

    month: str
    opens: dt.date
    closes: dt.date
    sealed_at: dt.datetime | None
    totals: Totals
    rankings: tuple[Ranking, ...]
    ranked: Mapping[Kind, int]


def carried(
    connection: Connection, scope: str, month: str, first: int | None = None
) -> Carried | None:
    """None where the month is not on notice. `first` is how many places of each ranking are
    wanted, all without it: to name everybody takes longer than to add them up."""
    known = select(notice).where(notice.c.scope == scope, notice.c.month == month)
    hanging = connection.execute(known).first()
    if hanging is None:
        return None
    rows = _sums(connection, scope, month)
    of_kind: dict[Kind, list[Row[Any]]] = {kind: [] for kind in KINDS}
    for row in rows:
        of_kind[row[KIND]].append(row)
    return Carried(
        month=month,
        opens=business_day(hanging.frozen_at),
        closes=business_day(hanging.until) - dt.timedelta(days=1),
        sealed_at=hanging.sealed_at,
        totals=_totals(rows, len(of_kind[Kind.UNIT]), _voided(connection, scope, month)),
        rankings=tuple(_ranking(kind, some, first) for kind, some in of_kind.items()),
        ranked={kind: len(some) for kind, some in of_kind.items()},
    )


def _sums(connection: Connection, scope: str, month: str) -> Sequence[Row[Any]]:
    """Deeds and points of each account, best first, with what its public name is made of."""
    points = func.sum(deed.c.points).label("points")
    query = (
        select(
            holder.c.kind,
            func.count().label("deeds"),
            points,
            holder.c.name_masked,
            holder.c.alias,
            holder.c.public_consent,
            holder.c.under14,
        )
        .select_from(notice_deed)
        .join(deed, deed.c.id == notice_deed.c.deed)
        .join(holder, holder.c.account == deed.c.account)
        .where(notice_deed.c.scope == scope, notice_deed.c.month == month, deed.c.state == POSTED)
        .group_by(holder.c.account)
        .order_by(points.desc(), holder.c.account)
    )
    return connection.execute(query).all()


def _totals(rows: Sequence[Row[Any]], units: int, voided: int) -> Totals:
    return Totals(
        deeds=int(sum(row[DEEDS] for row in rows)),
        points=int(sum(row[POINTS] for row in rows)),
        people=len(rows) - units,
        units=units,
        voided=voided,
    )


def _ranking(kind: Kind, ordered: Sequence[Row[Any]], first: int | None) -> Ranking:
    shown = ordered[:first]
    ranks = shared_ranks([int(row[POINTS]) for row in shown])
    return Ranking(
        kind,
        tuple(
            Place(rank, _shown_name(row), int(row[POINTS]))
            for rank, row in zip(ranks, shown, strict=True)
        ),
    )


def _shown_name(row: Row[Any]) -> str:
    return public_name(
        row.name_masked,
        row.alias,
        Kind(row.kind),
        consent=row.public_consent,
        under14=row.under14,
    )


def _voided(connection: Connection, scope: str, month: str) -> int:
    """How many deeds of the month a review voided or took back."""
    query = (
        select(func.count())
        .select_from(deed)
        .join(holder, holder.c.account == deed.c.account)
        .where(
            holder.c.scope == scope,
            deed.c.day.startswith(month),
            deed.c.state == VOIDED,
            ~deed.c.flags.contains(WITHDRAWN),
        )
    )
    return int(connection.execute(query).scalar_one())
