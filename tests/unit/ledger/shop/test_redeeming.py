"""Points become goods and services: once for each request, and back once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError

from linli.ledger.feed.schema import change
from linli.ledger.shop.redeeming import Redemption, redeem, refund
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.wares import GOOD, Ware, add_ware, stock_up, withdraw_ware
from tests.unit.ledger.shop.counter import DAY, Shop


def refusal(of: Callable[[], object]) -> Refusal:
    with pytest.raises(ShopError) as caught:
        of()
    return caught.value.refusal


def refunded(shop: Shop, id_: str, request: str = "back1", why: str = "坏了") -> Redemption:
    return shop.do(lambda c: refund(c, id_, request, why, shop.now))


def test_points_go_to_the_centre_and_goods_out_of_its_stock(shop: Shop) -> None:
    made = shop.redeem("a1", "r1", "rice", pieces=2)
    assert (made.points, made.title) == (60, "大米")
    assert (shop.balance("a1:redeemable"), shop.balance("goods:centre")) == (40, 60)
    assert shop.left() == 1


def test_a_terminal_is_told_the_new_balance(shop: Shop) -> None:
    shop.redeem("a1", "r1", "rice")
    with shop.engine.connect() as connection:
        payloads = connection.execute(select(change.c.payload)).scalars().all()
    assert b'"redeemable":70' in payloads[-1]


def test_the_same_request_again_is_answered_as_before(shop: Shop) -> None:
    first = shop.redeem("a1", "r1", "rice")
    shop.now += 30 * DAY
    assert shop.redeem("a1", "r1", "rice") == first
    assert (shop.balance("a1:redeemable"), shop.left()) == (70, 2)


@pytest.mark.parametrize(
    ("what", "pieces"), [("rice", 2), ("haircut", 1)], ids=["more", "something else"]
)
def test_other_content_under_the_same_request_is_refused(
    shop: Shop, what: str, pieces: int
) -> None:
    shop.redeem("a1", "r1", "rice")
    again = refusal(lambda: shop.redeem("a1", "r1", what, pieces=pieces))
    assert again is Refusal.OTHER_CONTENT


def test_two_people_may_choose_the_same_request_id(shop: Shop) -> None:
    assert shop.redeem("a1", "r1", "rice").id != shop.redeem("a2", "r1", "rice").id


def test_a_request_sent_four_times_at_once_is_one(shop: Shop) -> None:
    answers = shop.at_once(lambda c, _: redeem(c, "a1", "r1", "rice", "centre", shop.now))
    assert answers == [answers[0]] * 4
    assert isinstance(answers[0], Redemption)
    assert (shop.balance("a1:redeemable"), shop.left()) == (70, 2)


def test_the_last_bag_goes_to_one_of_those_who_ask_at_once(shop: Shop) -> None:
    shop.do(lambda c: add_ware(c, Ware("salt", "village", GOOD, "盐", 1)))
    for number in range(8):
        shop.do(lambda c: stock_up(c, "salt", "centre", 1, shop.now))
        answers = shop.at_once(
            lambda c, n, r=f"r{number}": redeem(c, f"a{n + 1}", r, "salt", "centre", shop.now),
            threads=3,
        )
        refused = [getattr(a, "refusal", a) for a in answers if isinstance(a, Exception)]
        assert refused == [Refusal.SOLD_OUT] * 2
    assert shop.left("salt") == 0


def test_nobody_spends_more_than_they_have_however_fast(shop: Shop) -> None:
    answers = shop.at_once(lambda c, n: redeem(c, "a2", f"r{n}", "haircut", "centre", shop.now))
    refused = [a.refusal for a in answers if isinstance(a, ShopError)]
    assert refused == [Refusal.TOO_FEW_POINTS] * 2
    assert shop.balance("a2:redeemable") == 10


def test_too_few_points_is_said_in_plain_words(shop: Shop) -> None:
    with pytest.raises(ShopError, match="costs 30 points, and 10 can be redeemed"):
        shop.redeem("a3", "r1", "rice")
    assert shop.left() == 3


def test_nothing_is_redeemed_outside_a_window_but_services_open_all_year(shop: Shop) -> None:
    shop.now += 30 * DAY
    assert refusal(lambda: shop.redeem("a1", "r1", "rice")) is Refusal.CLOSED
    assert refusal(lambda: shop.redeem("a1", "r1", "repair")) is Refusal.CLOSED
    shop.redeem("a1", "r1", "haircut")


def test_what_is_withdrawn_or_not_there_is_refused(shop: Shop) -> None:
    shop.do(lambda c: withdraw_ware(c, "rice", shop.now))
    assert refusal(lambda: shop.redeem("a1", "r1", "rice")) is Refusal.WITHDRAWN
    assert refusal(lambda: shop.redeem("a1", "r1", "gold")) is Refusal.NOT_POSSIBLE
    assert refusal(lambda: shop.redeem("a1", "r1", "rice", "moon")) is Refusal.NOT_POSSIBLE
    assert refusal(lambda: shop.redeem("a77", "r1", "rice")) is Refusal.NOT_POSSIBLE


@pytest.mark.parametrize("pieces", [0, -1, 10**9])
def test_a_number_of_pieces_that_makes_no_sense_is_refused(shop: Shop, pieces: int) -> None:
    assert refusal(lambda: shop.redeem("a1", "r1", "rice", pieces=pieces)) is Refusal.NOT_POSSIBLE


@pytest.mark.parametrize("request_id", ["", "a.b", "x" * 65, "请求", "a b"])
def test_a_request_id_is_short_and_plain(shop: Shop, request_id: str) -> None:
    assert refusal(lambda: shop.redeem("a1", request_id, "rice")) is Refusal.NOT_POSSIBLE


def test_a_refund_brings_points_and_stock_back_once(shop: Shop) -> None:
    made = shop.redeem("a1", "r1", "rice", pieces=2)
    refunded(shop, made.id)
    assert refunded(shop, made.id) == made
    assert refusal(lambda: refunded(shop, made.id, "back2")) is Refusal.REFUNDED
    assert (shop.balance("a1:redeemable"), shop.balance("goods:centre")) == (100, 0)
    assert shop.left() == 3


def test_a_refund_by_four_clerks_at_once_is_one(shop: Shop) -> None:
    made = shop.redeem("a1", "r1", "rice")
    answers = shop.at_once(lambda c, n: refund(c, made.id, f"b{n}", "坏了", shop.now))
    assert sum(isinstance(a, Redemption) for a in answers) == 1
    assert (shop.balance("a1:redeemable"), shop.left()) == (100, 3)


def test_redeeming_and_refunding_at_once_do_not_wait_in_a_circle(shop: Shop) -> None:
    made = [shop.redeem(who, "r0", "rice") for who in ("a1", "a2")]

    def one(c: Connection, n: int) -> Redemption:
        if n < 2:
            return refund(c, made[n].id, "b", "坏了", shop.now)
        return redeem(c, f"a{n - 1}", "r1", "haircut", "centre", shop.now)

    assert all(isinstance(a, Redemption) for a in shop.at_once(one))
    assert (shop.balance("goods:centre"), shop.left()) == (40, 3)


def test_what_was_never_redeemed_is_not_refunded(shop: Shop) -> None:
    assert refusal(lambda: refunded(shop, "a1.r9")) is Refusal.NOT_POSSIBLE


def test_the_database_itself_keeps_stock_from_falling_below_zero(shop: Shop) -> None:
    with pytest.raises(IntegrityError):
        shop.do(lambda c: c.execute(text("UPDATE stock SET remaining = -1 WHERE ware = 'rice'")))


def test_stock_is_not_taken_below_zero_by_hand_either(shop: Shop) -> None:
    less = refusal(lambda: shop.do(lambda c: stock_up(c, "rice", "centre", -4, shop.now)))
    assert less is Refusal.NOT_POSSIBLE
    assert shop.do(lambda c: stock_up(c, "rice", "north", 5, shop.now)) == 5


def test_goods_are_never_open_all_year(shop: Shop) -> None:
    oil = Ware("oil", "village", GOOD, "油", 30, all_year=True)
    assert refusal(lambda: shop.do(lambda c: add_ware(c, oil))) is Refusal.NOT_POSSIBLE
