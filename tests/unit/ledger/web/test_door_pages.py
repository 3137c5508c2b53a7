"""Staff say what is behind each door, and settle what doors did not give out."""

from __future__ import annotations

import re

import pytest

from linli.ledger.shop.doors import read_door
from linli.ledger.shop.handing import find_order
from linli.ledger.staff.roles import Role
from linli.sync.messages import NotDelivered
from tests.unit.ledger.shop.test_lease_words import Wire
from tests.unit.ledger.web.counter import Counter
from tests.unit.ledger.web.site import Browser, VillageSite

DOORS, TROUBLES = "/console/shop/doors", "/console/shop/troubles"
ORDER = "redeem.a1.r1"


@pytest.fixture
def counter(site: VillageSite) -> Counter:
    return Counter(site)


@pytest.fixture
def clerk(site: VillageSite) -> Browser:
    return site.log_in(Role.CLERK)


def door(counter: Counter, number: int = 2) -> tuple[str | None, bool] | None:
    found = counter.shop.do(lambda c: read_door(c, "t1", number))
    return None if found is None else (found.ware, found.filled)


def behind(clerk: Browser, ware: str = "rice", number: str = "2") -> str:
    return clerk.submit(DOORS, {"terminal": "t1", "door": number, "ware": ware}).text


def stuck(counter: Counter, reason: str = "unclear") -> None:
    counter.shop.redeem("a1", "r1", "rice")
    event = NotDelivered(account="a1", door=2, reason=reason, ware="rice", order=ORDER)
    Wire(counter.shop).tell(event)


def found(clerk: Browser, what: str) -> str:
    fields = {"terminal": "t1", "seq": "1", "found": what}
    return clerk.submit(TROUBLES, fields).text


def test_a_door_is_for_a_ware_and_empty_until_it_is_filled(
    counter: Counter, clerk: Browser
) -> None:
    assert "2 号柜门已改好" in behind(clerk)
    assert door(counter) == ("rice", False)
    answer = clerk.submit(f"{DOORS}/fill", {"terminal": "t1", "door": "2"}, seen=DOORS)
    assert "已登记装好" in answer.text
    assert door(counter) == ("rice", True)
    assert "有货" in answer.text
    assert counter.site.audited()[1:] == ["door 2 of t1: rice", "filled door 2 of t1"]


def test_what_is_behind_a_door_may_become_nothing(counter: Counter, clerk: Browser) -> None:
    behind(clerk)
    behind(clerk, ware="")
    assert door(counter) == (None, False)
    answer = clerk.submit(f"{DOORS}/fill", {"terminal": "t1", "door": "2"}, seen=DOORS)
    assert "还没有定放什么" in answer.text


@pytest.mark.parametrize(
    ("ware", "number", "said"),
    [
        ("haircut", "2", "货架上没有这件物品"),
        ("gold", "2", "货架上没有这件物品"),
        ("rice", "0", "柜门号 0 不对"),
        ("rice", "65", "柜门号 65 不对"),
    ],
)
def test_what_cannot_be_behind_a_door_is_refused(
    counter: Counter, clerk: Browser, ware: str, number: str, said: str
) -> None:
    assert said in behind(clerk, ware, number)
    assert door(counter, int(number)) is None


def test_a_terminal_of_nobody_has_no_doors(counter: Counter, clerk: Browser) -> None:
    answer = clerk.submit(DOORS, {"terminal": "t9", "door": "1", "ware": "rice"})
    assert answer.status_code == 404


def test_the_home_page_counts_the_doors_to_look_at(counter: Counter, clerk: Browser) -> None:
    stuck(counter)
    home = re.sub(r"\s+", " ", clerk.text("/console"))
    assert '柜门问题</h2> <p class="figure">1</p>' in home
    assert TROUBLES in home


def test_a_case_says_when_where_whose_and_what_to_do(counter: Counter, clerk: Browser) -> None:
    stuck(counter)
    page = clerk.text(TROUBLES)
    for said in (
        "2 号",
        "t1",
        "张*1",
        "大米",
        "弄不清取走没有",
        "等您查看",
        "到柜前看东西还在不在",
    ):
        assert said in page


def test_staff_saw_that_it_was_taken(counter: Counter, clerk: Browser) -> None:
    stuck(counter)
    assert "已记为取走" in found(clerk, "out")
    order = counter.shop.do(lambda c: find_order(c, ORDER))
    assert order is not None
    assert order.handed_by == "clerk同志"
    assert "柜门都好着" in clerk.text(TROUBLES)
    assert "东西已取走" in clerk.text(f"{TROUBLES}?settled=true")
    assert counter.site.audited()[1:] == ["door case t1/1: out"]


def test_staff_saw_that_it_was_not_taken(counter: Counter, clerk: Browser) -> None:
    stuck(counter)
    assert "积分退回本人" in found(clerk, "back")
    assert counter.shop.balance("a1:redeemable") == 100
    assert "没有取走" in clerk.text(f"{TROUBLES}?settled=true")


def test_the_form_sent_twice_settles_once(counter: Counter, clerk: Browser) -> None:
    stuck(counter)
    found(clerk, "back")
    assert "积分退回本人" in found(clerk, "back")
    assert "由 clerk同志 处理过" in found(clerk, "out")
    assert counter.shop.balance("a1:redeemable") == 100


def test_a_jam_whose_points_are_back_already_is_noted(counter: Counter, clerk: Browser) -> None:
    stuck(counter, "jam")
    assert "积分已退回本人" in clerk.text(TROUBLES)
    found(clerk, "back")
    assert counter.shop.balance("a1:redeemable") == 100


def test_somebody_elses_words_settle_nothing(counter: Counter, clerk: Browser) -> None:
    stuck(counter)
    assert "请选东西已经取走" in found(clerk, "maybe")
    fields = {"terminal": "t9", "seq": "1", "found": "out"}
    assert clerk.submit(TROUBLES, fields).status_code == 404
    fields = {"terminal": "t1", "seq": "7", "found": "out"}
    assert "没有报过这一条" in clerk.submit(TROUBLES, fields).text
