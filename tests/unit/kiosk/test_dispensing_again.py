"""A disk that fails and a terminal that restarts lose nothing of what somebody confirmed."""

from __future__ import annotations

from doubles.dispensing import Stand
from doubles.redeeming import SOAP, WHO
from msgspec.structs import replace as with_

from linli.kiosk.redeeming.progress import (
    Away,
    CameBack,
    StaffCalled,
    Trouble,
)
from linli.kiosk.redeeming.question import AGE_S
from linli.kiosk.redeeming.redemption import State, Thing
from linli.sync.asks import AskRedeem
from linli.sync.messages import Trust

RICE = Thing("大米", 60, ware="rice", door=1)
BY_COPY = with_(WHO, trust=Trust.LOW)


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
