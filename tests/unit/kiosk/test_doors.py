"""A door that was used is not sold again before the feed knows of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.dispensing import Stand
from doubles.redeeming import SOAP
from sqlalchemy import delete

from linli.kiosk.redeeming.doors import BELIEVED_S
from linli.kiosk.redeeming.progress import CameBack, Out, Trouble
from linli.kiosk.redeeming.redemption import Thing
from linli.sync.outbox import outbox_table


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    stand = Stand(tmp_path)
    yield stand
    stand.close()


def full(stand: Stand) -> list[int]:
    return [row.door for row in stand.doors.full()]


def soap_is_out(stand: Stand) -> None:
    stand.want(SOAP)
    stand.wire.answer()
    assert isinstance(stand.told[-1], Out)


def test_what_the_feed_calls_full_is_full(stand: Stand) -> None:
    assert full(stand) == [1, 3, 5]
    assert stand.doors.holds(3, "soap")
    assert not stand.doors.holds(3, "rice")
    assert not stand.doors.holds(4, "soap")


def test_a_door_that_was_emptied_is_not_sold_again_while_the_feed_calls_it_full(
    stand: Stand,
) -> None:
    soap_is_out(stand)
    stand.hear()
    assert full(stand) == [1, 5]
    request = stand.want(SOAP)
    assert stand.told[-1] == CameBack(request, Trouble.DOOR_BUSY)


def test_it_stays_so_after_a_restart(stand: Stand) -> None:
    soap_is_out(stand)
    stand.restart()
    assert full(stand) == [1, 5]


def test_a_door_that_staff_filled_again_is_sold_again(stand: Stand) -> None:
    soap_is_out(stand)
    stand.sync()
    assert full(stand) == [1, 5]
    stand.ledger.fill()
    stand.sync()
    assert full(stand) == [1, 3, 5]
    soap_is_out(stand)


def test_a_feed_that_missed_the_empty_door_is_believed_after_the_event_is_confirmed(
    stand: Stand,
) -> None:
    soap_is_out(stand)
    stand.clock.pass_(seconds=BELIEVED_S)
    stand.hear()
    assert full(stand) == [1, 5]
    with stand.drawer.database.writing() as connection:
        connection.execute(delete(outbox_table))
    stand.hear()
    assert full(stand) == [1, 5]
    stand.clock.pass_(seconds=BELIEVED_S)
    stand.hear()
    assert full(stand) == [1, 3, 5]


def test_a_door_that_jammed_is_not_tried_on_the_next_person(stand: Stand) -> None:
    assert stand.locker is not None
    stand.locker.jammed.add(3)
    stand.want(SOAP)
    stand.wire.answer()
    assert full(stand) == [1, 5]


def test_a_locker_that_did_nothing_leaves_the_door_as_it_was(stand: Stand) -> None:
    assert stand.locker is not None
    stand.locker.away = True
    stand.want(SOAP)
    stand.wire.answer()
    assert full(stand) == [1, 3, 5]


def test_a_door_with_something_else_behind_it_is_not_opened(stand: Stand) -> None:
    request = stand.want(Thing("盐", 5, ware="salt", door=3))
    assert stand.told == [CameBack(request, Trouble.DOOR_BUSY)]
    assert stand.wire.asked == []
