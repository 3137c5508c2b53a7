"""What a terminal or board asks of its replica. Every answer is one indexed query."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Select, bindparam, func, select

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
from linli.sync.replica_schema import (
    activity,
    attendance,
    board_plan,
    card,
    deed,
    document,
    door,
    holder,
    lease,
    micros,
    moment,
    notice,
    org,
    standard_change,
    standing,
    story,
    urgent,
    ware,
    window,
)
from linli.sync.statements import listed, one_of

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


# Built once: to build a statement costs more than to run it.
_CARD = (
    select(card.c.body)
    .where(card.c.uid == bindparam("uid"))
    .order_by(card.c.active.desc(), card.c.card)
    .limit(1)
)
_CARDS_LIKE = (
    select(card.c.body)
    .where(card.c.uid.like(bindparam("pattern")), card.c.active == 1)
    .order_by(card.c.card)
    .limit(2)
)
_HOLDER = select(holder.c.body).where(holder.c.account == bindparam("account"))
_LEASES = select(lease.c.body).where(lease.c.terminal == bindparam("terminal")).order_by(lease.c.id)
_LEASES_OF = (
    select(lease.c.body)
    .where(lease.c.id >= bindparam("first"), lease.c.id < bindparam("beyond"))
    .order_by(lease.c.id)
)
_DOORS = select(door.c.body).where(door.c.terminal == bindparam("terminal")).order_by(door.c.door)
_DEEDS = (
    select(deed.c.body)
    .where(deed.c.account == bindparam("account"), deed.c.done >= bindparam("since"))
    .order_by(deed.c.done, deed.c.id)
)
_ORG = select(org.c.body).where(org.c.id == bindparam("id"))
_ACTIVITY = select(activity.c.body).where(activity.c.id == bindparam("id"))
_ACTIVITIES = (
    select(activity.c.body)
    .where(activity.c.starts <= bindparam("end"), activity.c.ends >= bindparam("start"))
    .order_by(activity.c.starts, activity.c.id)
)
_ATTENDANCES = (
    select(attendance.c.body)
    .where(attendance.c.account == bindparam("account"), one_of(attendance.c.activity, "among"))
    .order_by(attendance.c.activity)
)
_PRESENT = select(func.count()).where(
    attendance.c.activity == bindparam("activity"), attendance.c.inside == 1
)
_MOMENTS = (
    select(moment.c.body).order_by(moment.c.at.desc(), moment.c.id.desc()).limit(bindparam("most"))
)
_NOTICES = select(notice.c.body).order_by(notice.c.month.desc()).limit(bindparam("most"))
_STORIES = (
    select(story.c.body)
    .where(story.c.shown == 1)
    .order_by(story.c.at.desc(), story.c.id.desc())
    .limit(bindparam("most"))
)
_WARES = select(ware.c.body).where(ware.c.on_sale == 1).order_by(ware.c.id, ware.c.centre)
_WINDOWS = (
    select(window.c.body).where(window.c.closes > bindparam("at")).order_by(window.c.opens).limit(1)
)
_BOARD_PLAN = select(board_plan.c.body)
_URGENT = (
    select(urgent.c.body)
    .where(urgent.c.starts <= bindparam("at"), urgent.c.ends > bindparam("at"))
    .order_by(urgent.c.starts.desc(), urgent.c.id.desc())
    .limit(1)
)
_STANDARD_CHANGES = (
    select(standard_change.c.body)
    .where(standard_change.c.day >= bindparam("day"))
    .order_by(standard_change.c.day)
)
_BUILDINGS = (
    select(
        standing.c.building,
        func.sum(standing.c.posted).label("posted"),
        func.sum(standing.c.total).label("total"),
        func.count().label("people"),
        org.c.body,
    )
    .join(org, org.c.id == standing.c.building)
    .where(
        standing.c.period == bindparam("period"),
        standing.c.kind != Kind.UNIT.value,
        standing.c.total > 0,
    )
    .group_by(standing.c.building)
    .order_by(func.sum(standing.c.total).desc(), standing.c.building)
)
_STANDING = select(standing.c.body).where(
    standing.c.account == bindparam("account"), standing.c.period == bindparam("period")
)
_RANKED = (
    (standing.c.period == bindparam("period"))
    & (standing.c.kind == bindparam("kind"))
    & (standing.c.total > bindparam("total"))
)
_TOP = (
    select(standing.c.total, standing.c.body)
    .where(_RANKED)
    .order_by(standing.c.total.desc(), standing.c.reached, standing.c.account)
    .limit(bindparam("most"))
)
_COUNT_RANKED = select(func.count()).where(_RANKED)
_OTHERS_ABOVE = _RANKED & (standing.c.account != bindparam("without"))
_COUNT_ABOVE = select(func.count()).where(_OTHERS_ABOVE)
_COUNT_NEIGHBOURS = select(func.count()).where(
    _OTHERS_ABOVE & (standing.c.building == bindparam("building"))
)
_NEXT_ABOVE = select(func.min(standing.c.total)).where(_OTHERS_ABOVE)
_STANDARD = (
    select(document.c.body)
    .where(document.c.name == "standard", document.c.version <= bindparam("day"))
    .order_by(document.c.version.desc())
    .limit(1)
)


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
            return self._one(CardRow, _CARD, uid=uid)
        pattern = f"{uid}%" if part == "first" else f"%{uid}"
        found = self._many(CardRow, _CARDS_LIKE, pattern=pattern)
        return found[0] if len(found) == 1 else None

    def holder(self, account: str) -> HolderRow | None:
        return self._one(HolderRow, _HOLDER, account=account)

    def deeds(self, account: str, since: dt.datetime) -> list[DeedRow]:
        """Deeds done at `since` or later, oldest first, voided ones too."""
        return self._many(DeedRow, _DEEDS, account=account, since=micros(since))

    def leases(self, terminal: str) -> list[LeaseRow]:
        """How each lease of a terminal stands, as far as the feed told since the last snapshot."""
        return self._many(LeaseRow, _LEASES, terminal=terminal)

    def leases_asked_of(self, account: str) -> list[LeaseRow]:
        """The same of everything that any terminal asked of an account: ids begin with it."""
        return self._many(LeaseRow, _LEASES_OF, first=f"{account}.", beyond=f"{account}/")

    def doors(self, terminal: str) -> list[DoorRow]:
        """What is behind the doors of a terminal's locker, in the order of their numbers."""
        return self._many(DoorRow, _DOORS, terminal=terminal)

    # --- activities --------------------------------------------------------------------------

    def org(self, node: str) -> OrgRow | None:
        return self._one(OrgRow, _ORG, id=node)

    def activity(self, activity_id: str) -> ActivityRow | None:
        return self._one(ActivityRow, _ACTIVITY, id=activity_id)

    def activities(self, start: dt.datetime, end: dt.datetime) -> list[ActivityRow]:
        """Those that overlap the window, cancelled ones too, by their start."""
        return self._many(ActivityRow, _ACTIVITIES, start=micros(start), end=micros(end))

    def attendances(self, account: str, activities: Iterable[str]) -> list[AttendanceRow]:
        """The account's comings and goings at the activities named."""
        return self._many(AttendanceRow, _ATTENDANCES, account=account, among=listed(activities))

    def present(self, activity_id: str) -> int:
        """How many came and have not signed out."""
        return self._number(_PRESENT, activity=activity_id)

    def moments(self, n: int) -> list[MomentRow]:
        """What happened last, newest first."""
        return self._many(MomentRow, _MOMENTS, most=n)

    # --- notices and stories -----------------------------------------------------------------

    def notices(self, n: int) -> list[NoticeRow]:
        """The newest months that were put on notice, newest first."""
        return self._many(NoticeRow, _NOTICES, most=n)

    def stories(self, n: int) -> list[StoryRow]:
        """The newest stories that are on show, newest first."""
        return self._many(StoryRow, _STORIES, most=n)

    # --- the shop ----------------------------------------------------------------------------

    def wares(self) -> list[WareRow]:
        """All that is on sale in any centre of the scope, and the vouchers of its merchants."""
        return self._many(WareRow, _WARES)

    def window(self, at: dt.datetime) -> WindowRow | None:
        """The redemption window that is open at a moment or opens next after it."""
        return self._one(WindowRow, _WINDOWS, at=micros(at))

    # --- the board ---------------------------------------------------------------------------

    def board_plan(self) -> BoardPlanRow | None:
        """What staff want on the board; None where they have not said."""
        return self._one(BoardPlanRow, _BOARD_PLAN)

    def urgent(self, at: dt.datetime) -> UrgentRow | None:
        """The message that is over everything else at a moment: of several, the latest begun."""
        return self._one(UrgentRow, _URGENT, at=micros(at))

    def standard_changes(self, since: dt.date) -> list[StandardChangeRow]:
        """What versions of the standard changed that take effect on this day or later."""
        return self._many(StandardChangeRow, _STANDARD_CHANGES, day=since.isoformat())

    # --- ranking -----------------------------------------------------------------------------

    def standing(self, account: str, period: str) -> StandingRow | None:
        return self._one(StandingRow, _STANDING, account=account, period=period)

    def top(self, period: str, kind: Kind, n: int) -> list[tuple[int, StandingRow]]:
        """The first `n` with their ranks; a tie shares its rank and stands in the order in which
        its points were reached."""
        rows = self._all(_TOP, period=period, kind=kind.value, total=0, most=n)
        ranks = shared_ranks([row.total for row in rows])
        return [
            (rank, standing)
            for rank, row in zip(ranks, rows, strict=True)
            if (standing := self._decoded(StandingRow, row.body)) is not None
        ]

    def rank_for(self, total: int, period: str, kind: Kind, without: str) -> int:
        """The rank that `total` points hold: 1 + the accounts with more, `without` left out."""
        others = {"period": period, "kind": kind.value, "total": total, "without": without}
        return 1 + self._number(_COUNT_ABOVE, **others)

    def rank_at_home(self, total: int, period: str, kind: Kind, building: str, without: str) -> int:
        """The same among those of one building."""
        others = {"period": period, "kind": kind.value, "total": total, "without": without}
        return 1 + self._number(_COUNT_NEIGHBOURS, **others, building=building)

    def next_above(self, total: int, period: str, kind: Kind, without: str) -> int | None:
        """The smallest points above `total`, or None at the top."""
        others = {"period": period, "kind": kind.value, "total": total, "without": without}
        value: int | None = self._all(_NEXT_ABOVE, **others)[0][0]
        return value

    def count(self, period: str, kind: Kind) -> int:
        """How many accounts are ranked."""
        return self._number(_COUNT_RANKED, period=period, kind=kind.value, total=0)

    def buildings(self, period: str) -> list[BuildingSum]:
        """The points of everybody who lives there, units left out, the most first."""
        found = []
        for row in self._all(_BUILDINGS, period=period):
            known = self._decoded(OrgRow, row.body)
            if known is not None and known.level == BUILDING:
                found.append(
                    BuildingSum(row.building, known.name, row.posted, row.total, row.people)
                )
        return found

    # --- the standard ------------------------------------------------------------------------

    def standard_for(self, day: dt.date) -> StandardDoc | None:
        """The points standard in force on a business day, as far as this replica was told."""
        return self._one(StandardDoc, _STANDARD, day=day.isoformat())

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
