"""What becomes of what somebody confirmed: it is out and paid, or neither, or staff look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.dispensing import Stand
from doubles.points_ledger import CODE
from doubles.redeeming import HAIRCUT, NOODLES, SOAP, WHO, nonce_of
from msgspec.structs import replace as with_

from linli.kiosk.redeeming.progress import (
    AtCounter,
    Away,
    CameBack,
    OpenDoor,
    Out,
    Paying,
    Printed,
    Receipt,
    Silent,
    StaffCalled,
    TakeIt,
    Trouble,
    Voucher,
)
from linli.kiosk.redeeming.question import AGE_S, PRESENT_S
from linli.kiosk.redeeming.redemption import State, Thing
from linli.kiosk.redeeming.way import Hindrance
from linli.sync.asks import AskRedeem
from linli.sync.messages import Trust

RICE = Thing("大米", 60, ware="rice", door=1)
BY_COPY = with_(WHO, trust=Trust.LOW)


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    stand = Stand(tmp_path)
    yield stand
    stand.close()


@pytest.fixture
def poor(tmp_path: Path) -> Iterator[Stand]:
    stand = Stand(tmp_path, purse=35)
    yield stand
    stand.close()


# --- the ledger's way ------------------------------------------------------------------------


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


# --- answers that are lost -------------------------------------------------------------------


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


# --- leases ----------------------------------------------------------------------------------


@pytest.mark.parametrize("online", [True, False])
def test_a_lease_pays_with_or_without_the_network(stand: Stand, online: bool) -> None:
    stand.lease(30)
    stand.online = online
    request = stand.want(SOAP)
    assert stand.told[-1] == Out(request, "洗衣液", 20, None)
    assert stand.events() == ["lease-request", "lease-spend", "delivered"]
    assert stand.wire.asked == []
    assert stand.drawer.leases.held("r-1") == 10


def test_a_jam_leaves_the_lease_as_it_was(stand: Stand) -> None:
    assert stand.locker is not None
    stand.lease(30)
    stand.locker.jammed.add(3)
    request = stand.want(SOAP)
    assert stand.told[-1] == CameBack(request, Away.JAM)
    assert stand.drawer.leases.held("r-1") == 30
    assert stand.events() == ["lease-request", "not-delivered"]


def test_without_the_network_it_is_said_how_much_can_be_spent(stand: Stand) -> None:
    stand.lease(12)
    stand.online = False
    request = stand.want(SOAP)
    assert stand.told == [CameBack(request, Hindrance.OFFLINE_TOO_FEW, at_hand=12)]


def test_a_service_from_a_lease_is_spent_at_once_and_staff_give_it_out(stand: Stand) -> None:
    stand.lease(30)
    request = stand.want(HAIRCUT)
    assert stand.told == [
        AtCounter(request, "理发", 10, "spend.t-1.2", None),
        Receipt(request, Printed.PRINTED),
    ]
    assert stand.printer.slips[0].at_counter
    assert stand.events() == ["lease-request", "lease-spend"]


def test_a_lease_that_makes_the_difference_is_given_back_before_the_ledger_is_asked(
    poor: Stand,
) -> None:
    poor.lease(30)
    assert poor.ledger.purses["r-1"] == 5
    request = poor.want(Thing("米", 20, ware="soap", door=3), who=BY_COPY, pin="123456")
    assert poor.find(request).state is State.WAITING
    assert poor.events()[-1] == "lease-return"
    assert poor.wire.asked == []
    poor.pass_(1)
    assert poor.wire.asked == []
    poor.sync()
    poor.pass_(1)
    poor.wire.answer()
    assert (poor.find(request).state, poor.ledger.taken("r-1")) == (State.OUT, 20)


def test_points_that_do_not_come_in_time_leave_the_person_with_all_of_them(poor: Stand) -> None:
    poor.lease(30)
    request = poor.want(SOAP, who=BY_COPY, pin="123456")
    poor.pass_(PRESENT_S)
    assert poor.told[-1] == CameBack(request, Trouble.SLOW)
    assert poor.find(request).state is State.DECLINED
    poor.sync()
    assert poor.ledger.purses["r-1"] == 35


# --- doors that nobody knows of --------------------------------------------------------------


def test_a_lock_board_that_answers_late_is_asked_by_the_nonce(stand: Stand) -> None:
    assert stand.locker is not None
    stand.locker.silent = True
    request = stand.want(SOAP)
    stand.wire.answer()
    assert stand.told[-1] == StaffCalled(request, Away.NO_ANSWER)
    stand.locker.heal()
    stand.pass_(1)
    assert isinstance(stand.told[-1], Out)
    assert len(stand.locker.commands) == 1


def test_a_lock_board_that_never_answers_leaves_it_to_staff(stand: Stand) -> None:
    assert stand.locker is not None
    stand.locker.deaf = True
    request = stand.want(SOAP)
    stand.wire.answer()
    stand.pass_(60)
    assert stand.told[-2] == StaffCalled(request, Away.UNCLEAR)
    stand.sync()
    assert stand.find(request).state is State.UNCLEAR
    assert stand.ledger.for_staff == {f"redeem.r-1.{request}"}
    assert stand.ledger.taken("r-1") == 20


def test_a_lease_pays_for_what_nobody_knows_of_and_staff_are_told(stand: Stand) -> None:
    assert stand.locker is not None
    stand.lease(30)
    stand.locker.silent = True
    request = stand.want(SOAP)
    stand.locker.silent = False
    stand.locker.forget()
    stand.pass_(1)
    assert stand.find(request).state is State.UNCLEAR
    stand.sync()
    assert stand.ledger.for_staff == {"spend.t-1.2"}
    assert stand.drawer.leases.held("r-1") == 10


def test_a_door_is_not_opened_for_two_at_once(stand: Stand) -> None:
    assert stand.locker is not None
    stand.locker.silent = True
    stand.want(SOAP)
    stand.wire.answer()
    request = stand.want(SOAP)
    assert stand.told[-1] == CameBack(request, Trouble.DOOR_BUSY)


def test_a_terminal_without_a_locker_takes_no_points_for_a_door(tmp_path: Path) -> None:
    stand = Stand(tmp_path, locker=False)
    request = stand.want(SOAP)
    assert stand.told == [CameBack(request, Trouble.NO_LOCKER)]
    stand.close()


# --- the disk --------------------------------------------------------------------------------


def broken(stand: Stand, table: str) -> None:
    with stand.drawer.database.writing() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO away_{table}")


def mended(stand: Stand, table: str) -> None:
    with stand.drawer.database.writing() as connection:
        connection.exec_driver_sql(f"ALTER TABLE away_{table} RENAME TO {table}")


def test_what_cannot_be_written_down_is_not_asked_for(stand: Stand) -> None:
    broken(stand, "redemption")
    request = stand.want(SOAP)
    assert stand.told == [CameBack(request, Trouble.NOT_SAVED)]
    assert stand.wire.asked == []


def test_an_answer_that_cannot_be_written_down_is_asked_for_again(stand: Stand) -> None:
    request = stand.want(SOAP)
    broken(stand, "redemption")
    stand.wire.answer()
    assert stand.locker is not None
    assert stand.locker.commands == []
    mended(stand, "redemption")
    stand.pass_(2)
    stand.wire.answer()
    assert (stand.find(request).state, stand.ledger.taken("r-1")) == (State.OUT, 20)


def test_what_came_of_a_door_is_written_down_once_the_disk_is_back(stand: Stand) -> None:
    stand.lease(30)
    broken(stand, "event")
    request = stand.want(SOAP)
    assert stand.told[-1] == StaffCalled(request, Away.NOT_SAVED)
    assert stand.find(request).state is State.OPENING
    mended(stand, "event")
    stand.pass_(1)
    assert stand.find(request).state is State.OUT
    assert stand.locker is not None
    assert len(stand.locker.commands) == 1


# --- restarts --------------------------------------------------------------------------------


def test_after_a_restart_an_ask_is_sent_again_under_its_request_without_a_pin(
    stand: Stand,
) -> None:
    request = stand.want(RICE, pin="123456")
    stand.wire.lose_answer()
    stand.restart()
    stand.pass_(1)
    ask = stand.wire.asked[-1]
    assert isinstance(ask, AskRedeem)
    assert (ask.request, ask.pin) == (request, None)
    stand.wire.answer()
    assert stand.locker is not None
    assert stand.locker.commands == []
    stand.sync()
    assert (stand.find(request).state, stand.ledger.taken("r-1")) == (State.BACK, 0)


def test_after_a_restart_an_ask_that_never_arrived_ends_without_pay(stand: Stand) -> None:
    request = stand.want(RICE, pin="123456")
    stand.restart()
    stand.pass_(1)
    stand.wire.answer()
    stand.pass_(AGE_S)
    stand.wire.answer()
    assert (stand.find(request).state, stand.find(request).reason) == (
        State.DECLINED,
        "pin-needed",
    )


def test_after_a_restart_an_open_door_is_known_by_its_nonce(stand: Stand) -> None:
    assert stand.locker is not None
    stand.locker.silent = True
    request = stand.want(SOAP)
    stand.wire.answer()
    stand.locker.heal()
    stand.restart()
    stand.pass_(1)
    stand.sync()
    assert (stand.find(request).state, stand.told) == (State.OUT, [])
    assert (len(stand.locker.commands), stand.ledger.taken("r-1")) == (1, 20)


def test_after_a_restart_points_that_waited_for_a_return_stay_with_the_person(
    poor: Stand,
) -> None:
    poor.lease(30)
    request = poor.want(SOAP, who=BY_COPY, pin="123456")
    poor.restart()
    assert poor.find(request).state is State.DECLINED
    poor.sync()
    assert poor.ledger.purses["r-1"] == 35


# --- vouchers and receipts -------------------------------------------------------------------


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
