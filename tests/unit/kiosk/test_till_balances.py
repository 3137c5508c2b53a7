"""What the till tells a visit: what was paid, and what is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import cast

import pytest
from doubles.centre import at, card, holder

from linli.kiosk.flows.identify import Known
from linli.kiosk.flows.shop_views import Ending, Redeemed, WareCard, WareKind
from linli.kiosk.redeeming import progress as steps
from linli.kiosk.redeeming.dispenser import Dispenser
from linli.kiosk.redeeming.dispensing import Wanted
from linli.kiosk.visits.desk import Progress
from linli.kiosk.visits.till import DispenserTill
from linli.kiosk.visits.visitor import Visitor
from linli.sync.asks import Tapped
from linli.sync.messages import Trust

TOWEL = WareCard("towel", "毛巾两条", WareKind.GOOD, 15, 3, "", door=2)
STALE = 265
"""The balance while the feed has not told what was paid."""


class HandDispenser:
    def __init__(self) -> None:
        self.tell: Callable[[steps.Progress], None] = lambda _: None
        self.request = ""
        self.codes: tuple[steps.Voucher, ...] = ()
        self.noted: list[str] = []

    def voucher_shown(self, request: str) -> None:
        self.noted.append(request)

    def redeem(self, wanted: Wanted, tell: steps.Tell, _pin: str | None = None) -> None:
        self.request, self.tell = wanted.request, tell

    def balance(self, _: str) -> int:
        return STALE

    def vouchers(self, _: Tapped) -> tuple[steps.Voucher, ...]:
        return self.codes


class Stand:
    def __init__(self) -> None:
        self.dispenser = HandDispenser()
        self.till = DispenserTill(cast(Dispenser, self.dispenser), None)
        known = Known(card("c-1", b"\x04dynami", "r-1"), Trust.HIGH, "reader-1", 1)
        self.visitor = Visitor(known, holder("r-1"), "t-1")
        self.told: list[Progress] = []
        self.till.redeem(self.visitor, TOWEL, None, self.told.append)

    def ended(self) -> Redeemed:
        ended = self.told[-1].ended
        assert ended is not None
        return ended


@pytest.fixture
def stand() -> Stand:
    return Stand()


def bread(request: str, left: int | None) -> steps.Voucher:
    until = at("00:00") + dt.timedelta(days=30)
    return steps.Voucher(request, "面包", 10, "7KQ4", "面包房", until, at("12:00"), left)


@pytest.mark.parametrize("away", [steps.Away.JAM, steps.Away.NO_ANSWER])
def test_a_door_that_did_not_open_says_how_many_points_are_back(
    stand: Stand, away: steps.Away
) -> None:
    stand.dispenser.tell(steps.CameBack(stand.dispenser.request, away, left=280))
    ended = stand.ended()
    assert (ended.ending, ended.points, ended.left) == (Ending.CAME_BACK, 15, 280)


def test_a_voucher_says_what_is_left_before_the_feed_has_told_it(stand: Stand) -> None:
    stand.dispenser.tell(bread(stand.dispenser.request, 255))
    assert stand.ended().left == 255


def test_a_code_that_was_shown_again_is_noted_as_shown(stand: Stand) -> None:
    stand.dispenser.codes = (bread("q-0", 255),)
    stand.till.shown(stand.visitor, "another")
    stand.till.shown(stand.visitor, "7KQ4")
    assert stand.dispenser.noted == ["q-0"]


def test_a_voucher_that_is_shown_again_says_what_is_left_now(stand: Stand) -> None:
    stand.dispenser.codes = (bread("q-0", 255),)
    (shown,) = stand.till.vouchers(stand.visitor)
    assert shown.left == STALE
