"""Puts one picture of the board together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from linli.board import lists
from linli.board.plan import DEFAULT, darkness
from linli.board.source import Source
from linli.board.state import (
    KINDS,
    RANKINGS,
    BoardState,
    Coming,
    Latest,
    Noticed,
    Placed,
    Rank,
    Tab,
    Tale,
    Urgent,
)
from linli.board.turning import Page, Shown, Step, rotation
from linli.sync.messages import ActivityRow, Kind, MomentRow, NoticeRow, StoryRow
from linli.sync.periods import RANKED, SHANGHAI, business_day, period_of
from linli.sync.replica_reads import shared_ranks

TOP, LATEST, COMING, DEEDS, TOMORROW, FIRST = 10, 4, 3, 8, 7, 3
STORIES = 10
SEALED_SHOWN = dt.timedelta(days=7)
"""How long the board says of a month that its points may be spent."""


@dataclass(frozen=True)
class Line:
    """How the board is connected: whether at all, since when not, and when it last heard news.
    `record` is the feed's last number."""

    online: bool
    updated_at: dt.datetime | None = None
    offline_since: dt.datetime | None = None
    record: int = 0


def steps_of(source: Source, now: dt.datetime) -> tuple[Step, ...]:
    """The round that the board turns through at this moment."""
    plan = source.board_plan() or DEFAULT
    rankings = {
        (tab, per)
        for per in plan.periods
        if per in RANKED
        for tab in RANKINGS
        if _has_anybody(source, period_of(now, per), tab)
    }
    items: dict[Tab, tuple[str, ...]] = {
        Tab.DEEDS: ("",) * bool(source.moments(1)),
        Tab.NOTICE: ("",) * (notice_shown(source, now) is not None),
        Tab.TOMORROW: ("",) * bool(_tomorrow(source, now)),
        Tab.STORY: stories_shown(source),
        Tab.STANDARD: _parts(len(lists.alterations(source, now))),
        Tab.SHOP: _parts(len(lists.shop(source, now))),
    }
    return rotation(plan, Shown(frozenset(rankings), items), now)


def picture(source: Source, now: dt.datetime, page: Page, *, place: str, line: Line) -> BoardState:
    """One page, with what just happened and what comes. Instead of a page that has nothing to show
    any more, the first ranking."""
    return turned_to(source, surroundings(source, now, place=place, line=line), page)


def surroundings(source: Source, now: dt.datetime, *, place: str, line: Line) -> BoardState:
    """What stands beside every page; the page itself is still empty."""
    is_today, coming = _coming(source, now)
    plan, urgent = source.board_plan() or DEFAULT, source.urgent(now)
    return BoardState(
        place=place,
        now=now,
        tab=Tab.RESIDENT,
        month=period_of(now, "month"),
        ranks=(),
        latest=tuple(map(_latest, source.moments(LATEST))),
        coming=coming,
        coming_is_today=is_today,
        updated_at=line.updated_at,
        offline=not line.online,
        offline_since=line.offline_since,
        record=line.record,
        participants=0,
        notice=notice_shown(source, now),
        urgent=None if urgent is None else Urgent(urgent.text, urgent.until.astimezone(SHANGHAI)),
        darkness=0.0 if urgent is not None else darkness(plan, now),
    )


def turned_to(source: Source, beside: BoardState, page: Page) -> BoardState:
    """The same surroundings with this page."""
    state = replace(beside, tab=page.tab, per=page.per)
    match page.tab:
        case Tab.DEEDS:
            deeds = tuple(map(_latest, source.moments(DEEDS)))
            ranks, _ = _ranking(source, state.month, Tab.RESIDENT, FIRST)
            found = replace(state, deeds=deeds, first=ranks) if deeds else None
        case Tab.NOTICE:
            found = state if state.notice is not None else None
        case Tab.TOMORROW:
            coming = _tomorrow(source, state.now)
            found = replace(state, tomorrow=coming[:TOMORROW]) if coming else None
        case Tab.STORY:
            tale = _tale(source, page.item)
            found = replace(state, tale=tale) if tale is not None else None
        case Tab.STANDARD:
            altered = lists.alterations(source, state.now)
            at = _index(page.item, len(altered))
            found = replace(state, alterations=altered[at]) if at is not None else None
        case Tab.SHOP:
            shops = lists.shop(source, state.now)
            at = _index(page.item, len(shops))
            found = replace(state, shop=shops[at]) if at is not None else None
        case _:
            period = period_of(state.now, page.per)
            ranks, participants = _ranking(source, period, page.tab, TOP)
            found = replace(state, ranks=ranks, participants=participants)
    return found or turned_to(source, beside, Page())


