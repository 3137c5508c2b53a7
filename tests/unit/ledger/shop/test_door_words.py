"""What comes out of a door is handed out, what does not goes back, and staff hear of it."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.database import reading
from linli.ledger.feed.snapshot import snapshot
from linli.ledger.ingest.retrying import retry_parked
from linli.ledger.schema import door_trouble, handed_out, waiting_word
from linli.ledger.shop.doors import fill_door, read_door, set_door
from linli.ledger.shop.handing import find_order, hand_out, waiting
from linli.ledger.shop.redeeming import refund
from linli.ledger.shop.refusals import ShopError
from linli.ledger.shop.troubles import Found, count_open, settle, troubles
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import (
    Delivered,
    DoorRow,
    Event,
    LeaseRequest,
    LeaseSpend,
    NotDelivered,
    Row,
    Stream,
)
from tests.unit.ledger.conftest import Told
from tests.unit.ledger.shop.counter import Shop
from tests.unit.ledger.shop.test_lease_words import Wire
from tests.unit.ledger.tampering import tamper
from tests.unit.ledger.village import at

ORDER = "redeem.a1.r1"


@pytest.fixture
def wire(shop: Shop) -> Wire:
    """Behind door 2 is rice, and a1 has paid for it."""
    shop.do(lambda c: set_door(c, "t1", 2, "rice", shop.now - dt.timedelta(days=1)))
    shop.do(lambda c: fill_door(c, "t1", 2, shop.now - dt.timedelta(days=1)))
    shop.redeem("a1", "r1", "rice")
    return Wire(shop)


def out(order: str = ORDER, door: int = 2, who: str = "a1") -> Delivered:
    return Delivered(account=who, order=order, door=door)


def not_out(reason: str = "jam", order: str = ORDER, who: str = "a1") -> NotDelivered:
    return NotDelivered(account=who, door=2, reason=reason, ware="rice", order=order)


def is_full(wire: Wire) -> bool:
    door = wire.shop.do(lambda c: read_door(c, "t1", 2))
    assert door is not None
    return door.filled


def doors(rows: list[Row]) -> list[DoorRow]:
    return [row for row in rows if isinstance(row, DoorRow)]


def cases(wire: Wire) -> list[tuple[str, str]]:
    return [(row.reason, row.came_of_it) for row in wire.village.rows(door_trouble)]


def test_what_came_out_is_handed_out_by_the_door_which_is_empty_now(wire: Wire, told: Told) -> None:
    wire.tell(out())
    order = wire.shop.do(lambda c: find_order(c, ORDER))
    assert order is not None
    assert order.handed_by == "t1 2号柜门"
    assert wire.shop.do(lambda c: waiting(c, ["centre"])) == []
    assert not is_full(wire)
    rows = doors(told(wire.engine, "village", Stream.HOLDERS))
    assert [row.full for row in rows] == [False, True, False]
    assert cases(wire) == []
    assert verify(wire.engine) is None


def test_a_snapshot_has_the_doors(wire: Wire) -> None:
    with reading(wire.engine) as connection:
        rows = snapshot(connection, "village", Stream.HOLDERS, wire.shop.now).rows
    assert doors(rows) == [DoorRow(terminal="t1", door=2, ware="rice", full=True)]


@pytest.mark.parametrize("reason", ["jam", "no-answer"])
def test_what_did_not_come_out_goes_back_and_staff_are_told(wire: Wire, reason: str) -> None:
    wire.tell(not_out(reason))
    assert wire.shop.balance("a1:redeemable") == 100
    assert wire.shop.left() == 3
    assert cases(wire) == [(reason, "back")]
    assert wire.shop.do(lambda c: count_open(c, "village")) == 1
    assert not is_full(wire)
    assert verify(wire.engine) is None


def test_what_nobody_knows_of_waits_for_staff(wire: Wire) -> None:
    wire.tell(not_out("unclear"))
    assert wire.shop.balance("a1:redeemable") == 70
    assert [one.id for one in wire.shop.do(lambda c: waiting(c, ["centre"]))] == [ORDER]
    assert cases(wire) == [("unclear", "waits")]
    assert not is_full(wire)


def test_where_nothing_was_paid_staff_are_only_told(wire: Wire) -> None:
    wire.tell(not_out(order=""))
    assert cases(wire) == [("jam", "nothing")]
    assert wire.shop.balance("a1:redeemable") == 70
    assert verify(wire.engine) is None


def test_a_batch_that_comes_again_does_it_once(wire: Wire) -> None:
    payload = wire.village.batch(wire.village.event(not_out(), at("19:00")))
    for _ in range(3):
        wire.village.deliver(payload)
        wire.settle()
    assert wire.shop.balance("a1:redeemable") == 100
    assert len(cases(wire)) == 1


def test_what_was_given_back_and_came_out_after_all_is_told(wire: Wire) -> None:
    wire.tell(not_out(), out())
    assert cases(wire) == [("jam", "back"), ("unpaid", "nothing")]
    assert wire.village.rows(handed_out) == []
    assert verify(wire.engine) is None


def test_what_came_out_is_not_given_back_any_more(wire: Wire) -> None:
    wire.tell(out(), not_out())
    assert wire.shop.balance("a1:redeemable") == 70
    assert cases(wire) == [("jam", "handed")]


def test_what_staff_handed_out_already_and_a_door_too_is_told(wire: Wire) -> None:
    wire.shop.do(lambda c: hand_out(c, ORDER, "王红", wire.shop.now))
    wire.tell(out(), out())
    assert cases(wire) == [("twice", "nothing")] * 2


def test_what_staff_gave_back_already_is_not_given_back_again(wire: Wire) -> None:
    wire.shop.do(lambda c: refund(c, "a1.r1", "desk1", "柜门坏了", wire.shop.now))
    wire.tell(not_out())
    assert wire.shop.balance("a1:redeemable") == 100
    assert cases(wire) == [("jam", "back")]


def leased(wire: Wire) -> tuple[Event, Event]:
    """A spend of 30 points for rice while cut off."""
    ask = LeaseRequest(account="a1", request="l1", points=40)
    spend = LeaseSpend(account="a1", lease="a1.l1", points=30, what="大米", ware="rice")
    return ask, spend


@pytest.mark.parametrize(
    ("word", "spent"), [(out("spend.t1.2"), 30), (not_out(order="spend.t1.2"), 0)]
)
def test_a_word_of_a_door_waits_for_the_spend_it_speaks_of(
    wire: Wire, word: Event, spent: int
) -> None:
    ask, spend = leased(wire)
    wire.tell(ask)
    events = [wire.village.event(e, at("19:00")) for e in (spend, word)]
    first = wire.village.batch(events[0])
    second = wire.village.batch(events[1])
    wire.village.deliver(second)
    assert wire.settle() == 0
    assert len(wire.village.rows(waiting_word)) == 1
    assert verify(wire.engine) is None
    wire.village.deliver(first)
    assert wire.settle() == 2
    assert wire.shop.balance("goods:centre") == 30 + spent
    assert wire.parked() == []
    assert verify(wire.engine) is None


def test_a_door_speaks_only_of_orders_of_its_person_and_terminal(wire: Wire) -> None:
    wire.tell(out(who="a2"), out("spend.t2.7"), out("redeem.a1.r9"), out("x"), out(""))
    assert sorted(wire.parked()) == ["conflict"] * 2 + ["malformed"] + ["unknown-order"] * 2
    assert is_full(wire)


def test_an_order_that_becomes_known_later_is_taken_after_all(wire: Wire) -> None:
    wire.tell(out("redeem.a1.r9"))
    assert wire.parked() == ["unknown-order"]
    wire.shop.redeem("a1", "r9", "rice")
    with wire.engine.begin() as connection:
        retry_parked(connection, StandardShelf().read(connection), wire.shop.now)
    wire.settle()
    assert wire.parked() == []
    assert [row.transfer for row in wire.village.rows(handed_out)] == ["redeem.a1.r9"]


def test_a_door_that_staff_filled_since_stays_full(wire: Wire) -> None:
    """The word is of 19:00 and heard at 20:00; they filled it at 19:30."""
    wire.shop.do(lambda c: fill_door(c, "t1", 2, at("19:30")))
    wire.tell(out())
    assert is_full(wire)


# --- what staff found ------------------------------------------------------------------------


def look(wire: Wire, found: Found, request: str = "f1") -> None:
    (one,) = wire.shop.do(lambda c: troubles(c, "village", settled=False))
    wire.shop.do(lambda c: settle(c, "t1", one.seq, found, "王红", request, wire.shop.now))


def test_staff_find_that_it_is_out(wire: Wire) -> None:
    wire.tell(not_out("unclear"))
    look(wire, Found.OUT)
    order = wire.shop.do(lambda c: find_order(c, ORDER))
    assert order is not None
    assert order.handed_by == "王红"
    assert wire.shop.do(lambda c: count_open(c, "village")) == 0
    assert verify(wire.engine) is None


def test_staff_find_that_it_is_not_out_and_give_the_points_back(wire: Wire) -> None:
    wire.tell(not_out("unclear"))
    look(wire, Found.BACK)
    assert wire.shop.balance("a1:redeemable") == 100
    assert wire.shop.left() == 3
    (one,) = wire.shop.do(lambda c: troubles(c, "village", settled=True))
    assert (one.found, one.settled_by) == (Found.BACK, "王红")


def test_a_case_is_settled_once(wire: Wire) -> None:
    wire.tell(not_out("unclear"))
    (one,) = wire.shop.do(lambda c: troubles(c, "village", settled=False))
    found = wire.shop.at_once(
        lambda c, n: settle(c, "t1", one.seq, Found.BACK, "王红", f"f{n}", wire.shop.now)
    )
    assert len({str(each) for each in found}) == 1
    assert wire.shop.balance("a1:redeemable") == 100
    with pytest.raises(ShopError, match="settled by 王红"):
        wire.shop.do(lambda c: settle(c, "t1", one.seq, Found.OUT, "李明", "f9", wire.shop.now))


def test_a_case_that_was_taken_away_is_missed(wire: Wire) -> None:
    wire.tell(not_out())
    tamper(wire.engine, "DELETE FROM door_trouble")
    assert str(verify(wire.engine)).startswith("door t1/1")
