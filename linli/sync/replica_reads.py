"""What a terminal or board asks of its replica. Every answer is one indexed query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Select, Table, func, select

from linli.sync.messages import (
    ActivityRow,
    AttendanceRow,
    CardRow,
    DeedRow,
    HolderRow,
    Item,
    Kind,
    MomentRow,
    OrgRow,
    StandardDoc,
    StandingRow,
)
from linli.sync.replica_schema import (
    activity,
    attendance,
    card,
    deed,
    document,
    holder,
    hot_card,
    micros,
    moment,
    org,
    standing,
)

T = TypeVar("T")


def shared_ranks(totals: Sequence[int]) -> list[int]:
    """Ranks of totals in falling order: equal totals share one, the next skips (1, 2, 2, 4)."""
    ranks: list[int] = []
    for index, total in enumerate(totals):
        shares = index > 0 and totals[index - 1] == total
        ranks.append(ranks[-1] if shares else index + 1)
    return ranks


class ReplicaReads:
    """The reading half of `Replica`; safe from any thread. Points are pending and posted ones
    together; accounts without any are not ranked."""

    def _all(self, query: Select[Any]) -> Sequence[Any]:
        raise NotImplementedError

    # --- people and cards --------------------------------------------------------------------

    def card(self, uid_hex: str) -> CardRow | None:
        """The card with this UID; of several (a reused chip) the active one."""
        query = select(card.c.body).where(card.c.uid == uid_hex.lower())
        return self._one(CardRow, query.order_by(card.c.active.desc(), card.c.card))

    def is_hot(self, card_id: str) -> bool:
        """Whether no terminal may accept the card with this id."""
        return bool(self._all(select(hot_card.c.card).where(hot_card.c.card == card_id)))

    def holder(self, account: str) -> HolderRow | None:
        return self._one(HolderRow, select(holder.c.body).where(holder.c.account == account))

    def deeds(self, account: str, since: dt.datetime) -> list[DeedRow]:
        """Deeds done at `since` or later, oldest first, voided ones too."""
        query = select(deed.c.body).where(deed.c.account == account, deed.c.done >= micros(since))
        return self._many(DeedRow, query.order_by(deed.c.done, deed.c.id))

    # --- activities --------------------------------------------------------------------------

    def org(self, node: str) -> OrgRow | None:
        return self._one(OrgRow, select(org.c.body).where(org.c.id == node))

    def activity(self, activity_id: str) -> ActivityRow | None:
        return self._one(ActivityRow, select(activity.c.body).where(activity.c.id == activity_id))

    def activities(self, start: dt.datetime, end: dt.datetime) -> list[ActivityRow]:
        """Those that overlap the window, cancelled ones too, by their start."""
        query = select(activity.c.body).where(
            activity.c.starts <= micros(end), activity.c.ends >= micros(start)
        )
        return self._many(ActivityRow, query.order_by(activity.c.starts, activity.c.id))

    def attendance(self, account: str, activity_id: str) -> AttendanceRow | None:
        query = select(attendance.c.body).where(
            attendance.c.account == account, attendance.c.activity == activity_id
        )
        return self._one(AttendanceRow, query)

    def attendances(self, account: str) -> list[AttendanceRow]:
        query = select(attendance.c.body).where(attendance.c.account == account)
        return self._many(AttendanceRow, query.order_by(attendance.c.activity))

    def present(self, activity_id: str) -> int:
        """How many came and have not signed out."""
        where = (attendance.c.activity == activity_id) & (attendance.c.inside == 1)
        return self._count(attendance, where)

    def moments(self, n: int) -> list[MomentRow]:
        """What happened last, newest first."""
        query = select(moment.c.body).order_by(moment.c.at.desc(), moment.c.id.desc())
        return self._many(MomentRow, query.limit(n))

    # --- ranking -----------------------------------------------------------------------------

    def standing(self, account: str, period: str) -> StandingRow | None:
        query = select(standing.c.body).where(
            standing.c.account == account, standing.c.period == period
        )
        return self._one(StandingRow, query)

    def top(self, period: str, kind: Kind, n: int) -> list[tuple[int, StandingRow]]:
        """The first `n` with their ranks; a tie shares its rank and stands in the order in which
        its points were reached."""
        order = (standing.c.total.desc(), standing.c.reached, standing.c.account)
        rows = self._all(
            select(standing.c.total, standing.c.body)
            .where(_ranked(period, kind), standing.c.total > 0)
            .order_by(*order)
            .limit(n)
        )
        ranks = shared_ranks([row.total for row in rows])
        return [
            (rank, msgspec.json.decode(row.body, type=StandingRow))
            for rank, row in zip(ranks, rows, strict=True)
        ]

    def rank_for(self, total: int, period: str, kind: Kind, without: str) -> int:
        """The rank that `total` points hold: 1 + the accounts with more, `without` left out."""
        return 1 + self._count(standing, _above(total, period, kind, without))

    def next_above(self, total: int, period: str, kind: Kind, without: str) -> int | None:
        """The smallest points above `total`, or None at the top."""
        query = select(func.min(standing.c.total)).where(_above(total, period, kind, without))
        value: int | None = self._all(query)[0][0]
        return value

    def count(self, period: str, kind: Kind) -> int:
        """How many accounts are ranked."""
        return self._count(standing, _ranked(period, kind) & (standing.c.total > 0))

    # --- the standard ------------------------------------------------------------------------

    def standard_for(self, day: dt.date) -> StandardDoc | None:
        """The points standard in force on a business day, as far as this replica was told."""
        query = select(document.c.body).where(
            document.c.name == "standard", document.c.version <= day.isoformat()
        )
        return self._one(StandardDoc, query.order_by(document.c.version.desc()))

    def item(self, code: str, day: dt.date) -> Item | None:
        """An item of the standard in force on a business day."""
        doc = self.standard_for(day)
        items = (item for group in doc.classes for item in group.items) if doc is not None else ()
        return next((item for item in items if item.code == code), None)

    # --- how ---------------------------------------------------------------------------------

    def _one(self, struct: type[T], query: Select[Any]) -> T | None:
        rows = self._all(query.limit(1))
        return msgspec.json.decode(rows[0].body, type=struct) if rows else None

    def _many(self, struct: type[T], query: Select[Any]) -> list[T]:
        return [msgspec.json.decode(row.body, type=struct) for row in self._all(query)]

    def _count(self, table: Table, where: ColumnElement[bool]) -> int:
        return int(self._all(select(func.count()).select_from(table).where(where))[0][0])


def _ranked(period: str, kind: Kind) -> ColumnElement[bool]:
    return (standing.c.period == period) & (standing.c.kind == kind.value)


def _above(total: int, period: str, kind: Kind, without: str) -> ColumnElement[bool]:
    better = (standing.c.total > total) & (standing.c.account != without)
    return _ranked(period, kind) & better
