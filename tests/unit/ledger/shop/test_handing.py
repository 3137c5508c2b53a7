"""What was paid for is handed out by staff, once, or given back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.shop.handing import Order, find_order, hand_out, waiting
from linli.ledger.shop.leases import grant
from linli.ledger.shop.redeeming import refund
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import handed_out
from linli.ledger.shop.spending import Outcome
from linli.ledger.shop.spends import Spent, spend, undo_spend
from tests.unit.ledger.shop.counter import Shop
from tests.unit.ledger.tampering import tamper


def refusal(of: Callable[[], object]) -> Refusal:
    with pytest.raises(ShopError) as caught:
        of()
    return caught.value.refusal


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The terminal may spend 90 of a1's points; three bags of rice are on the shelf."""
    shop.do(lambda c: grant(c, "t1", "a1", "l1", 90, shop.now))
    return shop


def sold(shop: Shop, seq: int = 1, pieces: int = 1, ware: str | None = "rice") -> Spent:
    what = (30 * pieces, "大米", shop.now, ware, pieces)
    return shop.do(lambda c: spend(c, "t1", seq, "a1.l1", *what))


def orders(shop: Shop, *accounts: str) -> list[Order]:
    return shop.do(lambda c: waiting(c, ["centre"], accounts or None))


def given(shop: Shop, order: str, by: str = "王红") -> Order:
    return shop.do(lambda c: hand_out(c, order, by, shop.now))


def undone(shop: Shop, seq: int = 1, request: str = "u1") -> int:
    return shop.do(lambda c: undo_spend(c, "t1", seq, request, "没货", shop.now))


def test_what_was_redeemed_or_spent_waits_until_it_is_handed_out(shop: Shop) -> None:
    shop.redeem("a2", "r1", "rice")
    sold(shop)
    assert {o.id for o in orders(shop)} == {"redeem.a2.r1", "spend.t1.1"}
    assert [o.id for o in orders(shop, "a1")] == ["spend.t1.1"]
    handed = given(shop, "spend.t1.1")
    assert (handed.handed_at, handed.handed_by) == (shop.now, "王红")
    assert [o.id for o in orders(shop)] == ["redeem.a2.r1"]
    assert verify(shop.engine) is None


def test_a_thing_is_handed_out_once_whoever_presses_again(shop: Shop) -> None:
    sold(shop)
    first = given(shop, "spend.t1.1")
    assert given(shop, "spend.t1.1", "李强") == first


def test_handed_out_four_times_at_once_it_is_once(shop: Shop) -> None:
    shop.redeem("a2", "r1", "rice")
    answers = shop.at_once(lambda c, n: hand_out(c, "redeem.a2.r1", f"clerk{n}", shop.now))
    assert answers == [answers[0]] * 4
    assert len(shop.village.rows(handed_out)) == 1


def test_what_was_given_back_is_not_handed_out(shop: Shop) -> None:
    made = shop.redeem("a2", "r1", "rice")
    sold(shop)
    shop.do(lambda c: refund(c, made.id, "back", "不要了", shop.now))
    undone(shop)
    for order in ("redeem.a2.r1", "spend.t1.1"):
        assert refusal(lambda order=order: given(shop, order)) is Refusal.NOT_POSSIBLE
    assert orders(shop) == []


@pytest.mark.parametrize("order", ["redeem.a9.r9", "spend.t1.77", "spend.t1.x", "lease.a1.l1", ""])
def test_what_nobody_paid_for_is_not_handed_out(shop: Shop, order: str) -> None:
    assert refusal(lambda: given(shop, order)) is Refusal.NOT_POSSIBLE


def test_a_voucher_is_no_thing_to_hand_out(shop: Shop) -> None:
    made = shop.issue("a2", "r1")
    assert shop.do(lambda c: find_order(c, f"redeem.{made.id}")) is None


def test_what_a_terminal_sold_leaves_the_shelf(shop: Shop) -> None:
    assert sold(shop, pieces=2) == Spent(Outcome.APPLIED, 60)
    assert shop.left() == 1
    assert sold(shop, pieces=2) == Spent(Outcome.APPLIED, 60)
    assert shop.left() == 1


def test_the_shelf_is_never_below_nothing_and_what_lacks_is_counted(shop: Shop) -> None:
    shop.redeem("a2", "r1", "rice")
    assert sold(shop, pieces=3) == Spent(Outcome.APPLIED, 90, missing=1)
    assert sold(shop, pieces=3) == Spent(Outcome.APPLIED, 90, missing=1)
    assert shop.left() == 0
    assert [(o.pieces, o.missing) for o in orders(shop, "a1")] == [(3, 1)]
    assert verify(shop.engine) is None


def test_a_service_lacks_nothing(shop: Shop) -> None:
    assert sold(shop, ware="haircut").missing == 0
    assert shop.left("haircut") is None


def test_what_could_not_be_served_is_given_back_once(shop: Shop) -> None:
    shop.redeem("a2", "r1", "rice")
    sold(shop, pieces=3)
    assert undone(shop) == undone(shop) == 90
    assert refusal(lambda: undone(shop, request="u2")) is Refusal.REFUNDED
    assert (shop.balance("a1:redeemable"), shop.left()) == (100, 2)
    assert verify(shop.engine) is None


def test_what_was_never_spent_is_not_given_back(shop: Shop) -> None:
    assert refusal(lambda: undone(shop)) is Refusal.NOT_POSSIBLE


def test_something_handed_out_that_is_no_order_is_named(shop: Shop) -> None:
    sold(shop)
    given(shop, "spend.t1.1")
    tamper(shop.engine, "UPDATE handed_out SET transfer = 'lease.a1.l1'")
    assert str(verify(shop.engine)).startswith("handed out lease.a1.l1")
