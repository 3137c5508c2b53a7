"""What hangs and hung on a community's notices, and what was said against it, for reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from linli.ledger.journal.deed import POSTED, read_deeds
from linli.ledger.journal.schema import deed
from linli.ledger.notice.looking import on_notice, sought
from linli.ledger.notice.publishing import Notice
from linli.ledger.notice.schema import notice, notice_deed, objection
from linli.ledger.people.directory import read_holders
from linli.ledger.people.schema import holder
from linli.ledger.standard.versions import Standards
from linli.sync.messages import Kind


@dataclass(frozen=True, slots=True)
class Month:
    """One notice and what is on it. `open` are objections that wait for an answer."""

    of: Notice
    deeds: int
    points: int
    objections: int
    open: int

    @property
    def month(self) -> str:
        return self.of.month


@dataclass(frozen=True, slots=True)
class OnNotice:
    """One deed as everybody may see it; `name` is the public one."""

    deed: str
    account: str
    name: str
    kind: Kind
    item: str
    day: dt.date
    points: int
    state: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for on a notice; what is empty does not matter."""

    text: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """One objection with the deed that it is about. `upheld` is None until it is answered."""

    id: str
    month: str
    about: OnNotice
    way: str
    words: str
    made_at: dt.datetime
    upheld: bool | None
    answer: str | None
    answered_at: dt.datetime | None
    objector: str


def months(connection: Connection, scope: str) -> list[Month]:
    """The community's notices, the newest first."""
    against = _objections_by_month(connection, scope)
    on = (
        select(
            notice_deed.c.month,
            func.count().label("deeds"),
            func.sum(case((deed.c.state == "posted", deed.c.points), else_=0)).label("points"),
        )
        .join(deed, deed.c.id == notice_deed.c.deed)
        .where(notice_deed.c.scope == scope)
        .group_by(notice_deed.c.month)
    )
    counts = {row.month: (row.deeds, int(row.points)) for row in connection.execute(on)}
    query = select(notice).where(notice.c.scope == scope).order_by(notice.c.month.desc())
    return [
        Month(
            Notice(**row._asdict()),
            *counts.get(row.month, (0, 0)),
            *against.get(row.month, (0, 0)),
        )
        for row in connection.execute(query)
    ]


def hanging_month(connection: Connection, scope: str) -> Month | None:
    """The newest that is not sealed, without a look at objections to it."""
    query = select(notice).where(notice.c.scope == scope, notice.c.sealed_at.is_(None))
    row = connection.execute(query.order_by(notice.c.month.desc()).limit(1)).first()
    if row is None:
        return None
    shown = (
        select(func.count(), func.coalesce(func.sum(deed.c.points), 0))
        .select_from(notice_deed)
        .join(deed, deed.c.id == notice_deed.c.deed)
        .where(notice_deed.c.scope == scope, notice_deed.c.month == row.month)
        .where(deed.c.state == POSTED)
    )
    count, points = connection.execute(shown).one()
    return Month(Notice(**row._asdict()), int(count), int(points), 0, 0)


def _objections_by_month(connection: Connection, scope: str) -> dict[str, tuple[int, int]]:
    query = (
        select(
            notice_deed.c.month,
            func.count().label("all"),
            func.sum(case((objection.c.answered_at.is_(None), 1), else_=0)).label("open"),
        )
        .join(objection, objection.c.deed == notice_deed.c.deed)
        .where(notice_deed.c.scope == scope)
        .group_by(notice_deed.c.month)
    )
    return {row.month: (row.all, int(row.open)) for row in connection.execute(query)}


def count_shown(
    connection: Connection, scope: str, month: str, standards: Standards, wanted: Wanted
) -> int:
    """How many `shown_on` has in all."""
    found = _wanted(scope, month, standards, wanted).subquery()
    return int(connection.execute(select(func.count()).select_from(found)).scalar_one())


def shown_on(
    connection: Connection,
    scope: str,
    month: str,
    standards: Standards,
    wanted: Wanted,
    *,
    skip: int = 0,
    most: int | None = None,
) -> list[OnNotice]:
    """The deeds on a notice by account and day, also those that were taken back since."""
    query = _wanted(scope, month, standards, wanted)
    page = query.order_by(deed.c.account, deed.c.day, deed.c.id).offset(skip).limit(most)
    return _in_words(connection, connection.execute(page).scalars().all(), standards)


def _wanted(scope: str, month: str, standards: Standards, wanted: Wanted) -> Select[Any]:
    query = on_notice(scope, month)
    if wanted.kind:
        query = query.where(holder.c.kind == wanted.kind)
    return query.where(sought(wanted.text, standards)) if wanted.text else query


def objections(connection: Connection, scope: str, standards: Standards) -> list[Objection]:
    """All objections of the community, those that wait first, then the newest answers."""
    query = (
        select(objection, notice_deed.c.month)
        .join(notice_deed, notice_deed.c.deed == objection.c.deed)
        .where(notice_deed.c.scope == scope)
        .order_by(
            objection.c.answered_at.is_not(None),
            objection.c.answered_at.desc(),
            objection.c.made_at,
        )
    )
    rows = connection.execute(query).all()
    about = {one.deed: one for one in _in_words(connection, [r.deed for r in rows], standards)}
    return [
        Objection(
            row.id,
            row.month,
            about[row.deed],
            row.way,
            row.words,
            row.made_at,
            row.upheld,
            row.answer,
            row.answered_at,
            row.account,
        )
        for row in rows
    ]


def _in_words(connection: Connection, ids: Sequence[str], standards: Standards) -> list[OnNotice]:
    known = read_deeds(connection, ids)
    holders = read_holders(connection, {d.account for d in known.values()})
    found = []
    for id_ in dict.fromkeys(ids):
        of = known[id_]
        day = dt.date.fromisoformat(of.day)
        bearer = holders[of.account]
        found.append(
            OnNotice(
                of.id,
                of.account,
                bearer.public_name,
                bearer.kind,
                standards.name_of(of.item, day),
                day,
                of.points,
                of.state,
            )
        )
    return found
