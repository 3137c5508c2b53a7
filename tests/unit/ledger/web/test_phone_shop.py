"""积分超市 on a resident's phone: what one's points get, each press once."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from linli.ledger.shop.leases import grant
from linli.ledger.shop.schema import redemption, voucher
from linli.ledger.shop.windows import set_window
from tests.unit.ledger.web.counter import Counter, request_on
from tests.unit.ledger.web.site import Browser, VillageSite

DAY = dt.timedelta(days=1)


@pytest.fixture
def counter(site: VillageSite) -> Counter:
    return Counter(site)


def closed(counter: Counter) -> None:
    """The window opens only in a week."""
    now = counter.site.clock.now()
    counter.shop.do(
        lambda c: set_window(c, "village", "2026-Q4", now + 7 * DAY, now + 9 * DAY, now)
    )


def redeem(phone: Browser, path: str, request: str = "", **fields: str):  # type: ignore[no-untyped-def]
    page = phone.text(path)
    given = dict(re.findall(r'name="(id|centre)" value="([^"]+)"', page))
    fields = {**given, "request": request or request_on(page), **fields}
    return phone.submit(path.partition("?")[0], fields, seen="/me/phones")


def test_the_shop_says_what_ones_points_get(counter: Counter) -> None:
    page = counter.resident("a2").text("/me/shop")
    assert all(word in page for word in ("<strong>50</strong>", "大米", "理发", "满20减5"))
    assert "正在兑换" in page


def test_points_that_a_terminal_holds_are_still_ones_own(counter: Counter) -> None:
    counter.shop.do(lambda c: grant(c, "t1", "a2", "l1", 40, counter.site.clock.now()))
    phone = counter.resident("a2")
    assert "<strong>50</strong>" in phone.text("/me/shop")
    assert ">50</strong>" in phone.text("/me")
    assert "其中 40 分放在终端上" in phone.text("/me/points")
    assert "还差" not in phone.text("/me/shop/ware?id=rice")


def test_outside_the_window_only_what_is_open_all_year_can_be_had(counter: Counter) -> None:
    closed(counter)
    phone = counter.resident()
    assert "下一次从12月1日" in phone.text("/me/shop")
    assert "兑换期，还不能换" in phone.text("/me/shop/ware?id=rice")
    assert "用 20 分兑换" in phone.text("/me/shop/ware?id=haircut")


def test_goods_are_redeemed_and_wait_at_the_centre(counter: Counter) -> None:
    phone = counter.resident()
    answer = redeem(phone, "/me/shop/ware?id=rice")
    assert "请带服务卡到邻里中心领取" in answer.text
    assert "等您来领" in answer.text
    assert counter.shop.balance("a1:redeemable") == 70
    assert counter.site.poked == 1


def test_pressed_twice_it_is_redeemed_once(counter: Counter) -> None:
    phone = counter.resident()
    for _ in range(2):
        answer = redeem(phone, "/me/shop/offer?id=bread", "press-1")
        assert answer.url.path == "/me/vouchers/one"
    assert counter.shop.balance("a1:redeemable") == 90
    assert len(counter.shop.village.rows(voucher)) == 1


def test_a_voucher_shows_its_code_and_a_qr_that_leads_a_till_to_it(counter: Counter) -> None:
    phone = counter.resident()
    page = redeem(phone, "/me/shop/offer?id=bread").text
    (row,) = counter.shop.village.rows(voucher)
    assert f"{row.code[:4]}-{row.code[4:8]}-{row.code[8:]}" in page
    assert "<svg" in page
    assert "阳光面包" in counter.till().text(f"/merchant/check?code={row.code}")


def test_too_few_points_and_too_many_vouchers_are_said_before_and_refused(
    counter: Counter,
) -> None:
    phone, poor = counter.resident(), counter.resident("a2")
    assert "还差" not in poor.text("/me/shop/ware?id=rice")
    redeem(poor, "/me/shop/ware?id=rice")
    assert "还差 10 分" in poor.text("/me/shop/ware?id=rice")
    page = phone.text("/me/shop/offer?id=bread")
    for _ in range(2):
        redeem(phone, "/me/shop/offer?id=bread")
    assert "的已经兑完" in phone.text("/me/shop/offer?id=bread")
    fields = {"id": "bread", "request": request_on(page)}
    answer = phone.submit("/me/shop/offer", fields, seen="/me/phones")
    assert answer.status_code == 409
    assert "每人本月限 2 张" in answer.text


@pytest.mark.parametrize(
    "path", ["/me/shop/ware?id=gold", "/me/shop/offer?id=gold", "/me/vouchers/one?id=a2.r1"]
)
def test_what_is_not_there_or_not_theirs_is_not_shown(counter: Counter, path: str) -> None:
    counter.issue("a2")
    assert counter.resident().get(path).status_code == 404


def test_a_used_voucher_is_rated_once(counter: Counter) -> None:
    phone, made = counter.resident(), counter.issue()
    counter.shop.use(made.code)
    assert "可以评价" in phone.text("/me/vouchers")
    path, fields = f"/me/vouchers/one?id={made.id}", {"id": made.id, "stars": "4"}
    answer = phone.submit("/me/vouchers/rate", fields, seen=path)
    assert "★★★★" in answer.text
    other = phone.submit("/me/vouchers/rate", fields | {"stars": "5"}, seen="/me/phones")
    assert other.status_code == 409
    assert "已经评价过了（4 星）" in other.text


def test_nobody_rates_or_gives_back_what_is_somebody_elses(counter: Counter) -> None:
    phone, made = counter.resident("a2"), counter.issue("a1")
    counter.issue("a1", "r2")
    counter.shop.use(made.code)
    rated = phone.submit("/me/vouchers/rate", {"id": made.id, "stars": "1"}, seen="/me/phones")
    assert rated.status_code == 422
    back = phone.submit("/me/vouchers/back", {"id": "a1.r2", "request": "x"}, seen="/me/phones")
    assert back.status_code == 404
    assert {row.stars for row in counter.shop.village.rows(voucher)} == {None}
    assert {row.refunded_at for row in counter.shop.village.rows(redemption)} == {None}


def test_a_voucher_that_is_not_wanted_gives_its_points_back(counter: Counter) -> None:
    phone, made = counter.resident(), counter.issue()
    path = f"/me/vouchers/one?id={made.id}"
    fields = {"id": made.id, "request": request_on(phone.text(path))}
    for _ in range(2):
        answer = phone.submit("/me/vouchers/back", fields, seen="/me/phones")
        assert "10 分还给您了" in answer.text
    assert counter.shop.balance("a1:redeemable") == 100
    assert "已退回" in phone.text(path)


def test_a_voucher_that_was_used_meanwhile_is_not_given_back(counter: Counter) -> None:
    phone, made = counter.resident(), counter.issue()
    fields = {"id": made.id, "request": "x"}
    counter.shop.use(made.code)
    answer = phone.submit("/me/vouchers/back", fields, seen="/me/phones")
    assert answer.status_code == 409
    assert "已经核销，不能退" in answer.text


def test_a_page_of_the_shop_is_small_enough_for_an_old_phone(counter: Counter) -> None:
    phone = counter.resident()
    files = ("/static/base.css", "/static/phone.css")
    weight = sum(len(phone.get(path).content) for path in ("/me/shop", *files))
    assert weight < 150_000
