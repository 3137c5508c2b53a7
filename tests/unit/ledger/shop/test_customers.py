"""Who was merged, left or is forgotten: nobody redeems twice, and no point is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from linli.ledger.people.access_log import Staff
from linli.ledger.people.checks import NewOrg
from linli.ledger.people.erasing import erase
from linli.ledger.people.leaving import leave
from linli.ledger.people.merging import merge
from linli.ledger.people.moving import move
from linli.ledger.people.tree import add_orgs
from linli.ledger.shop.leases import grant, retire_terminal, take_back
from linli.ledger.shop.merchants import add_offer
from linli.ledger.shop.redeeming import redeem, refund
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.schema import lease
from linli.ledger.shop.spends import spend
from linli.ledger.shop.using import rate
from linli.ledger.shop.vouchers import expire, refund_voucher
from tests.unit.ledger.shop.counter import BREAD, Shop

CLERK = Staff("王红", "clerk")


def refusal(of: Callable[[], object]) -> Refusal:
    with pytest.raises(ShopError) as caught:
        of()
    return caught.value.refusal


def join(shop: Shop, loser: str = "a1", winner: str = "a2") -> None:
    """a1's 100 points and a2's 50 are a2's."""
    shop.do(lambda c: merge(c, loser, winner, shop.now))


def gone(shop: Shop, who: str = "a1") -> None:
    shop.do(lambda c: leave(c, who, shop.now))


def forgotten(shop: Shop, who: str = "a1") -> None:
    shop.do(lambda c: erase(c, who, CLERK, "本人要求", shop.now))


def granted(shop: Shop, who: str = "a1", points: int = 40) -> None:
    shop.do(lambda c: grant(c, "t1", who, "l1", points, shop.now))


def recalled(shop: Shop) -> dict[str, bool]:
    return {row.id: row.recalled_at is not None for row in shop.village.rows(lease)}


# --- merged ----------------------------------------------------------------------------------


def test_under_the_old_number_the_bearers_points_are_redeemed(shop: Shop) -> None:
    join(shop)
    made = shop.redeem("a1", "r1", "rice", pieces=3)
    assert (made.id, made.holder) == ("a1.r1", "a2")
    assert (shop.balance("a1:redeemable"), shop.balance("a2:redeemable")) == (0, 60)
    assert shop.is_sound()


def test_a_request_from_before_the_merge_is_answered_as_before(shop: Shop) -> None:
    made = shop.redeem("a1", "r1", "rice")
    voucher = shop.issue("a1", "r2")
    join(shop)
    assert shop.redeem("a1", "r1", "rice") == made
    assert shop.issue("a1", "r2") == voucher
    assert shop.balance("a2:redeemable") == 110


def test_what_was_redeemed_before_the_merge_is_refunded_to_the_bearer(shop: Shop) -> None:
    goods, voucher = shop.redeem("a1", "r1", "rice"), shop.issue("a1", "r2")
    join(shop)
    shop.do(lambda c: refund(c, goods.id, "back", "坏了", shop.now))
    shop.do(lambda c: refund_voucher(c, voucher.id, "back", "不要了", shop.now))
    assert (shop.balance("a1:redeemable"), shop.balance("a2:redeemable")) == (0, 150)
    assert shop.is_sound()


def test_a_voucher_that_expires_after_two_merges_gives_its_points_to_the_last(shop: Shop) -> None:
    voucher = shop.issue("a1", "r1")
    join(shop)
    join(shop, "a2", "a3")
    shop.now = voucher.expires_at
    assert shop.do(lambda c: expire(c, shop.now)) == [voucher.id]
    assert shop.balance("a3:redeemable") == 160
    assert shop.is_sound()


def test_a_voucher_is_used_and_rated_after_the_merge(shop: Shop) -> None:
    voucher = shop.issue("a1", "r1")
    join(shop)
    shop.use(voucher.code)
    shop.do(lambda c: rate(c, "a2", voucher.id, 5))
    assert refusal(lambda: shop.do(lambda c: rate(c, "a3", voucher.id, 5))) is Refusal.NOT_POSSIBLE


