"""The whole of a stream at one moment, for terminals and boards that missed something."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, select

from linli.ledger.activities.schema import activity
from linli.ledger.feed.board import board_on_show
from linli.ledger.feed.doors import find_doors
from linli.ledger.feed.leases import find_leases
from linli.ledger.feed.moments import newest_moments
from linli.ledger.feed.notices import recent_notices
from linli.ledger.feed.rows import (
    find_activities,
    find_attendance,
    find_cards,
    find_deed_rows,
    find_holders,
    find_standings,
    org_rows,
)
from linli.ledger.feed.schema import feed_head
from linli.ledger.feed.stories import stories_on_show
from linli.ledger.feed.wares import shop_on_show
from linli.ledger.journal.schema import deed
from linli.ledger.people.schema import holder, org
from linli.ledger.ranking.schema import standing
from linli.ledger.shop.schema import lease
from linli.ledger.terminals.schema import terminal
from linli.sync.messages import Row, Snapshot, Stream
from linli.sync.periods import RANKED, business_day, period_key

ACTIVITIES_BACK = dt.timedelta(days=45)
MOMENTS = 100


class UnknownScopeError(LookupError):
    """There is no community with this id, so there is no feed of it."""


def snapshot(connection: Connection, scope: str, stream: Stream, now: dt.datetime) -> Snapshot:
    """All rows of the stream and the number of the change they include. The connection must see
    one moment only (`database.reading`). Raises UnknownScopeError."""
    require_scope(connection, scope)
    head = select(feed_head.c.number).where(
        feed_head.c.scope == scope, feed_head.c.stream == stream.value
    )
    number = connection.execute(head).scalar() or 0
    read = _public_rows if stream is Stream.CHANGES else _centre_rows
    return Snapshot(
        scope=scope, stream=stream, number=number, at=now, rows=read(connection, scope, now)
    )


def require_scope(connection: Connection, scope: str) -> None:
    """Raises UnknownScopeError for anything but a community."""
    level = connection.execute(select(org.c.level).where(org.c.id == scope)).scalar()
    if level != "community":
        raise UnknownScopeError(f"{scope!r} is not a community: only communities have feeds")


def ranked_periods(now: dt.datetime) -> list[str]:
    """The week, month and year that a moment lies in, and the month before."""
    today = business_day(now)
    month_before = today.replace(day=1) - dt.timedelta(days=1)
    return [*(period_key(today, per) for per in RANKED), period_key(month_before, "month")]


def _public_rows(connection: Connection, scope: str, now: dt.datetime) -> list[Row]:
    recent = (activity.c.scope == scope) & (activity.c.ends_at >= now - ACTIVITIES_BACK)
    ranked = (standing.c.scope == scope) & standing.c.period.in_(ranked_periods(now))
    return [
        *org_rows(connection, scope),
        *find_activities(connection, recent),
        *find_standings(connection, ranked),
        *newest_moments(connection, scope, MOMENTS),
        *recent_notices(connection, scope, now),
        *stories_on_show(connection, scope),
        *shop_on_show(connection, scope),
        *board_on_show(connection, scope, now),
    ]


def _centre_rows(connection: Connection, scope: str, now: dt.datetime) -> list[Row]:
    """Attendance of the community's activities, and of its people elsewhere; leases that are not
    ended, and what is behind doors."""
    home, recent = holder.c.scope == scope, activity.c.ends_at >= now - ACTIVITIES_BACK
    held_here = (terminal.c.scope == scope) & lease.c.closed_at.is_(None)
    this_year = deed.c.day >= f"{business_day(now).year:04d}-01-01"
    return [
        *find_holders(connection, home),
        *find_cards(connection, home),
        *find_attendance(connection, recent & (activity.c.scope == scope)),
        *find_attendance(connection, recent & (activity.c.scope != scope) & home),
        *find_deed_rows(connection, home & this_year),
        *(row for _, row in find_leases(connection, held_here)),
        *(row for _, row in find_doors(connection, terminal.c.scope == scope)),
    ]
