"""A voucher is used once, by its merchant, in time; each other try has its own answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from linli.ledger.shop.codes import new_code, shown
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.using import Use, rate, use
from linli.ledger.shop.vouchers import expire, refund_voucher
from tests.unit.ledger.shop.counter import Shop


def refusal(of: Callable[[], object]) -> Refusal:
    with pytest.raises(ShopError) as caught:
        of()
    return caught.value.refusal


def test_a_merchant_takes_a_voucher_as_it_is_read_out(shop: Shop) -> None:
    made = shop.issue("a1", "r1")
    taken = shop.use(f" {shown(made.code).lower()} ")
    assert (taken.voucher, taken.community_fen, taken.merchant_fen) == (made.id, 300, 200)
    assert taken.used_at == shop.now
    assert shop.balance("merchant:bakery") == 10


def test_after_a_lost_answer_the_same_request_is_answered_again(shop: Shop) -> None:
    made = shop.issue("a1", "r1")
    first = shop.use(made.code)
    shop.now = made.expires_at
    assert shop.use(made.code) == first
    assert refusal(lambda: shop.use(made.code, "till2")) is Refusal.USED


def test_one_request_takes_one_voucher(shop: Shop) -> None:
    one, other = shop.issue("a1", "r1"), shop.issue("a1", "r2")
    shop.use(one.code)
    assert refusal(lambda: shop.use(other.code)) is Refusal.OTHER_CONTENT


def test_of_four_tills_at_once_one_takes_it(shop: Shop) -> None:
    made = shop.issue("a1", "r1")
    answers = shop.at_once(lambda c, n: use(c, made.code, "bakery", f"till{n}", shop.now))
    assert sum(isinstance(a, Use) for a in answers) == 1
    assert [a.refusal for a in answers if isinstance(a, ShopError)] == [Refusal.USED] * 3


def test_one_request_sent_four_times_at_once_is_answered_alike(shop: Shop) -> None:
    made = shop.issue("a1", "r1")
    answers = shop.at_once(lambda c, _: use(c, made.code, "bakery", "till", shop.now))
    assert isinstance(answers[0], Use)
    assert answers == [answers[0]] * 4


def test_using_and_refunding_at_once_only_one_happens(shop: Shop) -> None:
    made = shop.issue("a1", "r1")

    def one(c: Any, n: int) -> object:
        if n:
            return refund_voucher(c, made.id, "back", "不要了", shop.now)
        return use(c, made.code, "bakery", "till", shop.now)

    used, refunded = shop.at_once(one, threads=2)
    assert isinstance(used, ShopError) != isinstance(refunded, ShopError)
    assert shop.balance("merchant:bakery") == (10 if isinstance(used, Use) else 0)


def test_each_wrong_try_has_its_own_reason(shop: Shop) -> None:
    made = shop.issue("a1", "r1")
    never = new_code(lambda _: 12345)
    wrong = made.code[:-1] + ("0" if made.code[-1] != "0" else "1")
    assert refusal(lambda: shop.use(made.code, by="books")) is Refusal.WRONG_MERCHANT
    assert refusal(lambda: shop.use(made.code, by="nobody")) is Refusal.NOT_POSSIBLE
    assert refusal(lambda: shop.use(wrong)) is Refusal.MISTYPED
    assert refusal(lambda: shop.use(never)) is Refusal.UNKNOWN
    shop.now = made.expires_at
    assert refusal(lambda: shop.use(made.code)) is Refusal.EXPIRED
    shop.do(lambda c: expire(c, shop.now))
    assert refusal(lambda: shop.use(made.code)) is Refusal.EXPIRED


def test_an_expired_voucher_says_its_last_day(shop: Shop) -> None:
    made = shop.issue("a1", "r1")
    shop.now = made.expires_at
    with pytest.raises(ShopError, match="could be used until 2026-12-24"):
        shop.use(made.code)


def test_a_used_voucher_is_rated_once_by_its_holder(shop: Shop) -> None:
    made = shop.issue("a1", "r1")

    def rated(who: str, stars: int) -> Callable[[], object]:
        return lambda: shop.do(lambda c: rate(c, who, made.id, stars))

    assert refusal(rated("a1", 5)) is Refusal.NOT_POSSIBLE
    shop.use(made.code)
    assert refusal(rated("a2", 5)) is Refusal.NOT_POSSIBLE
    for stars in (0, 6, -1):
        assert refusal(rated("a1", stars)) is Refusal.NOT_POSSIBLE
    rated("a1", 4)()
    rated("a1", 4)()
    assert refusal(rated("a1", 5)) is Refusal.OTHER_CONTENT
