"""Puts one picture of the board together from the replica."""

from __future__ import annotations

import datetime as dt

from linli.kiosk.board.state import BoardState, Coming, Latest, Rank, Tab
from linli.sync.messages import ActivityRow, Kind, Stream
from linli.sync.periods import SHANGHAI, business_day, period_of
from linli.sync.replica import Replica

TOP, LATEST, COMING = 10, 4, 3
TABS = tuple(Tab)


def picture(
    replica: Replica,
    now: dt.datetime,
    tab: Tab,
    *,
    place: str,
    online: bool,
    updated_at: dt.datetime | None,
) -> BoardState:
    """The ranking of this month for one kind of account, with what just happened and what comes."""
    month, kind = period_of(now, "month"), Kind(tab.value)
    ranks = tuple(
        Rank(row.account, rank, row.name, row.building_name, row.posted, row.pending)
        for rank, row in replica.top(month, kind, TOP)
    )
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
        participants=replica.count(month, kind),
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
