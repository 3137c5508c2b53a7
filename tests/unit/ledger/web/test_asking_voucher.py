"""A voucher before a terminal's scanner: good, used or over, and nothing of whose it is."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.asks.looking import look_at_voucher
from linli.ledger.database import reading
from linli.sync.asks import AskRedeem, AskVoucher, Declined, Redeemed, VoucherSeen
from tests.unit.ledger.web.asker import Asker
from tests.unit.ledger.web.site import VillageSite


@pytest.fixture
def asker(site: VillageSite) -> Asker:
    return Asker(site)


@pytest.fixture
def bought(asker: Asker) -> Redeemed:
    made = asker.ask(AskRedeem(who=asker.tap("a1"), request="v1", offer="bread"))
    assert isinstance(made, Redeemed)
    return made


def test_a_good_voucher_is_told_with_its_shop_and_day(asker: Asker, bought: Redeemed) -> None:
    seen = asker.ask(AskVoucher(code=bought.code.lower()))
    assert bought.until is not None
    assert seen == VoucherSeen(
        state="issued", title="满20减5", merchant="阳光面包", until=bought.until
    )


def test_a_used_one_is_told_as_used(asker: Asker, bought: Redeemed) -> None:
    asker.shop.use(bought.code)
    seen = asker.ask(AskVoucher(code=bought.code))
    assert isinstance(seen, VoucherSeen)
    assert seen.state == "used"


def test_one_whose_time_is_over_is_told_so_before_the_ledger_has_ended_it(
    asker: Asker, bought: Redeemed
) -> None:
    assert bought.until is not None
    later = bought.until + dt.timedelta(seconds=1)
    with reading(asker.engine) as connection:
        seen = look_at_voucher(connection, AskVoucher(code=bought.code), later)
    assert seen.state == "expired"


@pytest.mark.parametrize("code", ["000000000000", "7KQ4M2XA90TC"])
def test_a_code_that_was_never_issued_is_not_there(asker: Asker, code: str) -> None:
    assert asker.ask(AskVoucher(code=code)) == Declined(reason="not-there")
