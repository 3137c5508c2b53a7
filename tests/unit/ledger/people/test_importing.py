"""A list is looked at, cell by cell, and then taken whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, func, select

from linli.ledger.audit.verify import verify
from linli.ledger.people.access_log import Staff
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewCard, NewHolder, NewOrg, PeopleError
from linli.ledger.people.importing import Preview, StaleImportError, preview, take
from linli.ledger.people.persons import look
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.people.vault import KeyRing
from linli.ledger.schema import account, card, holder, org, person
from linli.sync.messages import Kind
from tests.unit.ledger.people.lists import HEAD, csv_text, xlsx

RING = KeyRing("k1", {"k1": bytes(32)})
WANG = ("王建国", "居民", "1号楼", "301", "13800001234", "c000100", "0400000000BB01", "是", "")
LI = ("李 明", "党员", "1号楼", "301", "13800001234", "", "", "否", "")
SCHOOL = ("101中学", "单位", "", "", "010-65529988", "", "", "是", "")
GOOD = xlsx(["阳光社区居民名单"], HEAD, WANG, [], LI, SCHOOL, merged=["A1:I1"])


def seen(town: Engine, data: bytes) -> Preview:
    with town.connect() as connection:
        return preview(connection, "yangguang", data, RING)


def problems(town: Engine, *rows: Sequence[object]) -> list[tuple[int, str, str]]:
    found = seen(town, xlsx(HEAD, *rows)).problems
    assert all(problem.todo for problem in found)
    return [(problem.row, problem.column, problem.what) for problem in found]


def but(row: Sequence[str], **changes: str) -> list[str]:
    values = dict(zip(HEAD, row, strict=True)) | changes
    return [values[name] for name in HEAD]


# --- taking ----------------------------------------------------------------------------------


def test_a_list_is_taken_with_homes_cards_and_personal_data(town: Engine, now: dt.datetime) -> None:
    looked_at = seen(town, GOOD)
    assert looked_at.problems == ()
    assert [line.row for line in looked_at.rows] == [3, 5, 6]
    with town.begin() as connection:
        accounts = take(connection, looked_at, RING, now)
        assert accounts == ["a000010", "a000011", "u000002"]
        rows = {row.account: row for row in connection.execute(select(holder))}
        wang, li, school = (rows[number] for number in accounts)
        assert (wang.name_masked, wang.kind, wang.public_consent) == ("王*国", "resident", True)
        assert (li.name_masked, li.kind, li.public_consent) == ("李*", "cadre", False)
        assert wang.home == li.home == "yangguang-b1-301"
        assert (school.home, school.name_masked) == ("yangguang", "101中学")
        of = select(card.c.account, card.c.uid).where(card.c.id == "c000100")
        assert connection.execute(of).one() == ("a000010", "0400000000bb01")
        clerk = Staff("李主任", "clerk")
        shown = look(connection, "a000011", ["name", "phone"], RING, clerk, "核对", now)
        assert shown == {"name": "李明", "phone": "13800001234"}
        purses = select(func.count()).select_from(account).where(account.c.holder.in_(accounts))
        assert connection.execute(purses).scalar() == 6
    assert verify(town) is None


def test_a_household_that_is_there_is_used_again(town: Engine, now: dt.datetime) -> None:
    with town.begin() as connection:
        add_orgs(connection, [NewOrg("old-301", "yangguang-b1", "household", "301")], now)
    looked_at = seen(town, GOOD)
    with town.begin() as connection:
        take(connection, looked_at, RING, now)
        homes = select(holder.c.home).where(holder.c.account == "a000010")
        assert connection.execute(homes).scalar() == "old-301"


def test_a_door_with_a_chinese_name_has_an_id_of_its_own(town: Engine, now: dt.datetime) -> None:
    looked_at = seen(town, xlsx(HEAD, but(WANG, 户号="三单元301室"), but(LI, 户号="四单元301室")))
    with town.begin() as connection:
        take(connection, looked_at, RING, now)
        doors = select(org.c.id, org.c.name).where(org.c.level == "household")
        names = {row.name for row in connection.execute(doors)}
    assert names == {"三单元301室", "四单元301室"}


@pytest.mark.parametrize("code", ["utf-8-sig", "gb18030"])
def test_full_width_signs_and_blanks_are_the_usual_ones(
    town: Engine, now: dt.datetime, code: str
) -> None:
    row = ["　王　建国 ", "居民", "１号楼", "３０１", "１３８ ００００ １２３４"]
    (line,) = seen(town, csv_text(HEAD[:5], row).encode(code)).rows
    assert (line.name, line.building, line.door, line.phone) == (
        "王建国",
        "1号楼",
        "301",
        "13800001234",
    )


def test_a_merged_building_is_everybodys(town: Engine) -> None:
    looked_at = seen(town, xlsx(HEAD, WANG, but(LI, 楼栋="", 户号=""), merged=["C2:C3", "D2:D3"]))
    assert looked_at.problems == ()
    assert [(line.building, line.door) for line in looked_at.rows] == [("1号楼", "301")] * 2


# --- problems of the file --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "column", "says"),
    [
        ({"姓名": ""}, "A", "姓名没有填"),
        ({"姓名": "王**"}, "A", "姓名不完整"),
        ({"类别": "商户"}, "B", "类别“商户”不认识"),
        ({"类别": ""}, "B", "类别没有填"),
        ({"楼栋": ""}, "C", "楼栋没有填"),
        ({"楼栋": "9号楼"}, "C", "没有楼栋“9号楼”"),
        ({"手机": "1380000"}, "E", "手机号不对"),
        ({"卡号": "卡一"}, "F", "不能用的字符"),
        ({"卡号": ""}, "F", "有卡片UID而没有卡号"),
        ({"卡片UID": "12"}, "G", "卡片UID不对"),
        ({"同意公示": "或许"}, "H", "“或许”不认识"),
        ({"类别": "党员", "未满14岁": "是"}, "I", "只有居民"),
        ({"姓名": "=A1"}, "A", "公式"),
        ({"卡号": "c000001"}, "F", "这张卡已登记"),
        ({"卡片UID": "04a1b2c3d4e5f6"}, "G", "已登记为别的卡号"),
    ],
)
def test_a_problem_names_its_cell(
    town: Engine, changes: dict[str, str], column: str, says: str
) -> None:
    ((row, where, what),) = problems(town, but(WANG, **changes))
    assert (row, where) == (2, column)
    assert says in what


def test_all_problems_are_found_at_once(town: Engine) -> None:
    found = problems(town, but(WANG, 姓名="", 手机="1"), but(LI, 楼栋="9号楼"))
    assert [(row, column) for row, column, _ in found] == [(2, "A"), (2, "E"), (3, "C")]


def test_who_or_what_is_on_the_list_twice_is_named(town: Engine) -> None:
    other = but(WANG, 姓名="赵六", 手机="13900001111", 卡片UID="0400000000BB02")
    assert problems(town, WANG, other) == [(3, "F", "与工作表“名单”第 2 行重复")]
    again = but(WANG, 卡号="", 卡片UID="", 户号="")
    assert problems(town, WANG, again) == [(3, "A", "与工作表“名单”第 2 行重复")]
    assert problems(town, WANG, LI) == []


def test_merged_names_are_no_names(town: Engine) -> None:
    found = seen(town, xlsx(HEAD, WANG, but(WANG, 姓名=""), merged=["A2:A3"])).problems
    assert {(p.row, p.column, p.what) for p in found} >= {
        (2, "A", "单元格是合并的"),
        (3, "A", "单元格是合并的"),
    }


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (xlsx(WANG), "找不到列名"),
        (xlsx(("姓名", "类别"), ("王建国", "居民")), "缺少列：楼栋"),
        (xlsx(HEAD), "文件里没有人"),
        (b"", "文件里没有人"),
        (b"PK\x03\x04", "已损坏"),
    ],
)
def test_a_file_without_a_list_says_what_it_lacks(town: Engine, data: bytes, says: str) -> None:
    (problem,) = seen(town, data).problems
    assert says in problem.what
    assert problem.todo


# --- and with the ledger ---------------------------------------------------------------------


def test_who_is_in_the_ledger_already_is_named_by_number(town: Engine, now: dt.datetime) -> None:
    looked_at = seen(town, GOOD)
    with town.begin() as connection:
        take(connection, looked_at, RING, now)
    assert problems(town, but(WANG, 卡号="", 卡片UID="")) == [(2, "A", "已登记为 a000010")]
    assert problems(town, but(LI, 手机="")) == [(2, "A", "已登记为 a000011")]
    assert problems(town, but(LI, 姓名="李小明")) == []


def test_a_list_with_problems_is_not_taken(town: Engine, now: dt.datetime) -> None:
    looked_at = seen(town, xlsx(HEAD, WANG, but(LI, 手机="1")))
    with town.begin() as connection, pytest.raises(PeopleError, match="1 problems"):
        take(connection, looked_at, RING, now)


def test_a_list_is_taken_once(town: Engine, now: dt.datetime) -> None:
    looked_at = seen(town, GOOD)
    with town.begin() as connection:
        take(connection, looked_at, RING, now)
    with town.begin() as connection:
        with pytest.raises(StaleImportError):
            take(connection, looked_at, RING, now)
        assert connection.execute(select(func.count()).select_from(person)).scalar() == 3


def test_a_card_given_away_meanwhile_makes_the_look_stale(town: Engine, now: dt.datetime) -> None:
    looked_at = seen(town, GOOD)
    with town.begin() as connection:
        issue_cards(
            connection, [NewCard("c000100", "0400000000cc01", "a000001", "ntag213", None)], now
        )
        with pytest.raises(StaleImportError):
            take(connection, looked_at, RING, now)
        assert connection.execute(select(func.count()).select_from(person)).scalar() == 0


def test_somebody_enrolled_meanwhile_takes_no_number_away(town: Engine, now: dt.datetime) -> None:
    looked_at = seen(town, GOOD)
    other = NewHolder("a000010", "周远", Kind.RESIDENT, "yangguang-b1", consent=True, under14=False)
    with town.begin() as connection:
        enrol(connection, [other], now)
        assert take(connection, looked_at, RING, now)[0] == "a000011"


def test_a_failure_on_the_way_leaves_nothing_behind(
    town: Engine, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = seen(town, GOOD)

    def fails(*_: object) -> None:
        raise PeopleError("the last step fails")

    monkeypatch.setattr("linli.ledger.people.importing.keep_new", fails)
    with town.begin() as connection:
        before = connection.execute(select(func.count()).select_from(holder)).scalar()
        with pytest.raises(PeopleError, match="last step"):
            take(connection, looked_at, RING, now)
    with town.connect() as connection:
        assert connection.execute(select(func.count()).select_from(holder)).scalar() == before
    assert verify(town) is None


def test_people_are_taken_into_a_community(town: Engine) -> None:
    with town.connect() as connection, pytest.raises(PeopleError, match="is not a community"):
        preview(connection, "xiangyang", GOOD, RING)
