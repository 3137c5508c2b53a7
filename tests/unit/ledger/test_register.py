"""Taking in people, places and cards."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from sqlalchemy import Connection, Engine, func, select

from linli.ledger.feed.schema import change
from linli.ledger.people.cards import block_card, issue_cards
from linli.ledger.people.checks import NewCard, NewHolder, NewOrg, PeopleError
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.schema import account, card, holder, hot_list, org
from linli.sync.messages import CardRow, Change, HolderRow, Kind, OrgRow, Row, Stream

STREET = NewOrg("s-1", None, "street", "向阳街道")
COMMUNITY = NewOrg("c-1", "s-1", "community", "阳光社区")
BUILDING = NewOrg("b-1", "c-1", "building", "1号楼")
HOUSEHOLD = NewOrg("h-1", "b-1", "household", "党员中心户")


def person(account: str = "a000010", home: str = "yangguang-b1", **more: object) -> NewHolder:
    values = {"name": "王建国", "kind": Kind.RESIDENT, "consent": True, "under14": False, **more}
    return NewHolder(account=account, home=home, **values)  # type: ignore[arg-type]


def new_card(id_: str = "c000010", uid: str = "0400000000aa10", **more: object) -> NewCard:
    values = {"account": "a000001", "chip": "ntag213", "key": None, **more}
    return NewCard(id=id_, uid=uid, **values)  # type: ignore[arg-type]


def told(connection: Connection, scope: str, stream: Stream) -> list[Row]:
    """All rows of a feed in their order."""
    query = select(change.c.payload).where(change.c.scope == scope, change.c.stream == stream.value)
    payloads = connection.execute(query.order_by(change.c.number)).scalars()
    return [row for payload in payloads for row in msgspec.json.decode(payload, type=Change).rows]


# --- the tree --------------------------------------------------------------------------------


def test_nodes_may_come_in_any_order(connection: Connection, now: dt.datetime) -> None:
    add_orgs(connection, [HOUSEHOLD, BUILDING, COMMUNITY, STREET], now)
    rows = {row.id: row for row in connection.execute(select(org))}
    assert rows["h-1"].path == "s-1 c-1 b-1 h-1"
    assert rows["h-1"].counted_in == "s-1 c-1"
    assert [rows[id_].scope for id_ in ("s-1", "c-1", "b-1", "h-1")] == [None, "c-1", "c-1", "c-1"]


def test_a_new_community_is_told_of_those_above_it(
    connection: Connection, now: dt.datetime
) -> None:
    add_orgs(connection, [STREET], now)
    add_orgs(connection, [COMMUNITY, BUILDING], now)
    rows = told(connection, "c-1", Stream.CHANGES)
    assert [row.id for row in rows if isinstance(row, OrgRow)] == ["s-1", "c-1", "b-1"]


@pytest.mark.parametrize(
    ("orgs", "says"),
    [
        ([NewOrg("C 1", None, "street", "街道")], "small letters"),
        ([NewOrg("c-1", None, "street", " ")], "no name"),
        ([NewOrg("c-1", None, "town", "镇")], "none of street, community"),
        ([COMMUNITY], "not in the tree"),
        ([STREET, NewOrg("c-1", None, "community", "社区")], "no parent"),
        ([STREET, NewOrg("b-1", "s-1", "building", "楼")], "give the id of its community"),
        ([STREET, STREET], "given twice"),
        ([STREET, NewOrg("s-2", "s-1", "street", "街道")], "a street has no parent"),
    ],
)
def test_a_wrong_node_is_refused_with_what_to_do(
    connection: Connection, now: dt.datetime, orgs: list[NewOrg], says: str
) -> None:
    with pytest.raises(PeopleError, match=says):
        add_orgs(connection, orgs, now)
    assert connection.execute(select(func.count()).select_from(org)).scalar() == 0


def test_a_node_id_is_taken_once(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection, pytest.raises(PeopleError, match="already"):
        add_orgs(connection, [NewOrg("yangguang-b1", "yangguang", "building", "楼")], now)


# --- holders ---------------------------------------------------------------------------------


def test_no_full_name_is_kept(town: Engine) -> None:
    with town.begin() as connection:
        names = connection.execute(select(holder.c.account, holder.c.name_masked)).all()
    assert dict(map(tuple, names)) == {
        "a000001": "张*三",
        "a000002": "欧阳*",
        "a000003": "李*",
        "u000001": "阳光小学",
        "a000009": "周*",
    }


def test_a_holder_has_two_purses(town: Engine) -> None:
    with town.begin() as connection:
        purses = connection.execute(
            select(account.c.id).where(account.c.holder == "a000001").order_by(account.c.id)
        ).scalars()
        assert list(purses) == ["a000001:earned", "a000001:redeemable"]


def test_somebody_enrolled_later_reaches_the_terminals_of_their_community_only(
    town: Engine, now: dt.datetime
) -> None:
    with town.begin() as connection:
        elsewhere = told(connection, "hupan", Stream.HOLDERS)
        enrol(connection, [person()], now)
        newest = told(connection, "yangguang", Stream.HOLDERS)[-1]
        assert told(connection, "hupan", Stream.HOLDERS) == elsewhere
    assert newest == HolderRow(
        account="a000010",
        kind=Kind.RESIDENT,
        name="王*国",
        building="yangguang-b1",
        building_name="1号楼",
        redeemable=0,
        earned=0,
        pending=0,
        consent=True,
    )


@pytest.mark.parametrize(
    ("holders", "says"),
    [
        ([person(home="nowhere")], "not in the tree"),
        ([person(home="xiangyang")], "give its building"),
        ([person(home="yangguang")], "give its building"),
        ([person(kind=Kind.UNIT, home="xiangyang")], "give its building or community"),
        ([person(), person()], "given twice"),
        ([person("a000001")], "already"),
        ([person("a.1")], "use 1 to 48"),
        ([person(name="  ")], "no name"),
        ([person(kind=Kind.CADRE, under14=True)], "only a resident"),
    ],
)
def test_a_wrong_holder_is_refused_with_what_to_do(
    town: Engine, now: dt.datetime, holders: list[NewHolder], says: str
) -> None:
    with town.begin() as connection:
        before = connection.execute(select(func.count()).select_from(holder)).scalar()
        with pytest.raises(PeopleError, match=says):
            enrol(connection, holders, now)
        assert connection.execute(select(func.count()).select_from(holder)).scalar() == before


def test_a_full_name_shows_in_no_message_or_log() -> None:
    assert "王建国" not in repr(person())


# --- cards -----------------------------------------------------------------------------------


def test_a_card_issued_later_reaches_the_terminals(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        issue_cards(connection, [new_card(uid="0400000000AA10")], now)
        newest = told(connection, "yangguang", Stream.HOLDERS)[-1]
    assert newest == CardRow(
        card="c000010",
        uid="0400000000aa10",
        account="a000001",
        chip="ntag213",
        key=None,
        status="active",
    )


@pytest.mark.parametrize(
    ("cards", "says"),
    [
        ([new_card(account="a999999")], "enrol it first"),
        ([new_card(uid="04A1B2C3D4E5F6")], "UID 04a1b2c3d4e5f6 is in the ledger already"),
        ([new_card("c000001")], "card c000001 is in the ledger already"),
        ([new_card(), new_card("c000011")], "UID 0400000000aa10 is given twice"),
        ([new_card(uid="0400")], "4, 7 or 10 bytes"),
        ([new_card(key="00")], "16 bytes"),
        ([new_card(chip="")], "chip"),
    ],
)
def test_a_wrong_card_is_refused_with_what_to_do(
    town: Engine, now: dt.datetime, cards: list[NewCard], says: str
) -> None:
    with town.begin() as connection, pytest.raises(PeopleError, match=says):
        issue_cards(connection, cards, now)


def test_a_card_key_shows_in_no_message_or_log() -> None:
    assert "5a" not in repr(new_card(key="5a" * 16))


def minutes(moment: dt.datetime) -> int:
    return int(moment.timestamp()) // 60


def test_a_ledger_put_back_to_an_older_state_makes_a_newer_hot_list(
    town: Engine, now: dt.datetime
) -> None:
    """Terminals take no list older than the one they know."""
    with town.begin() as connection:
        block_card(connection, "c000002", now + dt.timedelta(hours=1))
        assert connection.execute(select(hot_list.c.version)).scalar() == minutes(now) + 60


def test_a_blocked_card_is_on_the_hot_list_and_in_the_feed(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        assert block_card(connection, "c000001", now)
        row = connection.execute(select(card).where(card.c.id == "c000001")).one()
        assert (row.status, row.blocked_at) == ("blocked", now)
        assert connection.execute(select(hot_list)).all() == [("yangguang", minutes(now))]
        newest = told(connection, "yangguang", Stream.HOLDERS)[-1]
    assert isinstance(newest, CardRow)
    assert (newest.card, newest.status) == ("c000001", "blocked")


def test_blocking_a_card_again_changes_nothing(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        block_card(connection, "c000001", now)
        block_card(connection, "c000002", now)
        assert not block_card(connection, "c000001", now + dt.timedelta(hours=1))
        assert connection.execute(select(hot_list.c.version)).scalar() == minutes(now) + 1
        query = select(card.c.blocked_at).where(card.c.id == "c000001")
        assert connection.execute(query).scalar() == now


def test_an_unknown_card_cannot_be_blocked(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection, pytest.raises(PeopleError, match="no card 'c9'"):
        block_card(connection, "c9", now)


def test_many_are_enrolled_in_one_call(town: Engine, now: dt.datetime) -> None:
    many = [person(f"b{n:06d}") for n in range(2500)]
    with town.begin() as connection:
        enrol(connection, many, now)
        rows = told(connection, "yangguang", Stream.HOLDERS)
    assert {row.account for row in rows if isinstance(row, HolderRow)} >= {p.account for p in many}
