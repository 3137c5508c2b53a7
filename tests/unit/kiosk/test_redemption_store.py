"""Each step of a redemption is on the disk with the events it sends, or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.redeeming import HAIRCUT, NOODLES, WHO, Drawer, asked, by_lease, nonce_of
from msgspec.structs import replace as with_

from linli.kiosk.redeeming.redemption import ENDINGS, DoorOutcome, State, Thing, paid
from linli.kiosk.store.leases import LeaseGoneError
from linli.kiosk.store.redemptions import SteppedOnError
from linli.kiosk.store.store import NotSavedError
from linli.sync.asks import Redeemed

LEDGERS = Redeemed(order="redeem.r-1.q-1", title="洗衣液", points=20, left=5)


@pytest.fixture
def drawer(tmp_path: Path, clock: HandClock) -> Iterator[Drawer]:
    drawer = Drawer(tmp_path / "terminal.db", clock)
    yield drawer
    drawer.engine.dispose()


def kinds(drawer: Drawer) -> list[str]:
    return [kind for kind, _ in drawer.events()]


def test_what_was_begun_is_read_as_it_was_written(drawer: Drawer) -> None:
    for redemption in (asked("q-1"), asked("q-2", HAIRCUT), asked("q-3", NOODLES)):
        assert drawer.redemptions.begin(redemption, drawer.clock.now())
        assert drawer.redemptions.find(redemption.request) == redemption
    assert [r.request for r in drawer.redemptions.unfinished()] == ["q-1", "q-2", "q-3"]
    assert drawer.told == 0


def test_the_same_request_begins_once(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    assert drawer.redemptions.begin(by_lease(lease), drawer.clock.now())
    assert not drawer.redemptions.begin(by_lease(lease, nonce=8), drawer.clock.now())
    assert drawer.leases.held("r-1") == 10


def test_a_lease_is_given_back_in_the_transaction_that_begins(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    waiting = replace(asked(), state=State.WAITING)
    drawer.redemptions.begin(waiting, drawer.clock.now(), (lease,))
    assert kinds(drawer)[-1] == "lease-return"
    with pytest.raises(LeaseGoneError):
        drawer.redemptions.begin(replace(waiting, request="q-2"), drawer.clock.now(), (lease,))
    assert drawer.redemptions.find("q-2") is None


def test_what_the_ledger_says_is_kept_with_the_step(drawer: Drawer) -> None:
    drawer.redemptions.begin(asked(), drawer.clock.now())
    opening = replace(paid(asked(), LEDGERS), state=State.OPENING, nonce=nonce_of(9))
    drawer.redemptions.step(State.ASKED, opening, drawer.clock.now())
    assert drawer.redemptions.find("q-1") == opening


def test_a_step_is_taken_once(drawer: Drawer) -> None:
    drawer.redemptions.begin(asked(), drawer.clock.now())
    declined = replace(asked(), state=State.DECLINED, reason="too-few")
    drawer.redemptions.step(State.ASKED, declined, drawer.clock.now())
    with pytest.raises(SteppedOnError):
        drawer.redemptions.step(State.ASKED, declined, drawer.clock.now())


@pytest.mark.parametrize("outcome", list(DoorOutcome))
def test_the_ledgers_order_is_told_at_the_end(drawer: Drawer, outcome: DoorOutcome) -> None:
    drawer.redemptions.begin(asked(), drawer.clock.now())
    opening = replace(paid(asked(), LEDGERS), state=State.OPENING, nonce=nonce_of(9))
    drawer.redemptions.step(State.ASKED, opening, drawer.clock.now())
    ended = drawer.redemptions.end(State.OPENING, opening, ENDINGS[outcome], drawer.clock.now())
    assert drawer.redemptions.find("q-1") == ended
    ((kind, data),) = drawer.events()
    assert (data["account"], data["door"], data["order"]) == ("r-1", 3, "redeem.r-1.q-1")
    assert kind == ("delivered" if outcome is DoorOutcome.OPENED else "not-delivered")
    assert data.get("reason") == ENDINGS[outcome].reason
    assert drawer.redemptions.unfinished() == []


def test_a_lease_pays_only_once_the_door_opened(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    drawer.redemptions.begin(by_lease(lease), drawer.clock.now())
    assert kinds(drawer) == ["lease-request"]
    opened = ENDINGS[DoorOutcome.OPENED]
    ended = drawer.redemptions.end(State.OPENING, by_lease(lease), opened, drawer.clock.now())
    spend, delivered = drawer.events()[1:]
    assert spend[0] == "lease-spend"
    assert (spend[1]["lease"], spend[1]["points"], spend[1]["ware"]) == (lease, 20, "soap")
    assert delivered == ("delivered", {"account": "r-1", "order": "spend.t-1.2", "door": 3})
    assert ended.order == "spend.t-1.2"
    assert drawer.leases.held("r-1") == 10


@pytest.mark.parametrize("outcome", [DoorOutcome.JAM, DoorOutcome.NO_ANSWER])
def test_a_door_that_did_not_open_frees_what_was_held_back(
    drawer: Drawer, outcome: DoorOutcome
) -> None:
    lease = drawer.lease(30)
    drawer.redemptions.begin(by_lease(lease), drawer.clock.now())
    drawer.redemptions.end(State.OPENING, by_lease(lease), ENDINGS[outcome], drawer.clock.now())
    assert drawer.leases.held("r-1") == 30
    ((kind, data),) = drawer.events()[1:]
    assert (kind, data["order"], data["ware"]) == ("not-delivered", "", "soap")


def test_where_nobody_knows_the_lease_pays_and_staff_are_told(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    drawer.redemptions.begin(by_lease(lease), drawer.clock.now())
    unknown = ENDINGS[DoorOutcome.UNKNOWN]
    drawer.redemptions.end(State.OPENING, by_lease(lease), unknown, drawer.clock.now())
    spend, told = drawer.events()[1:]
    assert spend[0] == "lease-spend"
    assert told[0] == "not-delivered"
    assert (told[1]["reason"], told[1]["order"]) == ("unclear", "spend.t-1.2")
    assert drawer.leases.held("r-1") == 10


def test_what_staff_give_out_is_spent_at_once(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    redemption = replace(by_lease(lease, thing=HAIRCUT), nonce=None, state=State.COUNTER)
    ended = drawer.redemptions.over_the_counter(redemption, drawer.clock.now())
    assert ended is not None
    assert ended.order == "spend.t-1.2"
    assert kinds(drawer) == ["lease-request", "lease-spend"]
    assert drawer.redemptions.over_the_counter(redemption, drawer.clock.now()) is None
    assert drawer.leases.held("r-1") == 20


def test_what_cannot_be_written_leaves_nothing(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    drawer.redemptions.begin(by_lease(lease), drawer.clock.now())
    with drawer.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE outbox RENAME TO away")
    with pytest.raises(NotSavedError):
        drawer.redemptions.end(
            State.OPENING, by_lease(lease), ENDINGS[DoorOutcome.OPENED], drawer.clock.now()
        )
    assert drawer.redemptions.find("q-1") == by_lease(lease)
    assert drawer.leases.of("r-1")[0].spent == 0


# --- vouchers --------------------------------------------------------------------------------


def voucher(drawer: Drawer) -> None:
    drawer.redemptions.begin(asked("q-1", NOODLES), drawer.clock.now())
    code = Redeemed(
        order="redeem.r-1.q-1",
        title="牛肉面一碗",
        points=15,
        left=0,
        code="7KQ2-M9XD-4",
        merchant="老王面馆",
        until=drawer.clock.now() + dt.timedelta(days=60),
    )
    bought = replace(paid(asked("q-1", NOODLES), code), state=State.VOUCHER)
    drawer.redemptions.step(State.ASKED, bought, drawer.clock.now())


def codes(drawer: Drawer, card: str = "c-1") -> list[str]:
    who = with_(WHO, card=card)
    return [r.code for r in drawer.redemptions.vouchers(who, drawer.clock.now())]


def test_a_code_that_was_never_shown_is_kept_until_it_is(drawer: Drawer) -> None:
    voucher(drawer)
    drawer.clock.wall += dt.timedelta(days=10)
    drawer.redemptions.forget_codes(drawer.clock.now())
    assert codes(drawer) == ["7KQ2-M9XD-4"]


def test_a_code_is_shown_again_to_the_same_card_for_a_day(drawer: Drawer) -> None:
    voucher(drawer)
    drawer.redemptions.shown("q-1", drawer.clock.now())
    drawer.clock.wall += dt.timedelta(hours=23)
    drawer.redemptions.shown("q-1", drawer.clock.now())
    assert codes(drawer) == ["7KQ2-M9XD-4"]
    assert codes(drawer, card="c-2") == []
    drawer.clock.wall += dt.timedelta(hours=2)
    assert codes(drawer) == []


def test_a_code_that_may_not_be_shown_any_more_is_taken_off(drawer: Drawer) -> None:
    voucher(drawer)
    drawer.redemptions.shown("q-1", drawer.clock.now())
    drawer.clock.wall += dt.timedelta(hours=25)
    drawer.redemptions.forget_codes(drawer.clock.now())
    found = drawer.redemptions.find("q-1")
    assert found is not None
    assert (found.code, found.state) == ("", State.VOUCHER)


def test_a_code_that_is_not_good_any_more_is_not_shown(drawer: Drawer) -> None:
    voucher(drawer)
    drawer.clock.wall += dt.timedelta(days=61)
    assert codes(drawer) == []


# --- things ----------------------------------------------------------------------------------


def test_a_redemption_is_of_one_thing() -> None:
    for wrong in ({}, {"ware": "soap", "offer": "noodles"}, {"offer": "noodles", "door": 1}):
        with pytest.raises(ValueError, match=r"redemption|voucher"):
            Thing("?", 1, **wrong)  # type: ignore[arg-type]
