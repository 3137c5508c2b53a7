"""What boards are told of themselves: their plan, messages over everything, changed standards."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import msgspec
from sqlalchemy import ColumnElement, Connection, select

from linli.ledger.board.schema import board_plan, urgent
from linli.ledger.feed.writer import append, append_many
from linli.ledger.people.schema import org
from linli.ledger.standard.changes import Change, Field, Placed, difference, items_of
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import (
    BoardPlanRow,
    Row,
    StandardChange,
    StandardChangeRow,
    StandardDoc,
    Stream,
    UrgentRow,
)
from linli.sync.periods import business_day

CHANGES_BACK = dt.timedelta(days=45)
"""How long after its first day boards are told what a version changed."""


def read_plan(connection: Connection, scope: str) -> BoardPlanRow | None:
    """None where nobody has said what they want: boards then show everything."""
    doc = connection.execute(select(board_plan.c.doc).where(board_plan.c.scope == scope)).scalar()
    return None if doc is None else msgspec.json.decode(doc, type=BoardPlanRow)


def read_urgent(connection: Connection, scope: str, since: dt.datetime) -> list[UrgentRow]:
    """Messages that end after a moment, the earliest said first."""
    there = urgent.c.ended_at.is_(None) | (urgent.c.ended_at > since)
    return _urgent(connection, (urgent.c.scope == scope) & (urgent.c.until > since) & there)


def tell_urgent(connection: Connection, scope: str, number: int, now: dt.datetime) -> None:
    rows = _urgent(connection, urgent.c.number == number)
    append(connection, scope, Stream.CHANGES, rows, now)


def standard_changes(connection: Connection, since: dt.date) -> list[StandardChangeRow]:
    """Of versions that take effect on this day or later, the earliest first."""
    docs = StandardShelf().read(connection).docs
    return [changed(old, new) for old, new in pairwise(docs) if new.effective_from >= since]


def tell_standard_change(connection: Connection, doc: StandardDoc, now: dt.datetime) -> None:
    """Every community is told what a new version changes, and what the one after it does now."""
    rows: list[Row] = [*standard_changes(connection, doc.effective_from)[:2]]
    scopes = connection.execute(select(org.c.id).where(org.c.level == "community")).scalars()
    append_many(connection, {(scope, Stream.CHANGES): rows for scope in scopes}, now)


def board_on_show(connection: Connection, scope: str, now: dt.datetime) -> list[Row]:
    """For snapshots."""
    plan = read_plan(connection, scope)
    return [
        *([] if plan is None else [plan]),
        *read_urgent(connection, scope, now),
        *standard_changes(connection, business_day(now) - CHANGES_BACK),
    ]


def changed(old: StandardDoc, new: StandardDoc) -> StandardChangeRow:
    """What a neighbour wants to know: items that are new, bring other points, or end; nothing
    where only words and limits changed. Pure."""
    names = items_of(old) | items_of(new)
    found = [_change(one, names) for one in difference(old, new)]
    changes = [one for one in found if one is not None]
    return StandardChangeRow(
        version=new.version, effective_from=new.effective_from, changes=changes
    )


def _change(of: Change, names: dict[str, Placed]) -> StandardChange | None:
    if of.field not in (Field.POINTS, Field.ADDED, Field.WITHDRAWN):
        return None
    old, new = (_points(value) for value in (of.old, of.new))
    return StandardChange(code=of.code, name=names[of.code].item.name, old=old, new=new)


def _points(value: object) -> int | None:
    if isinstance(value, Placed):
        return value.item.points
    return value if isinstance(value, int) else None


def _urgent(connection: Connection, where: ColumnElement[bool]) -> list[UrgentRow]:
    query = select(urgent).where(where).order_by(urgent.c.starts_at, urgent.c.number)
    return [
        UrgentRow(
            id=str(row.number),
            text=row.text,
            starts_at=row.starts_at,
            until=row.until if row.ended_at is None else min(row.until, row.ended_at),
        )
        for row in connection.execute(query)
    ]
