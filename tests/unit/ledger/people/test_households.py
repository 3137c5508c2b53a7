"""People live in households; rankings, boards and terminals know the building only."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, select

from linli.ledger.audit.verify import verify
from linli.ledger.database import reading
from linli.ledger.feed.schema import change
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewCard, NewHolder, NewOrg, PeopleError
from linli.ledger.people.directory import read_holders
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.schema import holder, standing
from linli.sync.messages import HolderRow, Kind, Stream
from tests.unit.ledger.village import Village

DOOR = NewOrg("yangguang-b1-301", "yangguang-b1", "household", "301室王家")


def family(account: str = "a000010", kind: Kind = Kind.RESIDENT) -> NewHolder:
    return NewHolder(account, "王建国", kind, DOOR.id, consent=True, under14=False)


def test_a_family_lives_behind_one_door(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        add_orgs(connection, [DOOR], now)
        enrol(connection, [family(), family("a000011")], now)
        home = select(holder.c.home).where(holder.c.account == "a000010")
        assert connection.execute(home).scalar() == DOOR.id
        known = read_holders(connection, ["a000010"])["a000010"]
    assert (known.building, known.building_name) == ("yangguang-b1", "1号楼")
    assert known.counted_in == ("xiangyang", "yangguang")


def test_a_unit_has_no_household(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        add_orgs(connection, [DOOR], now)
        with pytest.raises(PeopleError, match="give its building or community"):
            enrol(connection, [family(kind=Kind.UNIT)], now)


def test_no_feed_or_snapshot_tells_of_a_household(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        add_orgs(connection, [DOOR], now)
        enrol(connection, [family()], now)
        told = b"".join(connection.execute(select(change.c.payload)).scalars())
    assert b"301" not in told
    with reading(town) as connection:
        public = snapshot(connection, "yangguang", Stream.CHANGES, now)
        centre = snapshot(connection, "yangguang", Stream.HOLDERS, now)
    assert "301" not in repr(public)
    assert "301" not in repr(centre)
    rows = {row.account: row for row in centre.rows if isinstance(row, HolderRow)}
    assert rows["a000010"].building == "yangguang-b1"
    assert rows["u000001"].building == "yangguang"


def test_a_ranking_by_building_counts_its_households(village: Village) -> None:
    with village.engine.begin() as connection:
        add_orgs(connection, [NewOrg("b1-9", "b1", "household", "9号")], village.now)
        enrol(
            connection,
            [NewHolder("a7", "张七", Kind.RESIDENT, "b1-9", consent=True, under14=False)],
            village.now,
        )
        issue_cards(
            connection, [NewCard("card-a7", "04000000000077", "a7", "ntag213", None)], village.now
        )
    village.send(village.check_in("a7", "visit", "10:05"))
    assert village.month("a7") == 10
    rows = [row for row in village.rows(standing) if row.account == "a7"]
    assert {row.building for row in rows} == {"b1"}
    assert verify(village.engine) is None
