"""The till tells a visit what the dispenser does, and leaves a person alone with an open door."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from doubles.centre import KEY, card, holder

from linli.kiosk.flows.identify import Known
from linli.kiosk.flows.phone import modules
from linli.kiosk.flows.shop_views import Ending, Phase, Redeemed, Slip, WareCard, WareKind
from linli.kiosk.redeeming import progress as steps
from linli.kiosk.redeeming.dispenser import Dispenser
from linli.kiosk.redeeming.dispensing import Wanted
from linli.kiosk.redeeming.redemption import Thing
from linli.kiosk.redeeming.way import ByLedger, Cannot, Hindrance, Way
from linli.kiosk.visits.desk import Progress
from linli.kiosk.visits.till import DispenserTill, thing_of
from linli.kiosk.visits.visitor import Visitor
from linli.sync.asks import Tapped
from linli.sync.messages import Trust
from linli.sync.periods import SHANGHAI

URL = "https://points.example"
SOAP = WareCard("soap", "洗衣皂", WareKind.GOOD, 10, 3, "", door=2)
BREAD = WareCard("bread", "面包", WareKind.VOUCHER, 10, None, "", "面包房")
ASKED = "r-1"


@dataclass
class HandDispenser:
    """Takes what is wanted; `tell` is whom it would tell."""

    wanted: list[Wanted] = field(default_factory=list)
    tell: Any = None
    found: Way = field(default_factory=ByLedger)

    def way(self, _thing: Thing, _who: Tapped) -> Way:
        return self.found

    def redeem(self, wanted: Wanted, tell: Any, pin: str | None = None) -> None:
        self.wanted.append(wanted)
        self.tell = tell

    def balance(self, account: str) -> int:
        return 40


@dataclass
class Bought:
    """A redemption under way and all that the visit was told of it."""

    till: DispenserTill
    dispenser: HandDispenser
    told: list[Progress] = field(default_factory=list)

    def hear(self, *happened: steps.Progress) -> None:
        for step in happened:
            self.dispenser.tell(step)

    @property
    def last(self) -> Progress:
        return self.told[-1]

    @property
    def ended(self) -> Redeemed:
        assert self.last.ended is not None
        return self.last.ended


def visitor() -> Visitor:
    known = Known(card("c-1", b"\x04dynami", "a-1", KEY), Trust.HIGH, "reader-1", 7)
    return Visitor(known, holder("a-1"), "trace")


def buying(ware: WareCard) -> Bought:
    dispenser = HandDispenser()
    till = DispenserTill(cast(Dispenser, dispenser), URL)
    bought = Bought(till, dispenser)
    till.redeem(visitor(), ware, None, bought.told.append)
    return bought


def test_a_ware_is_asked_for_as_what_it_is() -> None:
    assert thing_of(SOAP) == Thing("洗衣皂", 10, ware="soap", door=2)
    assert thing_of(BREAD) == Thing("面包", 10, offer="bread")
    assert buying(SOAP).dispenser.wanted[0].thing == thing_of(SOAP)


def test_what_a_pin_would_not_help_is_known_before_it_is_typed() -> None:
    bought = buying(SOAP)
    assert bought.till.obstacle(visitor(), SOAP) is None
    bought.dispenser.found = Cannot(Hindrance.OFFLINE_PIN, 7)
    told = bought.till.obstacle(visitor(), SOAP)
    assert told == Progress("洗衣皂", Phase.PAYING, declined="offline-pin", count=7)


def test_who_takes_something_out_is_left_alone_until_the_door_is_shut() -> None:
    bought = buying(SOAP)
    bought.hear(steps.OpenDoor(ASKED, 2))
    assert (bought.last.phase, bought.last.door) == (Phase.OPENING, 2)
    bought.hear(
        steps.TakeIt(ASKED, 2),
        steps.Receipt(ASKED, steps.Printed.PRINTED),
        steps.Out(ASKED, "洗衣皂", 10, 30),
    )
    assert (bought.last.phase, bought.last.ended) == (Phase.TAKE_IT, None)
    bought.till.door_shut(3)
    assert bought.last.ended is None
    bought.till.door_shut(2)
    assert bought.ended == Redeemed("name of a-1", "洗衣皂", 10, 30, Ending.OUT, Slip.PRINTED)


def test_a_door_that_is_left_open_is_spoken_of() -> None:
    bought = buying(SOAP)
    bought.hear(steps.TakeIt(ASKED, 2), steps.Out(ASKED, "洗衣皂", 10, 30))
    bought.till.door_left_open(2)
    assert (bought.last.phase, bought.last.ended) == (Phase.CLOSE_IT, None)


def test_a_door_that_is_shut_before_the_end_is_known_waits_for_nothing() -> None:
    bought = buying(SOAP)
    bought.hear(steps.TakeIt(ASKED, 2))
    bought.till.door_shut(2)
    bought.hear(steps.Out(ASKED, "洗衣皂", 10, 30))
    assert bought.ended.ending is Ending.OUT


@pytest.mark.parametrize("reason", [steps.Away.JAM, steps.Away.NO_ANSWER])
def test_a_door_that_did_not_open_ends_with_the_points_back(reason: steps.Away) -> None:
    bought = buying(SOAP)
    bought.hear(steps.OpenDoor(ASKED, 2), steps.CameBack(ASKED, reason))
    assert (bought.ended.ending, bought.ended.left) == (Ending.CAME_BACK, 40)


def test_a_refusal_is_passed_on_with_its_numbers() -> None:
    bought = buying(SOAP)
    bought.hear(steps.CameBack(ASKED, "offline-too-few", 7), steps.CameBack(ASKED, "x", 0, 4))
    assert [(p.declined, p.count, p.tries) for p in bought.told] == [
        ("offline-too-few", 7, None),
        ("x", 0, 4),
    ]


def test_a_ledger_that_fell_silent_says_what_becomes_of_it() -> None:
    bought = buying(BREAD)
    bought.hear(steps.Silent(ASKED, keeps=True))
    assert bought.last.declined == "silent-keeps"


def test_a_voucher_is_shown_as_a_code_that_the_merchants_phone_reads() -> None:
    bought = buying(BREAD)
    until = dt.datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI)
    bought.hear(
        steps.Voucher(ASKED, "面包", 10, "7K3M", "面包房", until, until),
        steps.Receipt(ASKED, steps.Printed.NO_PAPER),
    )
    assert bought.ended.picture == modules(f"{URL}/merchant/check?code=7K3M")
    assert (bought.ended.until, bought.ended.slip) == (until.date(), Slip.NO_PAPER)


def test_what_nobody_knows_calls_staff() -> None:
    bought = buying(SOAP)
    bought.hear(steps.OpenDoor(ASKED, 2), steps.StaffCalled(ASKED, steps.Away.UNCLEAR))
    assert bought.ended.ending is Ending.STAFF_CALLED
