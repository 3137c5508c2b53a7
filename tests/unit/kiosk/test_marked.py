"""What marks say of a screen: how it ended, and nothing of who stands there or what was typed."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.kiosk.flows import views
from linli.kiosk.flows.marked import said
from linli.kiosk.flows.shop_views import Ending, Redeemed, Slip
from linli.kiosk.flows.visit_views import Hindered, Hindrance, Pad, PadFor, PadTrouble, Points

CODE = "7KQ4M2XA90TB"


@pytest.mark.parametrize(
    ("view", "word"),
    [
        (views.Refused(views.Trouble.BLOCKED_CARD, name="王*"), "blocked_card"),
        (Hindered(Hindrance.LEASE_TOO_SMALL, "王*", 15), "lease-too-small"),
        (Pad(PadFor.PIN, 6, 6, True, 2, PadTrouble.WRONG, 4), "pin wrong"),
        (Points("王*", 120, 10, 0, (), dt.date(2026, 10, 1), 10, 1, ()), "2026-10"),
        (views.Home("阳光社区邻里中心"), ""),
    ],
)
def test_a_mark_tells_screens_of_one_kind_apart(view: views.View, word: str) -> None:
    assert said(view) == word


def test_a_mark_never_holds_a_voucher_s_code_or_a_name() -> None:
    view = Redeemed("王*", "面包", 10, 5, Ending.VOUCHER, Slip.PRINTED, "面包房", None, CODE)
    assert said(view) == "voucher printed"
