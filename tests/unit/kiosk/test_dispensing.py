"""What becomes of what somebody confirmed: it is out and paid, or neither, or staff look."""

from __future__ import annotations

import pytest
from doubles.dispensing import Stand
from doubles.redeeming import HAIRCUT, SOAP, WHO, nonce_of
from msgspec.structs import replace as with_

from linli.kiosk.redeeming.progress import (
    Away,
    CameBack,
    OpenDoor,
    Out,
    Paying,
    Printed,
    Receipt,
    Silent,
    TakeIt,
    Trouble,
)
from linli.kiosk.redeeming.question import AGE_S, PRESENT_S
from linli.kiosk.redeeming.redemption import State, Thing
from linli.kiosk.redeeming.way import Hindrance
from linli.sync.asks import AskRedeem
from linli.sync.messages import Trust

RICE = Thing("大米", 60, ware="rice", door=1)
BY_COPY = with_(WHO, trust=Trust.LOW)


def test_the_ledger_is_paid_and_the_door_opens(stand: Stand) -> None:
    request = stand.want(SOAP)
    assert stand.told == [Paying(request)]
    assert stand.locker is not None
    assert stand.locker.opened == []
    stand.wire.answer()
    assert stand.told[1:] == [
        OpenDoor(request, 3),
        TakeIt(request, 3),
        Receipt(request, Printed.PRINTED),
        Out(request, "soap", 20, 80),
    ]
    assert stand.locker.opened == [(3, nonce_of(1))]
    assert (stand.find(request).state, stand.events()) == (State.OUT, ["delivered"])
    assert not stand.dispensing.busy


def test_what_is_left_counts_the_points_that_a_lease_here_holds(stand: Stand) -> None:
    stand.lease(30)
    request = stand.want(RICE, pin="123456")
    stand.wire.answer()
    assert stand.told[-1] == Out(request, "rice", 60, 40)
    assert stand.printer.slips[-1].left == 40


def test_the_request_is_on_the_disk_before_it_is_sent(stand: Stand) -> None:
    request = stand.want(SOAP)
    assert stand.find(request).state is State.ASKED
    (ask,) = stand.wire.asked
    assert isinstance(ask, AskRedeem)
    assert (ask.request, ask.who, ask.ware, ask.door) == (request, WHO, "soap", 3)


def test_a_second_touch_is_the_same_request(stand: Stand) -> None:
    request = stand.want(SOAP)
    stand.want(SOAP, request=request)
    stand.wire.answer()
    stand.want(SOAP, request=request)
    assert len(stand.wire.asked) == 1
    assert stand.ledger.taken("r-1") == 20


def test_a_refusal_is_told_with_its_reason_and_nothing_is_sent(stand: Stand) -> None:
    stand.ledger.sold_out.add("soap")
    request = stand.want(SOAP)
    stand.wire.answer()
    assert stand.told[-1] == CameBack(request, "sold-out")
    assert (stand.find(request).state, stand.find(request).reason) == (State.DECLINED, "sold-out")
    assert stand.events() == []


def test_a_wrong_pin_is_told_with_the_tries_that_are_left(stand: Stand) -> None:
    request = stand.want(RICE, pin="000000")
    stand.wire.answer()
    assert stand.told[-1] == CameBack(request, "pin-wrong", tries=4)


def test_the_right_pin_pays_and_is_kept_nowhere(stand: Stand) -> None:
    stand.want(RICE, pin="123456")
    stand.wire.answer()
    assert isinstance(stand.told[-1], Out)
    stand.drawer.database.fold()
    for file in stand.path.parent.iterdir():
        assert b"123456" not in file.read_bytes()


@pytest.mark.parametrize("who", [WHO, BY_COPY])
def test_what_needs_a_pin_is_not_asked_without_one(stand: Stand, who: object) -> None:
    request = stand.want(RICE, who=who)  # type: ignore[arg-type]
    assert stand.told == [CameBack(request, Hindrance.PIN_NEEDED)]
    assert stand.wire.asked == []


def test_a_jam_gives_the_points_back(stand: Stand) -> None:
    assert stand.locker is not None
    stand.locker.jammed.add(3)
    request = stand.want(SOAP)
    stand.wire.answer()
    assert stand.told[-1] == CameBack(request, Away.JAM, left=100)
    ((_, data),) = stand.drawer.events()
    assert (data["reason"], data["order"]) == ("jam", f"redeem.r-1.{request}")
    stand.sync()
    assert (stand.ledger.taken("r-1"), stand.find(request).state) == (0, State.BACK)


