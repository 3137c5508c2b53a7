"""What hangs on a community's wall now, as its people look through it, and what they said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from linli.ledger.journal.deed import POSTED
from linli.ledger.journal.schema import deed
from linli.ledger.notice.looking import called, on_notice
from linli.ledger.notice.progress import Progress, progress_of
from linli.ledger.notice.publishing import Notice
from linli.ledger.notice.schema import notice, notice_deed, objection
from linli.ledger.people.directory import read_holders
from linli.ledger.standard.versions import Standards
from linli.sync.messages import Kind


@dataclass(frozen=True, slots=True)
class OnShow:
    """One deed on the wall. `name` is the one for everybody's eyes."""

    story: Progress
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection of somebody and what came of it: `upheld` is None while it waits."""

    id: str
    deed: str
    name: str
    title: str
    words: str
    made_at: dt.datetime
    upheld: bool | None
    answer: str
    answered_at: dt.datetime | None


def hanging(connection: Connection, scope: str, now: dt.datetime) -> list[Notice]:
    """The notices to which the community's people may object now, the newest first."""
    query = select(notice).where(
        notice.c.scope == scope, notice.c.sealed_at.is_(None), notice.c.until > now
    )
    rows = connection.execute(query.order_by(notice.c.month.desc()))
    return [Notice(**row._asdict()) for row in rows]


def count_on_show(connection: Connection, on: Notice, name: str = "") -> int:
    shown = _shown(on, name).subquery()
    return int(connection.execute(select(func.count()).select_from(shown)).scalar_one())


def on_show(
    connection: Connection,
    on: Notice,
    standards: Standards,
    name: str = "",
    *,
    skip: int = 0,
    count: int,
) -> list[OnShow]:
    """The deeds on this notice that still stand, the newest first; with a `name`, of those whose
    public name has it."""
    query = _shown(on, name).order_by(deed.c.done_at.desc(), deed.c.id)
    ids = connection.execute(query.offset(skip).limit(count)).scalars().all()
    return _with_names(connection, progress_of(connection, ids, standards))


def one_on_show(
    connection: Connection, deed_id: str, scope: str, standards: Standards, now: dt.datetime
) -> OnShow | None:
    """The deed, if it is on a notice of the community that hangs now."""
    query = (
        select(deed.c.id)
        .join(notice_deed, notice_deed.c.deed == deed.c.id)
        .where(
            deed.c.id == deed_id,
            deed.c.state == POSTED,
            or_(False, *[_of(on) for on in hanging(connection, scope, now)]),
        )
    )
    ids = connection.execute(query).scalars().all()
    found = _with_names(connection, progress_of(connection, ids, standards))
    return found[0] if found else None


def objections_of(connection: Connection, account: str, standards: Standards) -> list[Objected]:
    """What somebody objected to, the newest first."""
    query = select(objection).where(objection.c.account == account)
    rows = connection.execute(query.order_by(objection.c.made_at.desc(), objection.c.id)).all()
    ids = list(dict.fromkeys(row.deed for row in rows))
    shown = _with_names(connection, progress_of(connection, ids, standards))
    by_deed = {one.story.deed.id: one for one in shown}
    return [
        Objected(
            row.id,
            row.deed,
            by_deed[row.deed].name,
            by_deed[row.deed].story.title,
            row.words,
            row.made_at,
            row.upheld,
            row.answer or "",
            row.answered_at,
        )
        for row in rows
    ]


def _shown(on: Notice, name: str) -> Select[Any]:
    query = on_notice(on.scope, on.month).where(deed.c.state == POSTED)
    return query.where(called(name)) if name else query


def _of(on: Notice) -> ColumnElement[bool]:
    return and_(notice_deed.c.scope == on.scope, notice_deed.c.month == on.month)


def _with_names(connection: Connection, stories: Sequence[Progress]) -> list[OnShow]:
    holders = read_holders(connection, {story.deed.account for story in stories})
    return [
        OnShow(story, holders[story.deed.account].public_name, holders[story.deed.account].kind)
        for story in stories
    ]
