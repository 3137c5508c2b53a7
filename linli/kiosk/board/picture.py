"""Puts one picture of the board together from the replica."""

from __future__ import annotations

import datetime as dt

from linli.kiosk.board.state import (
    RANKINGS,
    BoardState,
    Coming,
    Latest,
    Noticed,
    Placed,
    Rank,
    Tab,
    Tale,
)
from linli.kiosk.board.turning import Page
from linli.sync.messages import ActivityRow, Kind, NoticeRow, StoryRow, Stream
from linli.sync.periods import SHANGHAI, business_day, period_of
from linli.sync.replica import Replica

TOP, LATEST, COMING = 10, 4, 3
STORIES = 10
SEALED_SHOWN = dt.timedelta(days=7)
"""How long the board says of a month that its points may be spent."""


def picture(
    replica: Replica,
    now: dt.datetime,
    page: Page,
    *,
    place: str,
    online: bool,
    updated_at: dt.datetime | None,
) -> BoardState:
    """One page, with what just happened and what comes. Instead of a notice or story that is not
    to be shown any more, the first ranking."""
    month, notice = period_of(now, "month"), notice_shown(replica, now)
    tale = _tale(replica, page.story) if page.tab is Tab.STORY else None
    tab = page.tab
    if (tab is Tab.NOTICE and notice is None) or (tab is Tab.STORY and tale is None):
        tab = Tab.RESIDENT
    ranks, participants = _ranking(replica, month, tab) if tab in RANKINGS else ((), 0)
    latest = tuple(
        Latest(m.id, m.name, m.title, m.points, m.at.astimezone(SHANGHAI))
        for m in replica.moments(LATEST)
    )
    is_today, coming = _coming(replica, now)
    return BoardState(
        place=place,
        now=now,
        tab=tab,
        month=month,
        ranks=ranks,
        latest=latest,
        coming=coming,
        coming_is_today=is_today,
        updated_at=updated_at,
        offline=not online,
        record=replica.position(Stream.CHANGES) or 0,
        participants=participants,
        notice=notice,
        tale=tale,
    )


def notice_shown(replica: Replica, now: dt.datetime) -> Noticed | None:
    """The newest month on notice, until a week after it was sealed."""
    for row in replica.notices(1):
        if row.sealed_at is None or now - row.sealed_at < SEALED_SHOWN:
            return _noticed(row)
    return None


def stories_shown(replica: Replica) -> tuple[str, ...]:
    """The ids of the stories that the board turns through."""
    return tuple(row.id for row in replica.stories(STORIES))


def _ranking(replica: Replica, month: str, tab: Tab) -> tuple[tuple[Rank, ...], int]:
    kind = Kind(tab.value)
    ranks = tuple(
        Rank(row.account, rank, row.name, row.building_name, row.posted, row.pending)
        for rank, row in replica.top(month, kind, TOP)
    )
    return ranks, replica.count(month, kind)


def _tale(replica: Replica, id_: str) -> Tale | None:
    rows = (row for row in replica.stories(STORIES) if row.id == id_)
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


def _coming(replica: Replica, now: dt.datetime) -> tuple[bool, tuple[Coming, ...]]:
    """What is left of today, or tomorrow's when nothing is."""
    rows = [a for a in replica.activities(now, now + dt.timedelta(days=2)) if not a.cancelled]
    today = business_day(now)
    later = [a for a in rows if a.starts_at > now and business_day(a.starts_at) == today]
    if later:
        return True, tuple(_entry(a) for a in later[:COMING])
    tomorrow = today + dt.timedelta(days=1)
    following = [a for a in rows if business_day(a.starts_at) == tomorrow]
    return False, tuple(_entry(a) for a in following[:COMING])


def _entry(activity: ActivityRow) -> Coming:
    starts = activity.starts_at.astimezone(SHANGHAI)
    return Coming(activity.title, starts, activity.place, activity.points)
