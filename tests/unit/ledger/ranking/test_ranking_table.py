"""The ranking, page by page, at every node of the tree."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert

from linli.ledger.database import upsert
from linli.ledger.ranking.table import Line, Node, nodes_around, ranking
from linli.ledger.schema import holder, point_count, standing
from linli.sync.messages import Kind

STREET = Node("xiangyang", "street", "向阳街道")
HERE = Node("yangguang", "community", "阳光社区")
BUILDING = Node("yangguang-b2", "building", "2号楼")


def stands(connection: Connection, who: str, points: int, at: dt.datetime, **more: Any) -> None:
    pending = more.pop("pending", 0)
    row = {
        "period": "2026-11",
        "kind": "resident",
        "building": "yangguang-b1",
        "scope": "yangguang",
        **more,
    }
    connection.execute(
        insert(standing).values(
            account=who,
            posted=points - pending,
            pending=pending,
            points=points,
            reached_at=at,
            **row,
        )
    )
    of = {"period": row["period"], "kind": row["kind"], "points": points, "accounts": 1}
    counts = [{**of, "node": node} for node in (row["scope"], STREET.id)]
    upsert(connection, point_count, counts, added=("accounts",))


def lines(connection: Connection, node: Node = HERE, **more: Any) -> list[Line]:
    wanted = {"kind": Kind.RESIDENT, "period": "2026-11", "offset": 0, "most": 50} | more
    return list(ranking(connection, node, **wanted).lines)


def test_pending_points_count_and_are_told_apart(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        stands(connection, "a000001", 30, now, pending=20)
        (line,) = lines(connection)
    assert line == Line(1, "a000001", "张*三", "1号楼", 20, 10)
    assert line.points == 30


def test_names_are_those_for_everybodys_eyes(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        stands(connection, "a000002", 10, now, kind="cadre")
        stands(connection, "a000003", 10, now)
        stands(connection, "u000001", 10, now, kind="unit", building="yangguang")
        found = [lines(connection, kind=kind)[0] for kind in (Kind.CADRE, Kind.RESIDENT, Kind.UNIT)]
    assert [line.name for line in found] == ["热心邻居0002", "热心邻居0003", "阳光小学"]
    assert found[2].building == ""


def test_a_ranking_is_cut_at_every_node(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        stands(connection, "a000001", 30, now)
        stands(connection, "a000003", 20, now, building="yangguang-b2")
        stands(connection, "a000009", 40, now, scope="hupan", building="hupan-b1")
        at = {n.level: [x.account for x in lines(connection, n)] for n in (STREET, HERE, BUILDING)}
    assert at == {
        "street": ["a000009", "a000001", "a000003"],
        "community": ["a000001", "a000003"],
        "building": ["a000003"],
    }


def test_a_quarter_is_its_three_months(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        for month, points in (("2026-09", 100), ("2026-10", 10), ("2026-11", 20), ("2026-12", 5)):
            stands(connection, "a000001", points, now, period=month, pending=5)
        stands(connection, "a000003", 30, now, period="2026-12")
        table = ranking(connection, HERE, Kind.RESIDENT, "2026-Q4", 0, 50)
    assert [(x.account, x.points, x.pending) for x in table.lines] == [
        ("a000001", 35, 15),
        ("a000003", 30, 0),
    ]
    assert (table.total, table.best) == (2, 35)


def test_who_has_no_points_is_not_ranked(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        stands(connection, "a000001", 0, now)
        assert lines(connection) == []


def test_the_nodes_of_a_community_are_its_own_and_the_one_above(town: Engine) -> None:
    with town.connect() as connection:
        found = [(node.level, node.name) for node in nodes_around(connection, "yangguang")]
    assert found == [
        ("street", "向阳街道"),
        ("community", "阳光社区"),
        ("building", "1号楼"),
        ("building", "2号楼"),
    ]


@pytest.fixture
def crowd(town: Engine) -> Engine:
    """Thirty residents more."""
    people = [
        {
            "account": f"b{n:06d}",
            "kind": "resident",
            "home": "yangguang-b1",
            "scope": "yangguang",
            "name_masked": f"李*{n}",
            "alias": f"热心邻居{n}",
            "public_consent": True,
            "under14": False,
        }
        for n in range(30)
    ]
    with town.begin() as connection:
        connection.execute(insert(holder), people)
    return town


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(points=st.lists(st.integers(1, 4), min_size=1, max_size=30), size=st.integers(1, 7))
def test_pages_together_are_the_whole_ranking(
    crowd: Engine, now: dt.datetime, points: list[int], size: int
) -> None:
    with crowd.begin() as connection:
        connection.execute(delete(standing))
        connection.execute(delete(point_count))
        for n, some in enumerate(points):
            stands(connection, f"b{n:06d}", some, now + dt.timedelta(minutes=n % 3))
        whole = lines(connection)
        pages = [
            lines(connection, offset=start, most=size) for start in range(0, len(points), size)
        ]
    assert [line for page in pages for line in page] == whole
    assert all(line.rank == 1 + sum(p > line.points for p in points) for line in whole)
    assert all(one.points >= two.points for one, two in pairwise(whole))
