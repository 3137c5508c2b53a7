"""Reads activities back as the rows they are on the wire."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from linli.ledger.activities.schema import activity
from linli.sync.messages import ActivityRow


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity and the community it takes place in."""

    row: ActivityRow
    scope: str


def read_activities(connection: Connection, ids: Collection[str]) -> dict[str, Activity]:
    """Those of `ids` that exist."""
    rows = connection.execute(select(activity).where(activity.c.id.in_(ids)))
    return {row.id: Activity(activity_row(row), row.scope) for row in rows}


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
