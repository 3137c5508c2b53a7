"""What a terminal or board asks of its replica. Every answer is one indexed query."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Select

from linli.sync import replica_queries as queries
from linli.sync.messages import (
    ActivityRow,
    AttendanceRow,
    BoardPlanRow,
    CardRow,
    DeedRow,
    DoorRow,
    HolderRow,
    Item,
    Kind,
    LeaseRow,
    MomentRow,
    NoticeRow,
    OrgRow,
    StandardChangeRow,
    StandardDoc,
    StandingRow,
    StoryRow,
    UrgentRow,
    WareRow,
    WindowRow,
)
from linli.sync.replica_schema import micros
from linli.sync.statements import listed

T = TypeVar("T")


BUILDING = "building"
"""The level of such a node of the tree."""


@dataclass(frozen=True, slots=True)
class BuildingSum:
    """What the people of one building have together; `total` is posted and pending points."""

    id: str
    name: str
    posted: int
    total: int
    people: int


def shared_ranks(totals: Sequence[int]) -> list[int]:
    """Ranks of totals in falling order: equal totals share one, the next skips (1, 2, 2, 4)."""
    ranks: list[int] = []
    for index, total in enumerate(totals):
        shares = index > 0 and totals[index - 1] == total
        ranks.append(ranks[-1] if shares else index + 1)
    return ranks


class ReplicaReads(ABC):
    """The reading half of `Replica`; safe from any thread. Points are pending and posted ones
    together; accounts without any are not ranked."""

    @abstractmethod
    def _all(self, query: Select[Any], **values: object) -> Sequence[Any]:
        """Every row the query finds."""

    @abstractmethod
    def _unreadable(self, struct: type[Any], error: Exception) -> None:
        """A row's body is no `struct`: it is answered as if it were not there."""

    # --- people and cards --------------------------------------------------------------------

    def card(self, uid_hex: str, part: str = "whole") -> CardRow | None:
        """The card with this UID; of several (a reused chip) the active one. Where `uid_hex` is
        only its `first` or `last` part: the only active card that has it, None of two."""
        uid = uid_hex.lower()
        if part == "whole":
            return self._one(CardRow, queries.CARD, uid=uid)
        pattern = f"{uid}%" if part == "first" else f"%{uid}"
        found = self._many(CardRow, queries.CARDS_LIKE, pattern=pattern)
        return found[0] if len(found) == 1 else None

    def holder(self, account: str) -> HolderRow | None:
        return self._one(HolderRow, queries.HOLDER, account=account)

    def deeds(self, account: str, since: dt.datetime) -> list[DeedRow]:
        """Deeds done at `since` or later, oldest first, voided ones too."""
        return self._many(DeedRow, queries.DEEDS, account=account, since=micros(since))

    def leases(self, terminal: str) -> list[LeaseRow]:
        """How each lease of a terminal stands, as far as the feed told since the last snapshot."""
        return self._many(LeaseRow, queries.LEASES, terminal=terminal)

    def leases_asked_of(self, account: str) -> list[LeaseRow]:
        """The same of everything that any terminal asked of an account: ids begin with it."""
        return self._many(LeaseRow, queries.LEASES_OF, first=f"{account}.", beyond=f"{account}/")

    def doors(self, terminal: str) -> list[DoorRow]:
        """What is behind the doors of a terminal's locker, in the order of their numbers."""
        return self._many(DoorRow, queries.DOORS, terminal=terminal)

    # --- activities --------------------------------------------------------------------------

    def org(self, node: str) -> OrgRow | None:
        return self._one(OrgRow, queries.ORG, id=node)

    def activity(self, activity_id: str) -> ActivityRow | None:
        return self._one(ActivityRow, queries.ACTIVITY, id=activity_id)

    def activities(self, start: dt.datetime, end: dt.datetime) -> list[ActivityRow]:
        """Those that overlap the window, cancelled ones too, by their start."""
        return self._many(ActivityRow, queries.ACTIVITIES, start=micros(start), end=micros(end))

    def attendances(self, account: str, activities: Iterable[str]) -> list[AttendanceRow]:
        """The account's comings and goings at the activities named."""
        return self._many(
            AttendanceRow, queries.ATTENDANCES, account=account, among=listed(activities)
        )

    def present(self, activity_id: str) -> int:
        """How many came and have not signed out."""
        return self._number(queries.PRESENT, activity=activity_id)

    def moments(self, n: int) -> list[MomentRow]:
        """What happened last, newest first."""
        return self._many(MomentRow, queries.MOMENTS, most=n)

    # --- notices and stories -----------------------------------------------------------------

    def notices(self, n: int) -> list[NoticeRow]:
        """The newest months that were put on notice, newest first."""
        return self._many(NoticeRow, queries.NOTICES, most=n)

    def stories(self, n: int) -> list[StoryRow]:
        """The newest stories that are on show, newest first."""
        return self._many(StoryRow, queries.STORIES, most=n)

    # --- the shop ----------------------------------------------------------------------------

    def wares(self) -> list[WareRow]:
        """All that is on sale in any centre of the scope, and the vouchers of its merchants."""
        return self._many(WareRow, queries.WARES)

    def window(self, at: dt.datetime) -> WindowRow | None:
        """The redemption window that is open at a moment or opens next after it."""
        return self._one(WindowRow, queries.WINDOWS, at=micros(at))

    # --- the board ---------------------------------------------------------------------------

    def board_plan(self) -> BoardPlanRow | None:
        """What staff want on the board; None where they have not said."""
        return self._one(BoardPlanRow, queries.BOARD_PLAN)

    def urgent(self, at: dt.datetime) -> UrgentRow | None:
        """The message that is over everything else at a moment: of several, the latest begun."""
        return self._one(UrgentRow, queries.URGENT, at=micros(at))

    def standard_changes(self, since: dt.date) -> list[StandardChangeRow]:
        """What versions of the standard changed that take effect on this day or later."""
        return self._many(StandardChangeRow, queries.STANDARD_CHANGES, day=since.isoformat())

    # --- ranking -----------------------------------------------------------------------------

    def standing(self, account: str, period: str) -> StandingRow | None:
        return self._one(StandingRow, queries.STANDING, account=account, period=period)

    def top(self, period: str, kind: Kind, n: int) -> list[tuple[int, StandingRow]]:
        """The first `n` with their ranks; a tie shares its rank and stands in the order in which
        its points were reached."""
        rows = self._all(queries.TOP, period=period, kind=kind.value, total=0, most=n)
        ranks = shared_ranks([row.total for row in rows])
        return [
            (rank, standing)
            for rank, row in zip(ranks, rows, strict=True)
            if (standing := self._decoded(StandingRow, row.body)) is not None
        ]

    def rank_for(self, total: int, period: str, kind: Kind, without: str) -> int:
        """The rank that `total` points hold: 1 + the accounts with more, `without` left out."""
        others = {"period": period, "kind": kind.value, "total": total, "without": without}
        return 1 + self._number(queries.COUNT_ABOVE, **others)

    def rank_at_home(self, total: int, period: str, kind: Kind, building: str, without: str) -> int:
        """The same among those of one building."""
        others = {"period": period, "kind": kind.value, "total": total, "without": without}
        return 1 + self._number(queries.COUNT_NEIGHBOURS, **others, building=building)

    def next_above(self, total: int, period: str, kind: Kind, without: str) -> int | None:
        """The smallest points above `total`, or None at the top."""
        others = {"period": period, "kind": kind.value, "total": total, "without": without}
        value: int | None = self._all(queries.NEXT_ABOVE, **others)[0][0]
        return value

    def count(self, period: str, kind: Kind) -> int:
        """How many accounts are ranked."""
        return self._number(queries.COUNT_RANKED, period=period, kind=kind.value, total=0)

    def buildings(self, period: str) -> list[BuildingSum]:
        """The points of everybody who lives there, units left out, the most first."""
        found = []
        for row in self._all(queries.BUILDINGS, period=period):
            known = self._decoded(OrgRow, row.body)
            if known is not None and known.level == BUILDING:
                found.append(
                    BuildingSum(row.building, known.name, row.posted, row.total, row.people)
                )
        return found

    # --- the standard ------------------------------------------------------------------------

    def standard_for(self, day: dt.date) -> StandardDoc | None:
        """The points standard in force on a business day, as far as this replica was told."""
        return self._one(StandardDoc, queries.STANDARD, day=day.isoformat())

    def item(self, code: str, day: dt.date) -> Item | None:
        """An item of the standard in force on a business day."""
        doc = self.standard_for(day)
        items = (item for group in doc.classes for item in group.items) if doc is not None else ()
        return next((item for item in items if item.code == code), None)

    # --- how ---------------------------------------------------------------------------------

    def _one(self, struct: type[T], query: Select[Any], **values: object) -> T | None:
        rows = self._all(query, **values)
        return self._decoded(struct, rows[0].body) if rows else None

    def _many(self, struct: type[T], query: Select[Any], **values: object) -> list[T]:
        decoded = (self._decoded(struct, row.body) for row in self._all(query, **values))
        return [row for row in decoded if row is not None]

    def _decoded(self, struct: type[T], body: bytes) -> T | None:
        try:
            return msgspec.json.decode(body, type=struct)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._unreadable(struct, error)
            return None

    def _number(self, query: Select[Any], **values: object) -> int:
        return int(self._all(query, **values)[0][0])
