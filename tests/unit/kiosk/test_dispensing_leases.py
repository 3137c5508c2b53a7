"""What somebody confirmed is paid by a lease, and a door that nobody knows of is left to staff."""

from __future__ import annotations

from pathlib import Path

import pytest
from doubles.dispensing import Stand
from doubles.redeeming import HAIRCUT, SOAP, WHO
from msgspec.structs import replace as with_

from linli.kiosk.redeeming.progress import (
    AtCounter,
    Away,
    CameBack,
    Out,
    Printed,
    Receipt,
    StaffCalled,
    Trouble,
)
from linli.kiosk.redeeming.question import PRESENT_S
from linli.kiosk.redeeming.redemption import State, Thing
from linli.kiosk.redeeming.way import Hindrance
from linli.sync.messages import Trust

BY_COPY = with_(WHO, trust=Trust.LOW)


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