def test_a_locker_that_surely_did_nothing_gives_the_points_back(stand: Stand) -> None:
    assert stand.locker is not None
    stand.locker.away = True
    request = stand.want(SOAP)
    stand.wire.answer()
    assert stand.told[-1] == CameBack(request, Away.NO_ANSWER, left=100)
    stand.sync()
    assert stand.ledger.taken("r-1") == 0


def test_a_lost_answer_is_asked_again_under_the_same_request(stand: Stand) -> None:
    request = stand.want(SOAP)
    stand.wire.lose_answer()
    stand.pass_(2)
    stand.wire.answer()
    assert {ask.request for ask in stand.wire.asked if isinstance(ask, AskRedeem)} == {request}
    assert len(stand.wire.asked) == 2
    assert (stand.ledger.taken("r-1"), stand.find(request).state) == (20, State.OUT)


def test_the_pin_goes_with_every_ask_while_the_person_is_there(stand: Stand) -> None:
    stand.want(RICE, pin="123456")
    stand.wire.lose_ask()
    stand.pass_(2)
    stand.wire.answer()
    assert isinstance(stand.told[-1], Out)


def test_asks_are_spaced_out(stand: Stand) -> None:
    stand.want(SOAP)
    for _ in range(600):
        if stand.wire.sent:
            stand.wire.lose_ask()
        stand.pass_(1)
    assert 10 <= len(stand.wire.asked) <= 25


def test_a_network_that_is_gone_before_anything_was_heard_ends_it_at_once(stand: Stand) -> None:
    request = stand.want(SOAP)
    stand.online = False
    stand.wire.lose_ask(heard=False)
    stand.pass_(2)
    assert stand.told[-1] == CameBack(request, Trouble.NOT_REACHED)
    assert stand.find(request).state is State.DECLINED


def test_an_answer_that_never_comes_lets_the_person_go_and_is_asked_for_later(
    stand: Stand,
) -> None:
    request = stand.want(SOAP)
    stand.clock.pass_(seconds=PRESENT_S)
    stand.wire.lose_answer()
    assert stand.told[-1] == Silent(request, keeps=False)
    told = list(stand.told)
    stand.pass_(60)
    stand.wire.answer()
    assert stand.told == told
    assert stand.locker is not None
    assert stand.locker.commands == []
    stand.sync()
    assert (stand.find(request).state, stand.ledger.taken("r-1")) == (State.BACK, 0)


def test_what_is_given_out_at_the_counter_is_kept_for_who_went_away(stand: Stand) -> None:
    request = stand.want(HAIRCUT)
    stand.clock.pass_(seconds=PRESENT_S)
    stand.wire.lose_answer()
    assert stand.told[-1] == Silent(request, keeps=True)
    stand.pass_(60)
    stand.wire.answer()
    assert (stand.find(request).state, stand.ledger.taken("r-1")) == (State.COUNTER, 10)
    assert stand.printer.slips == []


def test_a_refusal_is_not_believed_while_the_ask_before_may_still_arrive(stand: Stand) -> None:
    request = stand.want(SOAP)
    stand.wire.delay()
    stand.ledger.sold_out.add("soap")
    stand.pass_(2)
    stand.wire.answer()
    assert stand.told[-1] == CameBack(request, "sold-out")
    assert stand.find(request).state is State.ASKED
    stand.ledger.sold_out.clear()
    stand.wire.arrive_late()
    assert stand.ledger.taken("r-1") == 20
    stand.pass_(AGE_S)
    stand.wire.answer()
    stand.sync()
    assert (stand.find(request).state, stand.ledger.taken("r-1")) == (State.BACK, 0)


def test_a_refusal_is_believed_once_nothing_can_arrive_any_more(stand: Stand) -> None:
    stand.ledger.sold_out.add("soap")
    request = stand.want(SOAP)
    stand.wire.lose_ask()
    stand.pass_(2)
    stand.wire.answer()
    stand.pass_(AGE_S)
    stand.wire.answer()
    assert stand.find(request).state is State.DECLINED
    assert len(stand.wire.asked) == 3
