"""Gathers from the replica what the success screen says about a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from linli.kiosk.flows.success import Better, Person, Tap, gain, place_in_ranking, success
from linli.kiosk.flows.views import Standing, Success
from linli.kiosk.store.store import NotSavedError
from linli.sync.messages import HolderRow
from linli.sync.periods import SHANGHAI, business_day, period_of
from linli.sync.replica import Replica

log = structlog.get_logger()


class Figures:
    """`place` is what the ranking is called: the community's name. `held` tells what leases of this
    terminal hold of somebody's points, which are theirs to spend all the same."""

    def __init__(self, replica: Replica, place: str, held: Callable[[str], int]) -> None:
        self._replica = replica
        self._place = place
        self._held = held

    def success(self, tap: Tap, holder: HolderRow) -> Success:
        """The tap is committed: a replica that cannot be read costs the figures, not the
        success."""
        try:
            person = self._person(tap, holder)
            gained = gain(tap, person)
            standing = self._standing(tap, person, person.month_total + gained.added)
        except (SQLAlchemyError, msgspec.MsgspecError, NotSavedError) as error:
            log.warning("success shown without figures", error=str(error))
            person, standing = Person(holder, (), None, {}, 0), None
            gained = gain(tap, person)
        return success(tap, person, gained, standing, more=True)

    def _person(self, tap: Tap, holder: HolderRow) -> Person:
        day = business_day(tap.at)
        standard = self._replica.standard_for(day)
        year_start = dt.datetime(day.year, 1, 1, tzinfo=SHANGHAI)
        row = self._replica.standing(holder.account, period_of(tap.at, "month"))
        return Person(
            holder=holder,
            deeds=self._replica.deeds(holder.account, year_start),
            item=self._replica.item(tap.activity.item, day),
            class_names={c.code: c.name for c in standard.classes} if standard else {},
            month_total=row.pending + row.posted if row else 0,
            held=self._held(holder.account),
        )

    def _standing(self, tap: Tap, person: Person, total: int) -> Standing | None:
        month, kind = period_of(tap.at, "month"), person.holder.kind
        account = person.holder.account
        above = self._replica.next_above(total, month, kind, without=account)
        better = None
        if above is not None:
            better = Better(above, self._replica.rank_for(above, month, kind, without=account))
        rank = self._replica.rank_for(total, month, kind, without=account)
        return place_in_ranking(self._place, total, rank, better)
