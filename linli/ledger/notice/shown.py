"""What hangs and hung on a community's notices, and what was said against it, for reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from linli.ledger.journal.deed import read_deeds
from linli.ledger.journal.schema import deed
from linli.ledger.notice.publishing import Notice, shown_deeds
from linli.ledger.notice.schema import notice, notice_deed, objection
from linli.ledger.people.directory import read_holders
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


def shown_on(
    connection: Connection, scope: str, month: str, standards: Standards
) -> list[OnNotice]:
    """The deeds on a notice by account and day, also those that were taken back since."""
    deeds = shown_deeds(connection, scope, month)
    return _in_words(connection, [d.id for d in deeds], standards)


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
