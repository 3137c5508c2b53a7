"""Reads activities back as the rows they are on the wire."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from linli.ledger.activities.schema import activity
from linli.ledger.database import among
from linli.ledger.prepared import Prepared
from linli.sync.messages import ActivityRow


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity and the community it takes place in."""

    row: ActivityRow
    scope: str


_NAMES = ActivityRow.__struct_fields__
_BY_ID = Prepared(
    select(*(activity.c[name] for name in _NAMES), activity.c.scope).where(
        among(activity.c.id, "ids")
    )
)


def read_activities(connection: Connection, ids: Collection[str]) -> dict[str, Activity]:
    """Those of `ids` that exist, however many."""
    found = {}
    for *values, scope in _BY_ID.all(connection, ids=ids):
        row = ActivityRow(**dict(zip(_NAMES, values, strict=True)))
        found[row.id] = Activity(row, scope)
    return found


def planned_with(
    connection: Connection, items: Collection[str], since: dt.datetime
) -> dict[str, int]:
    """How many activities from a moment on are planned with each of these items of the standard;
    none for an item that is left out."""
    query = (
        select(activity.c.item, func.count().label("planned"))
        .where(
            activity.c.item.in_(items),
            activity.c.starts_at >= since,
            activity.c.cancelled.is_(False),
        )
        .group_by(activity.c.item)
    )
    return {row.item: row.planned for row in connection.execute(query)}


def activity_row(row: Row[Any]) -> ActivityRow:
    return ActivityRow(
        id=row.id,
        title=row.title,
        item=row.item,
        points=row.points,
        place=row.place,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        centre=row.centre,
        early_min=row.early_min,
        late_min=row.late_min,
        out_late_min=row.out_late_min,
        min_minutes=row.min_minutes,
        cancelled=row.cancelled,
    )
