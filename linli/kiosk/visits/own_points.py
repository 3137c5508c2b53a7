"""What somebody has and did, as the replica knows it: works without the network."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from linli.kiosk.flows.visit_views import DeedLine, Points, Rank, Stands
from linli.kiosk.visits.pages import PointsPage
from linli.sync.messages import DeedRow, HolderRow
from linli.sync.periods import SHANGHAI, business_day, period_key
from linli.sync.replica import Replica

DEEDS_A_PAGE = 4
MONTHS_ON_NOTICE = 3
"""How many notices back one may still hang."""


class OwnPoints:
    """`place` is the community's name; `held` tells what leases of this terminal hold of somebody's
    points, which are theirs to spend all the same."""

    def __init__(self, replica: Replica, place: str, held: Callable[[str], int]) -> None:
        self._replica = replica
        self._place = place
        self.held = held

    def balance(self, holder: HolderRow) -> int:
        return holder.redeemable + self.held(holder.account)

    def month(self, holder: HolderRow, page: PointsPage, now: dt.datetime) -> Points:
        """The deeds of one page of a month of this year."""
        deeds = self._this_year(holder.account, now)
        shown = _of_month(deeds, page.month)
        counting = (d for d in shown if d.state != "voided" and not d.surplus)
        first = page.page * DEEDS_A_PAGE
        return Points(
            name=holder.name,
            redeemable=self.balance(holder),
            earned=holder.earned,
            pending=holder.pending,
            ranks=self._ranks(holder, business_day(now)),
            month=page.month,
            month_points=sum(deed.points for deed in counting),
            count=len(shown),
            deeds=tuple(map(deed_line, shown[first : first + DEEDS_A_PAGE])),
            earlier=older(deeds, page, business_day(now)) is not None,
            later=newer(deeds, page, business_day(now)) is not None,
        )

    def older(self, account: str, page: PointsPage, now: dt.datetime) -> PointsPage:
        """The page before in time; the same where there is none."""
        return older(self._this_year(account, now), page, business_day(now)) or page

    def newer(self, account: str, page: PointsPage, now: dt.datetime) -> PointsPage:
        """The page after in time; the same where there is none."""
        return newer(self._this_year(account, now), page, business_day(now)) or page

    def deed(self, account: str, id_: str, now: dt.datetime) -> DeedRow | None:
        """One's own deed of this year."""
        found = (deed for deed in self._this_year(account, now) if deed.id == id_)
        return next(found, None)

    def object_until(self, deed: DeedRow, now: dt.datetime) -> dt.date | None:
        """The last day on which the notice that shows this deed hangs; None where none does."""
        today, month = business_day(now), period_key(business_day(deed.done_at), "month")
        for notice in self._replica.notices(MONTHS_ON_NOTICE):
            hangs = notice.sealed_at is None and notice.opens <= today <= notice.closes
            if notice.month == month and hangs and "card" in notice.ways:
                return notice.closes if deed.state == "posted" else None
        return None

    def _this_year(self, account: str, now: dt.datetime) -> list[DeedRow]:
        first = dt.datetime(business_day(now).year, 1, 1, tzinfo=SHANGHAI)
        return self._replica.deeds(account, first)

    def _ranks(self, holder: HolderRow, today: dt.date) -> tuple[Rank, ...]:
        month, kind, account = period_key(today, "month"), holder.kind, holder.account
        row = self._replica.standing(account, month)
        total = row.pending + row.posted if row is not None else 0
        if not total:
            return Rank(holder.building_name, None), Rank(self._place, None)
        at_home = self._replica.rank_at_home(total, month, kind, holder.building, account)
        return (
            Rank(holder.building_name, at_home),
            Rank(self._place, self._replica.rank_for(total, month, kind, account)),
        )


def deed_line(deed: DeedRow) -> DeedLine:
    stands = Stands.SURPLUS if deed.surplus and deed.state == "pending" else Stands(deed.state)
    done_at = deed.done_at.astimezone(SHANGHAI)
    timed = deed.activity is not None
    return DeedLine(deed.id, deed.title, done_at, deed.points, stands, timed)


def older(deeds: Sequence[DeedRow], page: PointsPage, today: dt.date) -> PointsPage | None:
    if page.page + 1 < _pages(deeds, page.month):
        return replace(page, page=page.page + 1)
    months = [month for month in months_with_deeds(deeds, today) if month < page.month]
    return PointsPage(months[-1]) if months else None


def newer(deeds: Sequence[DeedRow], page: PointsPage, today: dt.date) -> PointsPage | None:
    if page.page > 0:
        return replace(page, page=page.page - 1)
    months = [month for month in months_with_deeds(deeds, today) if month > page.month]
    return PointsPage(months[0], _pages(deeds, months[0]) - 1) if months else None


def _pages(deeds: Sequence[DeedRow], month: dt.date) -> int:
    return max(1, -(-len(_of_month(deeds, month)) // DEEDS_A_PAGE))


def _of_month(deeds: Sequence[DeedRow], month: dt.date) -> list[DeedRow]:
    """The newest first."""
    return [deed for deed in reversed(deeds) if _month_of(deed) == month]


def months_with_deeds(deeds: Sequence[DeedRow], today: dt.date) -> list[dt.date]:
    """First days, in order; this month is always among them."""
    return sorted({today.replace(day=1), *map(_month_of, deeds)})


def _month_of(deed: DeedRow) -> dt.date:
    return business_day(deed.done_at).replace(day=1)
