"""A month that is over is settled once, and nothing comes to it afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from linli.ledger.audit.verify import verify
from linli.ledger.shop.merchants import Merchant, add_merchant
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.settling import Settled, settle_month, settlements
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.shop.counter import Shop
from tests.unit.ledger.tampering import tamper

OVER = dt.datetime(2026, 12, 1, tzinfo=SHANGHAI)


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The bakery took two vouchers in November."""
    for who in ("a1", "a2"):
        shop.use(shop.issue(who, "r1").code, f"till-{who}")
    return shop


def settled(shop: Shop) -> list[Settled]:
    return shop.do(lambda c: settle_month(c, "village", "2026-11", max(shop.now, OVER)))


def test_each_merchant_has_a_settlement(shop: Shop) -> None:
    assert [(s.merchant, s.vouchers, s.points, s.community_fen) for s in settled(shop)] == [
        ("bakery", 2, 20, 600),
        ("books", 0, 0, 0),
    ]
    assert verify(shop.engine) is None


def test_a_month_is_not_settled_before_it_is_over(shop: Shop) -> None:
    early = OVER - dt.timedelta(seconds=1)
    with pytest.raises(ShopError, match="not over yet"):
        shop.do(lambda c: settle_month(c, "village", "2026-11", early))


def test_settling_again_changes_nothing_and_adds_who_came_since(shop: Shop) -> None:
    first = settled(shop)
    assert settled(shop) == first
    shop.do(lambda c: add_merchant(c, Merchant("arts", "village", "画店", "M-003")))
    later = settled(shop)
    assert [s.merchant for s in later] == ["arts", "bakery", "books"]
    assert later[1:] == first


def test_settled_four_times_at_once_it_is_settled_once(shop: Shop) -> None:
    answers = shop.at_once(lambda c, _: settle_month(c, "village", "2026-11", OVER))
    assert answers == [answers[0]] * 4
    assert len(answers[0]) == 2


def test_a_clock_that_was_set_back_adds_nothing_to_a_settled_month(shop: Shop) -> None:
    late = shop.issue("a1", "r2")
    settled(shop)
    with pytest.raises(ShopError, match="have the ledger's clock set") as caught:
        shop.use(late.code, "till-late")
    assert caught.value.refusal is Refusal.SETTLED
    shop.now = OVER
    shop.use(late.code, "till-late")
    assert verify(shop.engine) is None


def test_a_merchants_settlements_are_shown_newest_first(shop: Shop) -> None:
    settled(shop)
    december = dt.datetime(2027, 1, 1, tzinfo=SHANGHAI)
    shop.do(lambda c: settle_month(c, "village", "2026-12", december))
    found = shop.do(lambda c: settlements(c, "bakery"))
    assert [one.month for one in found] == ["2026-12", "2026-11"]


def test_a_settlement_that_was_changed_is_named(shop: Shop) -> None:
    settled(shop)
    tamper(shop.engine, "UPDATE settlement SET community_fen = 60000 WHERE merchant = 'bakery'")
    assert str(verify(shop.engine)).startswith("settlement 2026-11 of bakery")


def test_a_voucher_that_was_slipped_into_a_settled_month_is_named(shop: Shop) -> None:
    late = shop.issue("a1", "r2")
    settled(shop)
    with shop.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE voucher SET state = 'used', used_request = 'x', used_at ="
                f" '2026-11-25T01:00:00.000000+00:00' WHERE redemption = '{late.id}'"
            )
        )
    assert str(verify(shop.engine)).startswith("settlement 2026-11 of bakery")
