"""The counter: clerks serve people, keep shelves and merchants, and all of it is written down."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from linli.ledger.shop.leases import grant
from linli.ledger.shop.schema import (
    handed_out,
    merchant_device,
    offer,
    redemption,
    shop_window,
    stock,
    voucher,
    ware,
)
from linli.ledger.shop.spends import spend
from linli.ledger.shop.wares import stock_up
from linli.ledger.staff.roles import Role
from tests.unit.ledger.web.counter import Counter
from tests.unit.ledger.web.site import ONCE, Browser, VillageSite

DESK = "/console/shop/desk"


@pytest.fixture
def counter(site: VillageSite) -> Counter:
    return Counter(site)


@pytest.fixture
def clerk(counter: Counter) -> Browser:
    return counter.site.log_in(Role.CLERK)


def goods(clerk: Browser, **more: str):  # type: ignore[no-untyped-def]
    fields = {"who": "a1", "ware": "rice", "centre": "centre", "pieces": "1", "at_once": "yes"}
    return clerk.submit(f"{DESK}/goods", fields | more, seen=DESK)


def remaining(counter: Counter, what: str = "rice") -> int | None:
    return next(row.remaining for row in counter.shop.village.rows(stock) if row.ware == what)


def test_a_person_is_found_by_account_and_by_card(clerk: Browser) -> None:
    for typed in ("a1", "card-a1", "04:00:00:00:00:00:00"):
        page = clerk.get(DESK, params={"who": typed}).text
        assert "张*1" in page
        assert ">100</span>" in page
    assert "没有找到" in clerk.text(f"{DESK}?who=nobody")


def test_goods_go_over_the_counter_at_once(counter: Counter, clerk: Browser) -> None:
    answer = goods(clerk, pieces="２")
    assert "已兑换并发放：大米，60 分" in answer.text
    assert remaining(counter) == 1
    assert [row.by for row in counter.shop.village.rows(handed_out)] == ["clerk同志"]
    assert "redeem rice × 2 at centre" in counter.site.audited()


def test_a_form_sent_twice_serves_once(counter: Counter, clerk: Browser) -> None:
    page = clerk.text(f"{DESK}?who=a1")
    tokens = {"csrf": re.findall(r'name="csrf" value="(\w+)"', page)[0], "once": "twice-1"}
    fields = {"who": "a1", "ware": "rice", "centre": "centre", "pieces": "1"} | tokens
    for _ in range(2):
        assert "已兑换" in clerk.post(f"{DESK}/goods", data=fields).text
    assert len(counter.shop.village.rows(redemption)) == 1
    assert counter.site.audited().count("redeem rice × 1 at centre") == 1


def test_what_is_not_handed_out_at_once_waits_and_is_handed_out_once(
    counter: Counter, clerk: Browser
) -> None:
    goods(clerk, at_once="")
    page = clerk.text("/console/shop/orders")
    assert "张*1" in page
    fields = {"id": "redeem.a1." + counter.shop.village.rows(redemption)[0].id[3:]}
    for _ in range(2):
        answer = clerk.submit("/console/shop/orders/hand-out", fields, seen="/console/shop/orders")
        assert "已发放：大米（clerk同志）" in answer.text
    assert "没有等着领的" in clerk.text("/console/shop/orders")


def test_what_a_terminal_sold_and_is_not_there_is_given_back(
    counter: Counter, clerk: Browser
) -> None:
    now = counter.site.clock.now()
    counter.shop.do(lambda c: grant(c, "t1", "a1", "l1", 100, now))
    counter.shop.do(lambda c: spend(c, "t1", 1, "a1.l1", 100, "大米", now, "rice", 4))
    assert "缺 1 件" in clerk.text("/console/shop/orders")
    fields = {"id": "spend.t1.1", "reason": "没货"}
    answer = clerk.submit("/console/shop/orders/refund", fields, seen="/console/shop/orders")
    assert "已退回 100 分" in answer.text
    assert (counter.shop.balance("a1:redeemable"), remaining(counter)) == (100, 3)
    assert counter.shop.is_sound()


def test_a_voucher_from_the_counter_is_shown_with_its_code(
    counter: Counter, clerk: Browser
) -> None:
    answer = clerk.submit(f"{DESK}/voucher", {"who": "a1", "offer": "bread"}, seen=DESK)
    (row,) = counter.shop.village.rows(voucher)
    assert row.code[:4] in answer.text
    assert "<svg" in answer.text
    assert "voucher of bread" in counter.site.audited()


def test_goods_and_vouchers_are_refunded_with_a_reason(counter: Counter, clerk: Browser) -> None:
    goods(clerk)
    made = counter.issue()
    (bought,) = [r for r in counter.shop.village.rows(redemption) if r.ware]
    fields = {"who": "a1", "centre": "centre", "reason": "坏了"}
    clerk.submit(f"{DESK}/refund", fields | {"id": bought.id}, seen=DESK)
    answer = clerk.submit(f"{DESK}/refund-voucher", fields | {"id": made.id}, seen=DESK)
    assert "已退回 10 分" in answer.text
    assert (counter.shop.balance("a1:redeemable"), remaining(counter)) == (100, 3)
    nobodys = clerk.submit(f"{DESK}/refund", fields | {"id": "a2.x"}, seen=DESK)
    assert nobodys.status_code == 409
    why = clerk.submit(f"{DESK}/refund", fields | {"id": bought.id, "reason": ""}, seen=DESK)
    assert why.status_code == 409


@pytest.mark.parametrize(
    ("more", "status", "says"),
    [
        ({"pieces": "3"}, 409, "只剩 2 件"),
        ({"who": "a3"}, 409, "现在可兑换的只有 10 分"),
        ({"ware": "gold"}, 422, "这里没有这样东西"),
        ({"pieces": "一"}, 422, "不是整数"),
        ({"pieces": "-1"}, 422, "请填 1 到"),
        ({"who": "nobody"}, 404, "没有找到这个人"),
    ],
)
def test_what_cannot_be_served_says_why_in_chinese(
    counter: Counter, clerk: Browser, more: dict[str, str], status: int, says: str
) -> None:
    counter.shop.do(lambda c: stock_up(c, "rice", "centre", -1, counter.shop.now))
    answer = goods(clerk, **more)
    assert answer.status_code == status
    assert says in answer.text
    assert counter.shop.village.rows(redemption) == []


def test_shelves_are_filled_counted_priced_and_cleared(counter: Counter, clerk: Browser) -> None:
    path = "/console/shop/shelves"
    new = {"title": "毛巾 <b>两条</b>", "kind": "good", "points": "15", "pieces": "10"}
    page = clerk.submit(f"{path}/add", new | {"centre": "centre"}, seen=path).text
    assert "毛巾 &lt;b&gt;两条" in page
    made = next(row.id for row in counter.shop.village.rows(ware) if row.points == 15)
    mine = {"ware": made, "centre": "centre"}
    assert "现有 14 件" in clerk.submit(f"{path}/take-in", mine | {"pieces": "4"}, seen=path).text
    assert "少 2 件" in clerk.submit(f"{path}/count", mine | {"pieces": "12"}, seen=path).text
    assert (
        "从现在起 20 分" in clerk.submit(f"{path}/price", mine | {"points": "20"}, seen=path).text
    )
    assert "已下架" in clerk.submit(f"{path}/withdraw", mine, seen=path).text
    assert "毛巾" not in clerk.text(path).replace("已下架", "")
    assert remaining(counter, made) == 12
    assert sum(made in what for what in counter.site.audited()) == 5


def test_stock_is_taken_in_once_for_a_form_sent_twice(counter: Counter, clerk: Browser) -> None:
    page = clerk.text("/console/shop/shelves")
    tokens = {"csrf": re.findall(r'name="csrf" value="(\w+)"', page)[0], "once": "twice-2"}
    fields = {"ware": "rice", "centre": "centre", "pieces": "5"} | tokens
    for _ in range(2):
        assert clerk.post("/console/shop/shelves/take-in", data=fields).status_code == 200
    assert remaining(counter) == 8


def test_the_stock_never_falls_below_nothing(counter: Counter, clerk: Browser) -> None:
    fields = {"ware": "rice", "centre": "centre", "pieces": "-4"}
    answer = clerk.submit("/console/shop/shelves/take-in", fields, seen="/console/shop/shelves")
    assert answer.status_code == 422
    assert "库存是 -1" in answer.text
    assert remaining(counter) == 3


def test_a_merchant_is_added_with_an_offer_and_gets_in(counter: Counter, clerk: Browser) -> None:
    path = "/console/shop/merchants"
    page = clerk.submit(f"{path}/add", {"name": "小李理发", "number": "M-9"}, seen=path).text
    (id_,) = re.findall(r"/console/shop/merchants/(shop-\w+)\"><strong>小李理发", page)
    terms = {"title": "理发半价", "points": "20", "period": "month", "per_person": "1"}
    money = {"community": "３.5", "own": "1.25元", "valid_days": "30", "in_all": ""}
    page = clerk.submit(f"{path}/{id_}/offers/add", terms | money, seen=f"{path}/{id_}").text
    assert all(word in page for word in ("理发半价", "3.50 元", "1.25 元", "每人 1 张"))
    page = clerk.submit(f"{path}/{id_}/code", {}, seen=f"{path}/{id_}").text
    code = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)[0]
    till = counter.site.browser()
    assert till.submit("/merchant/login", {"code": code}).url.path == "/merchant"
    (device,) = counter.shop.village.rows(merchant_device)
    clerk.submit(f"{path}/{id_}/devices/end", {"device": device.id}, seen=f"{path}/{id_}")
    assert till.get("/merchant").url.path == "/merchant/login"
    (made,) = [row.id for row in counter.shop.village.rows(offer) if row.merchant == id_]
    page = clerk.submit(f"{path}/{id_}/offers/withdraw", {"offer": made}, seen=f"{path}/{id_}").text
    assert "已下架" in page


def test_merchants_are_found_by_name_and_number(clerk: Browser) -> None:
    for q in ("面包", "M-001"):
        page = clerk.get("/console/shop/merchants", params={"q": q}).text
        assert "阳光面包" in page
        assert "<strong>书店" not in page
    assert "没有找到" in clerk.text("/console/shop/merchants?q=nobody")


def test_a_login_code_is_not_shown_a_second_time(counter: Counter, clerk: Browser) -> None:
    path = "/console/shop/merchants/bakery"
    page = clerk.text(path)
    tokens = {"csrf": re.findall(r'name="csrf" value="(\w+)"', page)[0], "once": "twice-3"}
    assert clerk.post(f"{path}/code", data=tokens).status_code == 200
    answer = clerk.post(f"{path}/code", data=tokens)
    assert answer.status_code == 409
    assert "已经显示过一次" in answer.text


@pytest.mark.parametrize("typed", ["三元", "-1", "1.234", "1e3", "=1+1"])
def test_what_is_no_money_is_refused(counter: Counter, clerk: Browser, typed: str) -> None:
    path = "/console/shop/merchants/bakery"
    terms = {"title": "x", "points": "1", "period": "month", "own": "0", "valid_days": "1"}
    answer = clerk.submit(f"{path}/offers/add", terms | {"community": typed}, seen=path)
    assert answer.status_code == 422
    assert "不是金额" in answer.text


def test_a_window_is_set_by_hand(counter: Counter, clerk: Browser) -> None:
    path = "/console/shop/windows"
    fields = {"quarter": "2027-q1", "first": "2027-04-01", "last": "2027-04-10"}
    assert "2027 年第 1 季度" in clerk.submit(path, fields).text
    row = next(r for r in counter.shop.village.rows(shop_window) if r.quarter == "2027-Q1")
    assert f"{row.opens:%m-%d %H:%M} {row.closes:%m-%d %H:%M}" == "04-01 09:00 04-11 00:00"
    assert clerk.submit(path, fields | {"last": "2027-03-01"}).status_code == 422
    assert clerk.submit(path, fields | {"quarter": "spring"}).status_code == 422
    assert clerk.submit(path, fields | {"first": "soon"}).status_code == 422


def test_settlements_are_listed_and_exported_without_formulas(
    counter: Counter, clerk: Browser
) -> None:
    path = "/console/shop/merchants"
    clerk.submit(f"{path}/add", {"name": "=cmd|calc", "number": "+1"}, seen=path)
    counter.shop.use(counter.issue().code)
    page = clerk.text("/console/shop/settlements")
    assert "社区一共应付 <strong>3.00 元" in page
    plain = clerk.get("/console/shop/settlements?format=csv").text
    assert "'=cmd|calc,'+1," in plain
    book = load_workbook(io.BytesIO(clerk.get("/console/shop/settlements?format=xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert clerk.get("/console/shop/settlements/bakery/2026-11.xlsx").content[:2] == b"PK"
    assert clerk.get("/console/shop/settlements/bakery/2026-11.pdf").status_code == 422
    assert clerk.get("/console/shop/settlements?month=x").status_code == 422


@pytest.mark.parametrize(
    ("what", "has"),
    [("orders", "大米"), ("shelves", "大米"), ("merchants", "满20减5,10,每月"), ("windows", "Q4")],
)
def test_lists_are_exported_whole(clerk: Browser, what: str, has: str) -> None:
    goods(clerk, at_once="")
    assert has in clerk.get(f"/console/shop/{what}?format=csv").text
    assert clerk.get(f"/console/shop/{what}?format=xlsx").content[:2] == b"PK"


def test_a_member_of_the_panel_sees_shelves_and_changes_nothing(counter: Counter) -> None:
    member = counter.site.log_in(Role.MEMBER)
    assert "大米" in member.text("/console/shop/shelves")
    assert "上架" not in member.text("/console/shop/shelves").split("<main")[1].replace("在架", "")
    for path in (DESK, "/console/shop/orders"):
        assert member.get(path).status_code == 403
    for path, fields in (
        (f"{DESK}/goods", {"who": "a1"}),
        ("/console/shop/shelves/add", {"title": "x"}),
        ("/console/shop/merchants/bakery/code", {}),
        ("/console/shop/windows", {"quarter": "2027-Q1"}),
    ):
        assert member.submit(path, fields, seen="/console/calendar").status_code == 403


@pytest.mark.parametrize(
    "path", ["/console/shop/merchants/nobody", "/console/shop/settlements/nobody/2026-11.xlsx"]
)
def test_nobodys_page_is_not_there(clerk: Browser, path: str) -> None:
    assert clerk.get(path).status_code == 404


def test_forms_of_one_page_are_told_apart(counter: Counter, clerk: Browser) -> None:
    """Two rows of one page are two requests."""
    tokens = ONCE.findall(clerk.text(f"{DESK}?who=a1"))
    assert len(tokens) == len(set(tokens)) > 4
