"""Vouchers and receipts: the code is shown to its own card, and paper changes nothing."""

from __future__ import annotations

import pytest
from doubles.dispensing import Stand
from doubles.points_ledger import CODE
from doubles.redeeming import NOODLES, SOAP, WHO
from msgspec.structs import replace as with_

from linli.kiosk.redeeming.progress import (
    Out,
    Printed,
    Receipt,
    Voucher,
)
from linli.kiosk.redeeming.redemption import State
from linli.sync.messages import Trust


def test_a_voucher_shows_its_code_and_prints_it(stand: Stand) -> None:
    request = stand.want(NOODLES)
    stand.wire.answer()
    voucher = stand.told[1]
    assert isinstance(voucher, Voucher)
    assert (voucher.code, voucher.merchant) == (CODE, "老王面馆")
    assert stand.told[2:] == [Receipt(request, Printed.PRINTED)]
    assert stand.printer.slips[0].code == CODE
    assert stand.find(request).shown_at is not None


def test_a_voucher_is_shown_again_to_the_same_card_alone(stand: Stand) -> None:
    stand.want(NOODLES)
    stand.wire.answer()
    assert [v.code for v in stand.dispensing.vouchers(WHO)] == [CODE]
    assert stand.dispensing.vouchers(with_(WHO, card="c-2")) == ()


def test_a_copy_of_the_card_is_shown_no_code(stand: Stand) -> None:
    stand.want(NOODLES)
    stand.wire.answer()
    assert stand.dispensing.vouchers(with_(WHO, trust=Trust.LOW)) == ()


def test_a_voucher_that_was_paid_and_not_shown_is_there_after_a_restart(stand: Stand) -> None:
    request = stand.want(NOODLES)
    stand.wire.lose_answer()
    stand.restart()
    stand.pass_(1)
    stand.wire.answer()
    assert stand.find(request).shown_at is None
    stand.clock.pass_(minutes=60 * 24 * 3)
    stand.dispensing.forget_codes()
    assert [v.code for v in stand.dispensing.vouchers(WHO)] == [CODE]
    stand.dispensing.voucher_shown(request)
    stand.clock.pass_(minutes=60 * 25)
    assert stand.dispensing.vouchers(WHO) == ()


@pytest.mark.parametrize("state", list(Printed))
def test_what_comes_of_a_receipt_changes_nothing_else(stand: Stand, state: Printed) -> None:
    stand.printer.state = state
    request = stand.want(SOAP)
    stand.wire.answer()
    assert Receipt(request, state) in stand.told
    assert isinstance(stand.told[-1], Out)


def test_a_printer_that_breaks_off_is_no_printer(stand: Stand) -> None:
    stand.printer.gone = True
    request = stand.want(SOAP)
    stand.wire.answer()
    assert Receipt(request, Printed.NO_PRINTER) in stand.told
    assert stand.find(request).state is State.OUT
