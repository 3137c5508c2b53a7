"""Vouchers are issued for points, within quotas, and their points come back unless used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from linli.ledger.shop.codes import BITS
from linli.ledger.shop.merchants import add_offer, withdraw_offer
from linli.ledger.shop.quotas import period_start
from linli.ledger.shop.redeeming import refund
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.vouchers import Voucher, expire, issue, refund_voucher
from linli.sync.periods import SHANGHAI, period_of
from tests.unit.ledger.shop.counter import BREAD, DAY, Shop


def refusal(of: Callable[[], object]) -> Refusal:
    with pytest.raises(ShopError) as caught:
        of()
    return caught.value.refusal


def refunded(shop: Shop, id_: str, request: str = "back1") -> Voucher:
    return shop.do(lambda c: refund_voucher(c, id_, request, "不要了", shop.now))


def test_a_voucher_costs_points_that_go_to_the_merchant(shop: Shop) -> None:
    made = shop.issue("a1", "r1")
    assert (made.merchant, made.points, made.title) == ("bakery", 10, "满20减5")
    assert (made.community_fen, made.merchant_fen) == (300, 200)
    assert made.expires_at == dt.datetime(2026, 12, 25, tzinfo=SHANGHAI)
    assert (shop.balance("a1:redeemable"), shop.balance("merchant:bakery")) == (90, 10)


def test_the_same_request_again_gets_the_same_voucher(shop: Shop) -> None:
    first = shop.issue("a1", "r1")
    shop.now += 60 * DAY
    assert shop.issue("a1", "r1") == first
    assert refusal(lambda: shop.redeem("a1", "r1", "haircut")) is Refusal.OTHER_CONTENT
    assert shop.balance("a1:redeemable") == 90


def test_a_request_sent_four_times_at_once_gets_one_voucher(shop: Shop) -> None:
    answers = shop.at_once(lambda c, _: issue(c, "a1", "r1", "bread", shop.random_bits, shop.now))
    assert answers == [answers[0]] * 4
    assert shop.balance("a1:redeemable") == 90


def test_a_code_that_is_taken_is_drawn_again(shop: Shop) -> None:
    numbers = iter([5, 5, 6])
    shop.random_bits = lambda bits: next(numbers) if bits == BITS else 0
    assert shop.issue("a1", "r1").code != shop.issue("a1", "r2").code


def test_a_person_has_no_more_than_their_quota_of_the_period(shop: Shop) -> None:
    shop.issue("a1", "r1")
    second = shop.issue("a1", "r2")
    assert refusal(lambda: shop.issue("a1", "r3")) is Refusal.QUOTA
    refunded(shop, second.id)
    shop.issue("a1", "r4")
    shop.now = dt.datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
    shop.issue("a1", "r5")


def test_all_together_have_no_more_than_there_are_however_fast(shop: Shop) -> None:
    shop.do(lambda c: add_offer(c, replace(BREAD, id="cake", in_all=2, per_person=None), shop.now))

    def one(c: Connection, n: int) -> Voucher:
        return issue(c, f"a{n % 3 + 1}", f"r{n}", "cake", shop.random_bits, shop.now)

    answers = shop.at_once(one)
    assert sum(isinstance(a, Voucher) for a in answers) == 2
    assert [a.refusal for a in answers if isinstance(a, ShopError)] == [Refusal.QUOTA] * 2


def test_an_offer_is_redeemed_in_its_window_unless_it_is_open_all_year(shop: Shop) -> None:
    shop.do(lambda c: add_offer(c, replace(BREAD, id="cake", all_year=True), shop.now))
    shop.now += 30 * DAY
    assert refusal(lambda: shop.issue("a1", "r1")) is Refusal.CLOSED
    shop.issue("a1", "r1", "cake")


def test_a_withdrawn_or_unknown_offer_is_refused(shop: Shop) -> None:
    shop.do(lambda c: withdraw_offer(c, "bread", shop.now))
    assert refusal(lambda: shop.issue("a1", "r1")) is Refusal.WITHDRAWN
    assert refusal(lambda: shop.issue("a1", "r1", "gold")) is Refusal.NOT_POSSIBLE


def test_too_few_points_buy_no_voucher(shop: Shop) -> None:
    shop.issue("a3", "r1")
    assert refusal(lambda: shop.issue("a3", "r2")) is Refusal.TOO_FEW_POINTS
    assert shop.balance("a3:redeemable") == 0


def test_a_refund_gives_the_points_back_once(shop: Shop) -> None:
    made = shop.issue("a1", "r1")
    refunded(shop, made.id)
    assert refunded(shop, made.id) == made
    assert refusal(lambda: refunded(shop, made.id, "back2")) is Refusal.REFUNDED
    assert shop.balance("a1:redeemable") == 100
    assert refusal(lambda: shop.use(made.code)) is Refusal.REFUNDED


def test_a_used_voucher_is_not_refunded(shop: Shop) -> None:
    made = shop.issue("a1", "r1")
    shop.use(made.code)
    assert refusal(lambda: refunded(shop, made.id)) is Refusal.USED


def test_goods_and_vouchers_are_not_refunded_as_each_other(shop: Shop) -> None:
    made, bought = shop.issue("a1", "r1"), shop.redeem("a1", "r2", "rice")
    assert refusal(lambda: refunded(shop, bought.id)) is Refusal.NOT_POSSIBLE
    as_goods = refusal(lambda: shop.do(lambda c: refund(c, made.id, "b", "坏了", shop.now)))
    assert as_goods is Refusal.NOT_POSSIBLE


def test_what_was_not_used_in_time_gives_its_points_back_once(shop: Shop) -> None:
    late, used = shop.issue("a1", "r1"), shop.issue("a2", "r1")
    shop.use(used.code)
    shop.now = late.expires_at - dt.timedelta(seconds=1)
    assert shop.do(lambda c: expire(c, shop.now)) == []
    shop.now = late.expires_at
    assert shop.do(lambda c: expire(c, shop.now)) == [late.id]
    assert shop.do(lambda c: expire(c, shop.now)) == []
    assert shop.balance("a1:redeemable") == 100
    assert shop.balance("merchant:bakery") == 10
    assert refusal(lambda: refunded(shop, late.id)) is Refusal.EXPIRED


def test_expiring_four_times_at_once_gives_back_once(shop: Shop) -> None:
    for who in ("a1", "a2", "a3"):
        last = shop.issue(who, "r1")
    ended = shop.at_once(lambda c, _: expire(c, last.expires_at))
    assert sorted(id_ for ids in ended for id_ in ids) == ["a1.r1", "a2.r1", "a3.r1"]
    assert shop.balance("merchant:bakery") == 0


@pytest.mark.parametrize("per", ["day", "week", "month", "quarter", "year"])
def test_a_period_begins_where_the_one_before_ends(per: str) -> None:
    moment = dt.datetime(2026, 1, 1, 0, 0, tzinfo=SHANGHAI)
    for _ in range(400):
        start = period_start(moment, per)
        assert period_of(start, per) == period_of(moment, per)
        assert period_of(start - dt.timedelta(seconds=1), per) != period_of(moment, per)
        moment += dt.timedelta(hours=31)
