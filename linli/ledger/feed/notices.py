"""The month on notice, for boards: the third of its carriers, beside the sheet and the poster."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from linli.ledger.database import in_chunks
from linli.ledger.feed.writer import append_many
from linli.ledger.journal.schema import deed
from linli.ledger.notice.carried import WAYS, Carried, carried
from linli.ledger.notice.schema import notice, notice_deed
from linli.ledger.record.log import RecordError, newest_checkpoint
from linli.sync.messages import NoticePlace, NoticeRow, Row, Stream
from linli.sync.record.checkpoint import Checkpoint

OnNotice = tuple[str, str]
"""(scope, month)."""
NOTICES_BACK = dt.timedelta(days=45)
"""How long boards are told of a notice after it was put up; one that is not sealed, always."""
FIRST = 3
ROOT_SHOWN = 16
"""Hex digits: enough to tell two roots apart by eye."""


def notice_rows(connection: Connection, scope: str, months: Iterable[str]) -> list[NoticeRow]:
    """The notices of these months that are up."""
    found = [carried(connection, scope, month, FIRST) for month in months]
    known = [one for one in found if one is not None]
    if not known:
        return []
    try:
        newest = newest_checkpoint(connection)
    except RecordError:
        newest = None
    return [_row(one, newest) for one in known]


def recent_notices(connection: Connection, scope: str, now: dt.datetime) -> list[NoticeRow]:
    """What boards show and have shown lately, for snapshots."""
    lately = notice.c.sealed_at.is_(None) | (notice.c.frozen_at >= now - NOTICES_BACK)
    months = select(notice.c.month).where(notice.c.scope == scope, lately)
    query = months.order_by(notice.c.month)
    return notice_rows(connection, scope, connection.execute(query).scalars().all())


def tell_hanging(connection: Connection, now: dt.datetime) -> None:
    """There is a new checkpoint: the notices that hang name it."""
    query = select(notice.c.scope, notice.c.month).where(notice.c.sealed_at.is_(None))
    told: dict[tuple[str, Stream], list[Row]] = defaultdict(list)
    for row in connection.execute(query.order_by(notice.c.scope, notice.c.month)).all():
        told[row.scope, Stream.CHANGES] += notice_rows(connection, row.scope, [row.month])
    append_many(connection, told, now)


def notices_of(
    connection: Connection, accounts: Collection[str], now: dt.datetime
) -> set[OnNotice]:
    """The notices that boards may still show with a deed of one of these accounts on them."""
    lately = notice.c.sealed_at.is_(None) | (notice.c.frozen_at >= now - NOTICES_BACK)
    found: set[OnNotice] = set()
    for chunk in in_chunks(accounts):
        query = (
            select(notice.c.scope, notice.c.month)
            .distinct()
            .join(
                notice_deed,
                (notice_deed.c.scope == notice.c.scope) & (notice_deed.c.month == notice.c.month),
            )
            .join(deed, deed.c.id == notice_deed.c.deed)
            .where(lately, deed.c.account.in_(chunk))
        )
        found.update((row.scope, row.month) for row in connection.execute(query))
    return found


def _row(of: Carried, newest: Checkpoint | None) -> NoticeRow:
    return NoticeRow(
        month=of.month,
        opens=of.opens,
        closes=of.closes,
        sealed_at=of.sealed_at,
        deeds=of.totals.deeds,
        points=of.totals.points,
        people=of.totals.people,
        units=of.totals.units,
        top=[
            NoticePlace(kind=ranking.kind, rank=place.rank, name=place.name, points=place.points)
            for ranking in of.rankings
            for place in ranking.places
        ],
        ways=list(WAYS),
        root="" if newest is None else newest.root.hex()[:ROOT_SHOWN],
        record=0 if newest is None else newest.size,
    )
