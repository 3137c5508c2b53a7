"""`verify` finds what was changed in the shop behind the ledger's back, and names it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from linli.ledger.audit.verify import verify
from linli.ledger.shop.leases import grant, retire_terminal, take_back
from linli.ledger.shop.redeeming import refund
from linli.ledger.shop.spends import spend
from linli.ledger.shop.vouchers import expire, refund_voucher
from tests.unit.ledger.shop.counter import Shop
from tests.unit.ledger.tampering import tamper

FORGED = (
    "INSERT INTO transfer (id, debit, credit, points, state, made_at, decided_at, reason)"
    " VALUES ('{}', '{}', '{}', 5, 'posted', '2026-11-24T01:00:00.000000+00:00',"
    " '2026-11-24T01:00:00.000000+00:00', '')"
)
CORRUPTIONS = [
    (FORGED.format("redeem.a1.r99", "a1:redeemable", "goods:centre"), "transfer redeem.a1.r99"),
    (FORGED.format("refund.a1.r1", "goods:centre", "a1:redeemable"), "transfer refund.a1.r1"),
    (FORGED.format("spend.t1.77", "lease:t1:a1", "goods:centre"), "transfer spend.t1.77"),
    (FORGED.format("seal.x", "goods:centre", "a1:redeemable"), "transfer seal.x"),
    (FORGED.format("opening.x", "merchant:bakery", "a1:redeemable"), "transfer opening.x"),
    ("UPDATE transfer SET points = 1 WHERE id = 'redeem.a1.r1'", "transfer redeem.a1.r1"),
    ("UPDATE transfer SET points = 1 WHERE id = 'spend.t1.1'", "transfer spend.t1.1"),
    (
        "UPDATE transfer SET credit = 'goods:north' WHERE id = 'redeem.a1.r1'",
        "transfer redeem.a1.r1, credit",
    ),
    ("UPDATE transfer SET state = 'voided' WHERE id = 'lease.a1.l1'", "transfer lease.a1.l1"),
    ("DELETE FROM transfer WHERE id = 'return.a1.l1'", "transfer return.a1.l1"),
    (
        "UPDATE transfer SET deed = 'x' WHERE id = 'redeem.a1.r1'",
        "transfer redeem.a1.r1",
    ),
    ("UPDATE redemption SET points = 1 WHERE id = 'a1.r1'", "transfer redeem.a1.r1"),
    ("UPDATE redemption SET holder = 'a2' WHERE id = 'a1.r1'", "transfer redeem.a1.r1"),
    (
        "UPDATE redemption SET refunded_at = NULL, refund_reason = NULL WHERE id = 'a1.r2'",
        "transfer refund.a1.r2",
    ),
    (
        "UPDATE redemption SET refunded_at = made_at, refund_reason = 'x' WHERE id = 'a1.r1'",
        "transfer refund.a1.r1",
    ),
    ("UPDATE redemption SET centre = 'north' WHERE id = 'a1.r1'", "redemption a1.r1, credit"),
    ("DELETE FROM redemption WHERE id = 'a1.r1'", "transfer redeem.a1.r1"),
    ("DELETE FROM voucher WHERE redemption = 'a1.v1'", "redemption a1.v1, voucher"),
    ("UPDATE voucher SET merchant = 'books' WHERE redemption = 'a1.v1'", "voucher a1.v1, merchant"),
    (
        "UPDATE voucher SET state = 'refunded', used_at = NULL, used_request = NULL"
        " WHERE redemption = 'a1.v1'",
        "voucher a1.v1, state",
    ),
    ("UPDATE voucher SET state = 'issued' WHERE redemption = 'a1.v2'", "voucher a1.v2, state"),
    ("UPDATE voucher SET state = 'refunded' WHERE redemption = 'a2.v1'", "voucher a2.v1, state"),
    (
        "UPDATE voucher SET used_at = '2027-11-24T01:00:00.000000+00:00'"
        " WHERE redemption = 'a1.v1'",
        "voucher a1.v1, used",
    ),
    ("UPDATE voucher SET code = 'AAAAAAAAAAAB' WHERE redemption = 'a1.v1'", "voucher a1.v1, code"),
    ("UPDATE lease SET points = 20 WHERE id = 'a1.l1'", "transfer lease.a1.l1"),
    ("UPDATE lease SET spent = 11 WHERE id = 'a1.l1'", "lease a1.l1, spent"),
    ("UPDATE lease SET told = 1 WHERE id = 'a1.l1'", "lease a1.l1, returned"),
    ("UPDATE lease SET terminal = 't9' WHERE id = 'a1.l1'", "lease a1.l1, terminal"),
    ("UPDATE lease SET closed_at = NULL WHERE id = 'a1.l1'", "lease a1.l1, ended"),
    ("DELETE FROM retired_terminal", "lease a1.l1, retired"),
    ("DELETE FROM lease_spend WHERE seq = 1", "transfer spend.t1.1"),
    ("DELETE FROM lease_spend WHERE taken = 0", None),
    ("UPDATE lease_spend SET what = '黄金' WHERE seq = 1", "spend t1/1, digest"),
    ("UPDATE account SET system = true WHERE id = 'lease:t1:a1'", "account lease:t1:a1"),
    ("UPDATE account SET posted = posted + 1 WHERE id = 'goods:centre'", "account goods:centre"),
]


@pytest.fixture
def lived_in(shop: Shop) -> Shop:
    """Everything that can happen in the shop has happened once."""
    for request in ("r1", "r2"):
        shop.redeem("a1", request, "haircut")
    shop.do(lambda c: refund(c, "a1.r2", "back", "坏了", shop.now))
    used, _ = shop.issue("a1", "v1"), shop.issue("a1", "v2")
    shop.issue("a2", "v1")
    shop.use(used.code)
    shop.do(lambda c: refund_voucher(c, "a1.v2", "back", "不要了", shop.now))
    shop.do(lambda c: expire(c, used.expires_at))
    shop.do(lambda c: grant(c, "t1", "a1", "l1", 30, shop.now))
    shop.do(lambda c: grant(c, "t1", "a2", "l1", 20, shop.now))
    shop.do(lambda c: spend(c, "t1", 1, "a1.l1", 10, "盐", shop.now))
    shop.do(lambda c: take_back(c, "t1", 2, "a1.l1", 15, shop.now))
    shop.do(lambda c: spend(c, "t1", 3, "a1.l1", 5, "盐", shop.now))
    shop.do(lambda c: retire_terminal(c, "t1", "王主任", "坏了", shop.now))
    shop.do(lambda c: spend(c, "t1", 4, "a2.l1", 5, "盐", shop.now))
    return shop


def test_a_shop_that_was_lived_in_is_sound(lived_in: Shop) -> None:
    assert verify(lived_in.engine) is None


@pytest.mark.parametrize(("change", "named"), CORRUPTIONS)
def test_a_row_of_the_shop_that_was_changed_is_named(
    lived_in: Shop, change: str, named: str | None
) -> None:
    tamper(lived_in.engine, change)
    difference = verify(lived_in.engine)
    if named is None:
        assert difference is None
    else:
        assert difference is not None
        assert str(difference).startswith(named)


def test_points_at_two_terminals_are_named(shop: Shop) -> None:
    shop.do(lambda c: grant(c, "t1", "a1", "l1", 30, shop.now))
    with shop.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO terminal (name, kind, public_key, scope, centre, watermark,"
                " registered_at) SELECT 't2', kind, public_key, scope, centre, watermark,"
                " registered_at FROM terminal"
            )
        )
    shop.do(lambda c: grant(c, "t2", "a2", "l1", 30, shop.now))
    tamper(
        shop.engine,
        "UPDATE lease SET holder = 'a1', id = 'a1.l2' WHERE id = 'a2.l1'",
        "UPDATE transfer SET id = 'lease.a1.l2', debit = 'a1:redeemable',"
        " credit = 'lease:t2:a1' WHERE id = 'lease.a2.l1'",
        "UPDATE account SET id = 'lease:t2:a1', holder = 'a1' WHERE id = 'lease:t2:a2'",
    )
    assert str(verify(shop.engine)).startswith("leases of a1: the ledger has at t1, t2")