def notice_shown(source: Source, now: dt.datetime) -> Noticed | None:
    """The newest month on notice, until a week after it was sealed."""
    for row in source.notices(1):
        if row.sealed_at is None or now - row.sealed_at < SEALED_SHOWN:
            return _noticed(row)
    return None


def stories_shown(source: Source) -> tuple[str, ...]:
    """The ids of the stories that the board turns through."""
    return tuple(row.id for row in source.stories(STORIES))


def _has_anybody(source: Source, period: str, tab: Tab) -> bool:
    if tab in KINDS:
        return source.count(period, Kind(tab.value)) > 0
    return bool(source.buildings(period))


def _ranking(source: Source, period: str, tab: Tab, most: int) -> tuple[tuple[Rank, ...], int]:
    if tab not in KINDS:
        sums = source.buildings(period)
        ranks = shared_ranks([one.total for one in sums])
        lines = (
            Rank(one.id, rank, one.name, "", one.posted, one.total - one.posted, one.people)
            for rank, one in zip(ranks, sums, strict=True)
        )
        return tuple(lines)[:most], len(sums)
    kind = Kind(tab.value)
    found = tuple(
        Rank(row.account, rank, row.name, row.building_name, row.posted, row.pending)
        for rank, row in source.top(period, kind, most)
    )
    return found, source.count(period, kind)


def _latest(row: MomentRow) -> Latest:
    return Latest(row.id, row.name, row.title, row.points, row.at.astimezone(SHANGHAI))


def _tale(source: Source, id_: str) -> Tale | None:
    rows = (row for row in source.stories(STORIES) if row.id == id_)
    return next((_told(row) for row in rows), None)


def _told(row: StoryRow) -> Tale:
    return Tale(row.id, row.title, row.text, row.name, row.honour, row.year)


def _noticed(row: NoticeRow) -> Noticed:
    return Noticed(
        month=row.month,
        opens=row.opens,
        closes=row.closes,
        is_sealed=row.sealed_at is not None,
        deeds=row.deeds,
        points=row.points,
        people=row.people,
        units=row.units,
        top=tuple(Placed(Tab(p.kind.value), p.rank, p.name, p.points) for p in row.top),
        ways=tuple(row.ways),
        root=row.root,
        leaves=row.record,
    )


def _coming(source: Source, now: dt.datetime) -> tuple[bool, tuple[Coming, ...]]:
    """What is left of today, or tomorrow's when nothing is."""
    rows = source.activities(now, now + dt.timedelta(days=2))
    today = business_day(now)
    later = [
        a
        for a in rows
        if not a.cancelled and a.starts_at > now and business_day(a.starts_at) == today
    ]
    if later:
        return True, tuple(_entry(a) for a in later[:COMING])
    return False, _tomorrow(source, now)[:COMING]


def _tomorrow(source: Source, now: dt.datetime) -> tuple[Coming, ...]:
    tomorrow = business_day(now) + dt.timedelta(days=1)
    rows = source.activities(now, now + dt.timedelta(days=2))
    return tuple(
        _entry(a) for a in rows if not a.cancelled and business_day(a.starts_at) == tomorrow
    )


def _entry(activity: ActivityRow) -> Coming:
    starts = activity.starts_at.astimezone(SHANGHAI)
    return Coming(activity.title, starts, activity.place, activity.points)


def _parts(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(count))


def _index(item: str, count: int) -> int | None:
    """Which part of a list a page means; the last where it has become shorter."""
    wanted = int(item) if item.isdecimal() else 0
    return min(wanted, count - 1) if count else None
