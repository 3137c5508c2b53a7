"""A merchant gets in by a code that staff gave, once, and stays in on that phone alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from linli.ledger.shop.merchant_access import (
    GOOD_FOR,
    IDLE,
    SEEN_EVERY,
    Device,
    LoginCode,
    devices,
    end_device,
    enter,
    give_code,
    resume,
    seen,
)
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import merchant_device, merchant_login
from tests.unit.ledger.shop.counter import Shop

SECOND = dt.timedelta(seconds=1)


def refusal(of: Callable[[], object]) -> Refusal:
    with pytest.raises(ShopError) as caught:
        of()
    return caught.value.refusal


def given(shop: Shop, merchant: str = "bakery") -> LoginCode:
    return shop.do(lambda c: give_code(c, merchant, "王红", shop.random_bits, shop.now))


def entered(shop: Shop, code: str, phone: str = "Android") -> tuple[Device, str]:
    return shop.do(lambda c: enter(c, code, phone, shop.random_bits, shop.now))


def who(shop: Shop, token: str) -> str | None:
    device = shop.do(lambda c: resume(c, token, shop.now))
    return None if device is None else device.merchant


def test_a_phone_that_was_let_in_is_the_merchants(shop: Shop) -> None:
    device, token = entered(shop, f" {given(shop).code.lower()} ")
    assert (device.merchant, who(shop, token)) == ("bakery", "bakery")
    assert who(shop, token[:-1]) is None
    assert who(shop, "") is None


def test_a_code_lets_in_one_phone_once(shop: Shop) -> None:
    code = given(shop).code
    answers = shop.at_once(lambda c, n: enter(c, code, f"phone{n}", shop.random_bits, shop.now))
    assert sum(isinstance(a, tuple) for a in answers) == 1
    assert [a.refusal for a in answers if isinstance(a, ShopError)] == [Refusal.USED] * 3


def test_a_new_code_takes_the_place_of_the_one_before(shop: Shop) -> None:
    old, new = given(shop), given(shop)
    assert refusal(lambda: entered(shop, old.code)) is Refusal.USED
    entered(shop, new.code)


def test_a_code_is_good_for_a_day(shop: Shop) -> None:
    code = given(shop)
    assert code.expires_at == shop.now + GOOD_FOR
    shop.now = code.expires_at
    assert refusal(lambda: entered(shop, code.code)) is Refusal.EXPIRED
    shop.now -= SECOND
    entered(shop, code.code)


def test_what_was_mistyped_or_never_given_lets_nobody_in(shop: Shop) -> None:
    code = given(shop).code
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert refusal(lambda: entered(shop, wrong)) is Refusal.MISTYPED
    assert refusal(lambda: entered(shop, shop.issue("a1", "r1").code)) is Refusal.UNKNOWN
    assert refusal(lambda: given(shop, "nobody")) is Refusal.NOT_POSSIBLE


def test_neither_code_nor_what_a_phone_holds_can_be_read_in_the_ledger(shop: Shop) -> None:
    code = given(shop).code
    _, token = entered(shop, code)
    kept = str([shop.village.rows(table) for table in (merchant_login, merchant_device)])
    assert code.replace("-", "") not in kept
    assert token not in kept


def test_a_phone_that_was_ended_is_out_and_the_others_stay_in(shop: Shop) -> None:
    first, lost = entered(shop, given(shop).code), entered(shop, given(shop).code)

    def end(merchant: str) -> Callable[[], bool]:
        return lambda: shop.do(lambda c: end_device(c, merchant, lost[0].id, "王红", shop.now))

    assert refusal(end("books")) is Refusal.NOT_POSSIBLE
    assert end("bakery")()
    assert not end("bakery")()
    assert (who(shop, lost[1]), who(shop, first[1])) == (None, "bakery")
    shown = shop.do(lambda c: devices(c, "bakery"))
    assert [(d.id, d.ended_by) for d in shown] == [(first[0].id, None), (lost[0].id, "王红")]


def test_a_phone_that_nobody_uses_for_long_is_out(shop: Shop) -> None:
    device, token = entered(shop, given(shop).code)
    shop.now += SEEN_EVERY
    shop.do(lambda c: seen(c, device, shop.now))
    shop.now += IDLE
    assert who(shop, token) == "bakery"
    shop.now += SECOND
    assert who(shop, token) is None


@pytest.mark.parametrize(
    ("phone", "called"), [("", "手机"), ("a\0b\n", "a b"), ("x" * 500, "x" * 80)]
)
def test_whatever_a_phone_calls_itself_can_be_shown(shop: Shop, phone: str, called: str) -> None:
    assert entered(shop, given(shop).code, phone)[0].name == called
