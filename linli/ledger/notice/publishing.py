"""Freezing a month for its notice, and sealing it when nobody objects any more."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from linli.ledger.database import in_chunks
from linli.ledger.feed.telling import News, tell
from linli.ledger.journal.deed import POSTED, Deed, find_deeds
from linli.ledger.journal.reconciling import Reconciled
from linli.ledger.journal.schema import deed
from linli.ledger.journal.sealing import seal_points
from linli.ledger.notice.debts import settle_debts
from linli.ledger.notice.schema import notice, notice_deed, objection
from linli.ledger.people.directory import read_holders
from linli.ledger.people.schema import holder, org
from linli.sync.periods import SHANGHAI, business_day

DAYS = 5
"""How long a notice hangs, unless the community says otherwise."""
MOST_DAYS = 31


class NoticeError(ValueError):
    """A notice cannot be frozen or sealed; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A community's month on show. Objections may be made before `until`."""

    scope: str
    month: str
    frozen_at: dt.datetime
    until: dt.datetime
    sealed_at: dt.datetime | None


def freeze(
    connection: Connection, scope: str, month: str, now: dt.datetime, days: int = DAYS
) -> Notice:
    """Put up the notice of a month that is over: every posted deed done up to its end that is on
    no notice yet. It hangs for `days` whole days. Raises NoticeError."""
    if business_day(now) < first_day_after(month):
        raise NoticeError(f"{month} is not over yet: its notice begins on {first_day_after(month)}")
    if not 1 <= days <= MOST_DAYS:
        raise NoticeError(f"a notice hangs for 1 to {MOST_DAYS} days, not {days}")
    if connection.execute(select(org.c.id).where(org.c.id == scope)).scalar() is None:
        raise NoticeError(f"there is no community {scope!r}")
    if read_notice(connection, scope, month) is not None:
        raise NoticeError(f"the notice of {month} in {scope} is up already")
    hangs_until = dt.datetime.combine(
        business_day(now) + dt.timedelta(days=days + 1), dt.time(), SHANGHAI
    )
    connection.execute(
        insert(notice).values(
            scope=scope, month=month, frozen_at=now, until=hangs_until, sealed_at=None
        )
    )
    rows = [
        {"deed": id_, "scope": scope, "month": month, "sealed": False}
        for id_ in _not_shown_yet(connection, scope, month)
    ]
    if rows:
        connection.execute(insert(notice_deed), rows)
    tell(connection, News({}, {}, Reconciled({}, {}), [(scope, month)]), {}, {}, now)
    return Notice(scope, month, now, hangs_until, None)


def seal(connection: Connection, scope: str, month: str, now: dt.datetime) -> Notice:
    """The notice has hung out and every objection is answered: the month's earned points may be
    spent. What is owed from earlier corrections is settled first. Raises NoticeError."""
    hanging = read_notice(connection, scope, month, lock=True)
    if hanging is None:
        raise NoticeError(f"there is no notice of {month} in {scope}: freeze the month first")
    if hanging.sealed_at is not None:
        raise NoticeError(f"{month} in {scope} is sealed already")
    if now < hanging.until:
        raise NoticeError(f"the notice of {month} hangs until {hanging.until:%Y-%m-%d}")
    if open_ := unanswered(connection, scope, month):
        raise NoticeError(f"{len(open_)} objections to {month} are not answered yet: {open_[0]}")
    deeds = [d for d in shown_deeds(connection, scope, month) if d.state == POSTED]
    for chunk in in_chunks(d.id for d in deeds):
        connection.execute(
            update(notice_deed).where(notice_deed.c.deed.in_(chunk)).values(sealed=True)
        )
    connection.execute(_of(scope, month, update(notice)).values(sealed_at=now))
    points: Counter[str] = Counter()
    for kept in deeds:
        points[kept.account] += kept.points
    seal_points(connection, seal_name(scope, month), points, f"{month} sealed", now)
    settle_debts(connection, points.keys(), now)
    holders = read_holders(connection, points.keys())
    sealed = Reconciled({}, {d.id: d for d in deeds})
    tell(connection, News({}, {}, sealed, [(scope, month)]), holders, {}, now)
    return Notice(scope, month, hanging.frozen_at, hanging.until, now)


def seal_name(scope: str, month: str) -> str:
    """What the transfers of a sealed month begin with."""
    return f"seal.{scope}.{month}"


def read_notice(
    connection: Connection, scope: str, month: str, *, lock: bool = False
) -> Notice | None:
    query = _of(scope, month, select(notice))
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else Notice(**row._asdict())


def shown_deeds(connection: Connection, scope: str, month: str) -> list[Deed]:
    """The deeds on a notice by account and day, also what was corrected since."""
    shown = select(notice_deed.c.deed).where(
        notice_deed.c.scope == scope, notice_deed.c.month == month
    )
    found = find_deeds(connection, deed.c.id.in_(shown))
    return sorted(found, key=lambda d: (d.account, d.done_at, d.id))


def unanswered(connection: Connection, scope: str, month: str) -> list[str]:
    query = (
        select(objection.c.id)
        .join(notice_deed, notice_deed.c.deed == objection.c.deed)
        .where(
            notice_deed.c.scope == scope,
            notice_deed.c.month == month,
            objection.c.answered_at.is_(None),
        )
    )
    return list(connection.execute(query.order_by(objection.c.id)).scalars())


def first_day_after(month: str) -> dt.date:
    """Raises NoticeError for what is no month."""
    try:
        first = dt.date.fromisoformat(f"{month}-01")
        return (first + dt.timedelta(days=32)).replace(day=1)
    except (ValueError, OverflowError) as error:
        raise NoticeError(f"{month!r} is no month: write it like 2026-11") from error


def _not_shown_yet(connection: Connection, scope: str, month: str) -> list[str]:
    query = (
        select(deed.c.id)
        .join(holder, holder.c.account == deed.c.account)
        .outerjoin(notice_deed, notice_deed.c.deed == deed.c.id)
        .where(
            holder.c.scope == scope,
            deed.c.state == POSTED,
            deed.c.day < first_day_after(month).isoformat(),
            notice_deed.c.deed.is_(None),
        )
    )
    return list(connection.execute(query.order_by(deed.c.id)).scalars())


def _of(scope: str, month: str, statement: Any) -> Any:
    return statement.where(notice.c.scope == scope, notice.c.month == month)
