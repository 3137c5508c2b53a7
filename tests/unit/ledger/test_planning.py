"""Putting activities on the programme."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from sqlalchemy import Connection, Engine, select

from linli.ledger.activities.planning import PlanError, cancel, plan
from linli.ledger.activities.reading import read_activities
from linli.ledger.feed.schema import change
from linli.ledger.standard.versions import Standards
from linli.sync.messages import ActivityRow, Change
from linli.sync.periods import SHANGHAI


def patrol(**more: object) -> ActivityRow:
    start = dt.datetime(2026, 11, 28, 9, 0, tzinfo=SHANGHAI)
    values = {
        "id": "1128-patrol",
        "title": "平安巡逻",
        "item": "B01",
        "points": 10,
        "place": "南门岗亭",
        "starts_at": start,
        "ends_at": start + dt.timedelta(hours=2),
        "centre": "yangguang-centre",
        "min_minutes": 60,
        **more,
    }
    return ActivityRow(**values)  # type: ignore[arg-type]


def newest_change(connection: Connection) -> Change:
    query = select(change.c.payload).where(change.c.stream == "changes")
    payload = connection.execute(query.order_by(change.c.number.desc()).limit(1)).scalar_one()
    return msgspec.json.decode(payload, type=Change)


def test_a_planned_activity_is_kept_and_told(
    town: Engine, standards: Standards, now: dt.datetime
) -> None:
    with town.begin() as connection:
        planned = plan(connection, "yangguang", [patrol()], standards, now)
        kept = read_activities(connection, ["1128-patrol"])["1128-patrol"]
        told = newest_change(connection)
    assert (planned, kept.row, kept.scope) == ([patrol()], patrol(), "yangguang")
    assert (told.scope, told.rows) == ("yangguang", [patrol()])


def test_points_that_are_left_out_come_from_the_standard(
    town: Engine, standards: Standards, now: dt.datetime
) -> None:
    with town.begin() as connection:
        assert plan(connection, "yangguang", [patrol(points=0)], standards, now) == [patrol()]


@pytest.mark.parametrize(
    ("scope", "rows", "says"),
    [
        ("xiangyang", [patrol()], "not a community"),
        ("nowhere", [patrol()], "not a community"),
        ("yangguang", [patrol(), patrol()], "given twice"),
        ("yangguang", [patrol(item="Z99")], "has no item 'Z99'"),
        ("yangguang", [patrol(item="B03", points=20)], "recorded by declare"),
        ("yangguang", [patrol(points=50)], "worth 10"),
        ("yangguang", [patrol(ends_at=patrol().starts_at)], "must end later"),
        ("yangguang", [patrol(min_minutes=181)], "nobody could earn"),
        ("yangguang", [patrol(starts_at=dt.datetime(2026, 11, 28, 9))], "zone"),  # noqa: DTZ001
        ("yangguang", [patrol(starts_at=dt.datetime(2025, 1, 1, tzinfo=SHANGHAI))], "before any"),
        ("yangguang", [patrol(id="a b")], "use 1 to 64"),
        ("yangguang", [patrol(early_min=-10)], "no terminal could read it"),
        ("yangguang", [patrol(late_min=600_000)], "no terminal could read it"),
        ("yangguang", [patrol(ends_at=dt.datetime(9999, 1, 1, tzinfo=SHANGHAI))], "check its year"),
        ("yangguang", [patrol(title=" ")], "no title"),
    ],
)
def test_a_wrong_plan_is_refused_with_what_to_do(
    town: Engine,
    standards: Standards,
    now: dt.datetime,
    scope: str,
    rows: list[ActivityRow],
    says: str,
) -> None:
    with town.begin() as connection:
        with pytest.raises(PlanError, match=says):
            plan(connection, scope, rows, standards, now)
        assert read_activities(connection, [row.id for row in rows]) == {}


def test_an_activity_is_planned_once(town: Engine, standards: Standards, now: dt.datetime) -> None:
    with town.begin() as connection:
        plan(connection, "yangguang", [patrol()], standards, now)
        with pytest.raises(PlanError, match="planned already"):
            plan(connection, "hupan", [patrol()], standards, now)


def test_a_cancelled_activity_is_told_once(
    town: Engine, standards: Standards, now: dt.datetime
) -> None:
    with town.begin() as connection:
        plan(connection, "yangguang", [patrol()], standards, now)
        assert cancel(connection, "1128-patrol", now)
        told = newest_change(connection)
        assert not cancel(connection, "1128-patrol", now)
        assert newest_change(connection) == told
    assert told.rows == [patrol(cancelled=True)]


def test_an_unknown_activity_cannot_be_cancelled(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection, pytest.raises(PlanError, match="no activity 'x'"):
        cancel(connection, "x", now)
