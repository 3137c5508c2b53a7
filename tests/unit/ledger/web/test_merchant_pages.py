"""A merchant's phone: let in by a code, it takes vouchers, each once, and shows their worth."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from linli.ledger.shop.merchant_access import end_device
from linli.ledger.shop.schema import merchant_device, voucher
from linli.ledger.shop.settling import settle_month
from linli.ledger.staff.attempts import FREE_AT_AN_ADDRESS
from tests.unit.ledger.web.counter import Counter, request_on
from tests.unit.ledger.web.site import Browser, VillageSite


@pytest.fixture
def counter(site: VillageSite) -> Counter:
    return Counter(site)


def press(till: Browser, code: str, request: str = "") -> Any:
    """核销 on the page that shows the voucher."""
    shown = f"/merchant/check?code={code}"
    page = till.text(shown)
    fields = {"code": code, "request": request or request_on(page)}
    return till.submit("/merchant/use", fields, seen="/merchant")


def used(counter: Counter) -> list[str]:
    return [row.code for row in counter.shop.village.rows(voucher) if row.state == "used"]


def test_a_phone_gets_in_by_a_code_and_out_again(counter: Counter) -> None:
    till = counter.till()
    assert "阳光面包" in till.text("/merchant")
    assert till.submit("/merchant/logout", {}, seen="/merchant").url.path == "/merchant/login"
    assert till.get("/merchant").url.path == "/merchant/login"


def test_the_qr_of_a_login_code_types_it(counter: Counter) -> None:
    code = counter.login_code()
    assert code in counter.site.browser().text(f"/merchant/login?code={code}")


def test_a_code_that_is_not_right_lets_nobody_in(counter: Counter) -> None:
    browser, code = counter.site.browser(), counter.login_code()
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    answer = browser.submit("/merchant/login", {"code": wrong})
    assert answer.status_code == 401
    assert "有一位不对" in answer.text
    assert counter.shop.village.rows(merchant_device) == []


def test_guessing_login_codes_is_slowed_down(counter: Counter) -> None:
    browser, never = counter.site.browser(), counter.issue().code
    for _ in range(FREE_AT_AN_ADDRESS):
        assert "没有这个登录码" in browser.submit("/merchant/login", {"code": never}).text
    right = {"code": counter.login_code()}
    assert "请等" in browser.submit("/merchant/login", right).text
    counter.site.clock.pass_(minutes=16)
    assert browser.submit("/merchant/login", right).url.path == "/merchant"


def test_a_phone_that_was_revoked_is_out_at_once(counter: Counter) -> None:
    till = counter.till()
    (device,) = counter.shop.village.rows(merchant_device)
    now = counter.site.clock.now()
    counter.shop.do(lambda c: end_device(c, "bakery", device.id, "王红", now))
    assert till.get("/merchant").url.path == "/merchant/login"


def test_who_scans_a_voucher_before_the_login_comes_back_to_it(counter: Counter) -> None:
    browser, made = counter.site.browser(), counter.issue()
    seen = browser.get(f"/merchant/check?code={made.code}")
    assert seen.url.path == "/merchant/login"
    fields = {"code": counter.login_code()}
    to = f"/merchant/login?{seen.url.query.decode()}"
    answer = browser.submit(to, fields)
    assert answer.url.path == "/merchant/check"
    assert "满20减5" in answer.text


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/console", "/merchantx"])
def test_the_login_leads_nowhere_else(counter: Counter, to: str) -> None:
    fields = {"code": counter.login_code()}
    assert counter.site.browser().submit(f"/merchant/login?next={to}", fields).url.path == (
        "/merchant"
    )


def test_a_voucher_is_shown_before_it_is_taken(counter: Counter) -> None:
    made = counter.issue()
    page = counter.till().text(f"/merchant/check?code={made.code.lower()}")
    assert all(word in page for word in ("满20减5", "3.00 元", "2.00 元", "12月24日"))
    assert used(counter) == []


def test_one_touch_takes_it_and_says_when(counter: Counter) -> None:
    made = counter.issue()
    answer = press(counter.till(), made.code)
    assert answer.url.path == "/merchant/taken"
    assert "已核销" in answer.text
    assert "2026-11-24 20:00" in answer.text
    assert used(counter) == [made.code]


def test_pressed_again_after_a_lost_answer_it_is_the_same(counter: Counter) -> None:
    made, till = counter.issue(), counter.till()
    first = press(till, made.code, "once-1")
    counter.site.clock.pass_(minutes=2)
    fields = {"code": made.code, "request": "once-1"}
    again = till.submit("/merchant/use", fields, seen="/merchant")
    assert again.url.path == first.url.path
    assert "2026-11-24 20:00" in again.text
    assert "没有重复计算" not in again.text


def test_a_code_that_was_taken_here_before_leads_to_when(counter: Counter) -> None:
    made, till = counter.issue(), counter.till()
    press(till, made.code)
    page = till.text(f"/merchant/check?code={made.code}")
    assert "已核销" in page
    assert "没有重复计算" in page


def test_of_four_phones_at_once_one_takes_it_and_all_see_it_taken(counter: Counter) -> None:
    made = counter.issue()
    tills = [counter.till() for _ in range(4)]
    forms = [request_on(till.text(f"/merchant/check?code={made.code}")) for till in tills]
    answers: list[Any] = [None] * 4

    def run(number: int) -> None:
        fields = {"code": made.code, "request": forms[number]}
        answers[number] = tills[number].submit("/merchant/use", fields, seen="/merchant")

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ["已核销" in answer.text for answer in answers] == [True] * 4
    assert sum("没有重复计算" in answer.text for answer in answers) == 3
    assert counter.shop.balance("merchant:bakery") == 10


def test_another_merchants_code_is_refused_in_a_plain_sentence(counter: Counter) -> None:
    made = counter.issue()
    answer = counter.till("books").get(f"/merchant/check?code={made.code}")
    assert answer.status_code == 409
    assert "是别家商户的券，不能在本店核销" in answer.text


@pytest.mark.parametrize(
    ("typed", "says"), [("", "一共 12 位"), ("🎫", "一共 12 位"), ("0" * 11 + "1", "有一位不对")]
)
def test_what_is_no_code_says_so_and_stays_typed(counter: Counter, typed: str, says: str) -> None:
    answer = counter.till().get("/merchant/check", params={"code": typed})
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{typed}"' in answer.text


def test_a_code_full_of_html_is_shown_as_text(counter: Counter) -> None:
    answer = counter.till().get("/merchant/check", params={"code": "<script>alert(1)</script>"})
    assert "<script>alert" not in answer.text


def test_guessing_vouchers_codes_is_slowed_down(counter: Counter) -> None:
    till, never = counter.till(), counter.login_code()
    for _ in range(FREE_AT_AN_ADDRESS):
        assert "没有" in till.get(f"/merchant/check?code={never}").text
    assert till.get(f"/merchant/check?code={counter.issue().code}").status_code == 429


def test_a_form_from_elsewhere_takes_nothing(counter: Counter) -> None:
    made, till = counter.issue(), counter.till()
    answer = till.post("/merchant/use", data={"code": made.code, "request": "x"})
    assert answer.status_code == 409
    assert used(counter) == []


def test_the_day_lists_what_was_taken(counter: Counter) -> None:
    made, till = counter.issue(), counter.till()
    press(till, made.code)
    page = till.text("/merchant/day")
    assert "1 张，社区补贴 3.00 元" in page
    assert till.get("/merchant/day?day=tomorrow").status_code == 404
    assert "没有核销" in till.text("/merchant/day?day=2026-11-23")


def test_a_month_is_settled_as_sheet_and_pdf_when_it_is_over(counter: Counter) -> None:
    made, till = counter.issue(), counter.till()
    press(till, made.code)
    assert "到现在为止" in till.text("/merchant/months")
    assert till.get("/merchant/months/2026-11/settlement.pdf").status_code == 422
    counter.site.clock.pass_(minutes=8 * 24 * 60)
    now = counter.site.clock.now()
    counter.shop.do(lambda c: settle_month(c, "village", "2026-11", now))
    assert "已结算" in till.text("/merchant/months?month=2026-11")
    assert till.get("/merchant/months/2026-11/settlement.pdf").content.startswith(b"%PDF")
    assert till.get("/merchant/months/2026-11/settlement.xlsx").content[:2] == b"PK"
    assert till.get("/merchant/months?month=november").status_code == 422


def test_a_merchant_opens_neither_the_console_nor_residents_pages(counter: Counter) -> None:
    till = counter.till()
    assert till.get("/console").url.path == "/console/login"
    assert till.get("/me").url.path == "/me/welcome"