def test_two_numbers_have_one_quota(shop: Shop) -> None:
    shop.do(lambda c: add_offer(c, replace(BREAD, id="cake", per_person=2, in_all=None), shop.now))
    shop.issue("a1", "r1", "cake")
    shop.issue("a2", "r1", "cake")
    join(shop)
    assert refusal(lambda: shop.issue("a2", "r2", "cake")) is Refusal.QUOTA


def test_a_lease_from_before_the_merge_comes_back_to_the_bearer(shop: Shop) -> None:
    granted(shop)
    join(shop)
    assert recalled(shop) == {"a1.l1": True}
    shop.do(lambda c: spend(c, "t1", 1, "a1.l1", 15, "大米", shop.now))
    shop.do(lambda c: take_back(c, "t1", 2, "a1.l1", 25, shop.now))
    assert (shop.balance("a1:redeemable"), shop.balance("lease:t1:a1")) == (0, 0)
    assert shop.balance("a2:redeemable") == 135
    assert shop.is_sound()


def test_a_retired_terminal_gives_a_merged_accounts_points_to_the_bearer(shop: Shop) -> None:
    granted(shop)
    join(shop)
    shop.do(lambda c: retire_terminal(c, "t1", "王主任", "坏了", shop.now))
    assert shop.balance("a2:redeemable") == 150
    assert shop.is_sound()


def test_merging_while_redeeming_does_not_wait_in_a_circle(shop: Shop) -> None:
    def one(c: Connection, n: int) -> object:
        if n == 0:
            return merge(c, "a1", "a2", shop.now)
        return redeem(c, "a1", f"r{n}", "haircut", "centre", shop.now)

    answers = shop.at_once(one)
    assert not [a for a in answers if isinstance(a, Exception)]
    assert shop.balance("a2:redeemable") == 150 - 3 * 20
    assert shop.is_sound()


# --- gone ------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [gone, forgotten])
def test_a_closed_account_redeems_nothing_any_more(shop: Shop, end: Callable[[Shop], None]) -> None:
    before = shop.redeem("a1", "r1", "rice")
    end(shop)
    assert refusal(lambda: shop.redeem("a1", "r2", "haircut")) is Refusal.ACCOUNT_CLOSED
    assert refusal(lambda: shop.issue("a1", "r3")) is Refusal.ACCOUNT_CLOSED
    assert refusal(lambda: granted(shop)) is Refusal.ACCOUNT_CLOSED
    assert shop.redeem("a1", "r1", "rice") == before


@pytest.mark.parametrize("end", [gone, forgotten])
def test_a_voucher_that_somebody_holds_stays_good_when_they_go(
    shop: Shop, end: Callable[[Shop], None]
) -> None:
    used, late = shop.issue("a1", "r1"), shop.issue("a1", "r2")
    end(shop)
    shop.use(used.code)
    shop.now = late.expires_at
    shop.do(lambda c: expire(c, shop.now))
    assert shop.balance("a1:redeemable") == 90
    assert shop.is_sound()


@pytest.mark.parametrize("end", [gone, forgotten])
def test_points_at_a_terminal_are_asked_back_when_their_holder_goes(
    shop: Shop, end: Callable[[Shop], None]
) -> None:
    granted(shop)
    end(shop)
    assert recalled(shop) == {"a1.l1": True}
    shop.do(lambda c: take_back(c, "t1", 1, "a1.l1", 40, shop.now))
    assert (shop.balance("a1:redeemable"), shop.balance("lease:t1:a1")) == (100, 0)
    assert shop.is_sound()


def test_who_moves_to_another_community_takes_points_and_vouchers_along(shop: Shop) -> None:
    granted(shop)
    voucher = shop.issue("a1", "r1")

    def away(c: Connection) -> bool:
        other = [
            NewOrg("hupan", "street", "community", "湖畔社区"),
            NewOrg("h1", "hupan", "building", "1号楼"),
        ]
        add_orgs(c, other, shop.now)
        return move(c, "a1", "h1", shop.now)

    assert shop.do(away)
    assert recalled(shop) == {"a1.l1": True}
    assert refusal(lambda: shop.issue("a1", "r2")) is Refusal.NOT_POSSIBLE
    shop.use(voucher.code)
    shop.do(lambda c: take_back(c, "t1", 1, "a1.l1", 40, shop.now))
    assert shop.balance("a1:redeemable") == 90
    assert shop.is_sound()
