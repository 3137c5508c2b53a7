"""What pages show of alerts: those that are open, and what was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, or_, select, true

from linli.ledger.alerts.schema import alert, alert_message
from linli.ledger.alerts.wording import remedy_of, subject_of, title_of
from linli.ledger.staff.schema import staff

OPEN, FREE, ENDED = "open", "free", "ended"
"""Free ones are open, and nobody has acknowledged them."""
PEOPLE = staff.alias("who_acknowledged")


@dataclass(frozen=True, slots=True)
class Shown:
    """`acknowledged_by` is a name; None where nobody has."""

    number: int
    fault: str
    title: str
    remedy: str
    about: str
    subject: str
    device: str | None
    scope: str | None
    urgency: int
    says: str
    began: dt.datetime
    ended: dt.datetime | None
    quiet: str | None
    acknowledged_at: dt.datetime | None
    acknowledged_by: str | None
    acknowledged_why: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """`scope` limits to a community and what is about all of them; None limits nothing."""

    scope: str | None = None
    state: str = ""
    urgency: int | None = None
    fault: str = ""
    text: str = ""


def count(connection: Connection, wanted: Wanted) -> int:
    query = select(func.count()).select_from(alert).where(_where(wanted))
    return int(connection.execute(query).scalar_one())


def alerts(connection: Connection, wanted: Wanted, most: int, offset: int = 0) -> list[Shown]:
    """The open ones first, of them the urgent ones; then the newest."""
    query: Select[Any] = (
        select(alert, PEOPLE.c.name.label("who"))
        .outerjoin(PEOPLE, PEOPLE.c.login == alert.c.acknowledged_by)
        .where(_where(wanted))
        .order_by(
            alert.c.ended.is_not(None),
            case((alert.c.ended.is_(None), alert.c.acknowledged_at.is_not(None))),
            case((alert.c.ended.is_(None), alert.c.urgency)).desc(),
            alert.c.began.desc(),
            alert.c.number.desc(),
        )
    )
    return [_shown(row) for row in connection.execute(query.limit(most).offset(offset))]


def scope_of(connection: Connection, number: int) -> tuple[bool, str | None]:
    """Whether there is such an alert, and its community."""
    row = connection.execute(select(alert.c.scope).where(alert.c.number == number)).first()
    return row is not None, row.scope if row else None


def newest_messages(connection: Connection, routes: Sequence[str]) -> dict[str, Row[Any]]:
    """The last message of each route."""
    found: dict[str, Row[Any]] = {}
    for route in routes:
        query = select(alert_message).where(alert_message.c.route == route)
        newest = query.order_by(alert_message.c.made_at.desc()).limit(1)
        row: Row[Any] | None = connection.execute(newest).first()
        if row is not None:
            found[route] = row
    return found


def _where(wanted: Wanted) -> ColumnElement[bool]:
    where: ColumnElement[bool] = alert.c.began.is_not(None)
    if wanted.scope is not None:
        where &= or_(alert.c.scope == wanted.scope, alert.c.scope.is_(None))
    where &= {
        OPEN: alert.c.ended.is_(None),
        FREE: alert.c.ended.is_(None) & alert.c.acknowledged_at.is_(None),
        ENDED: alert.c.ended.is_not(None),
    }.get(wanted.state, true())
    if wanted.urgency is not None:
        where &= alert.c.urgency == wanted.urgency
    if wanted.fault:
        where &= alert.c.fault == wanted.fault
    if wanted.text:
        where &= or_(
            alert.c.subject.contains(wanted.text, autoescape=True),
            alert.c.says.contains(wanted.text, autoescape=True),
        )
    return where


def _shown(row: Row[Any]) -> Shown:
    by = row.acknowledged_by
    return Shown(
        number=row.number,
        fault=row.fault,
        title=title_of(row.fault),
        remedy=remedy_of(row.fault),
        about=row.about,
        subject=subject_of(row.subject),
        device=row.subject if row.about == "terminal" else None,
        scope=row.scope,
        urgency=row.urgency,
        says=row.says,
        began=row.began,
        ended=row.ended,
        quiet=row.quiet,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=(row.who or by) if by else None,
        acknowledged_why=row.acknowledged_why,
    )
