"""What a terminal holds of people's points, and never spends twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.redeeming import Drawer, by_lease, row
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from linli.kiosk.redeeming.redemption import ENDINGS, DoorOutcome, State
from linli.kiosk.store.leases import Holding, LeaseGoneError
from linli.kiosk.store.schema import held_lease
from linli.sync.messages import LeaseState


@pytest.fixture
def drawer(tmp_path: Path, clock: HandClock) -> Iterator[Drawer]:
    drawer = Drawer(tmp_path / "terminal.db", clock)
    yield drawer
    drawer.engine.dispose()


def hear(drawer: Drawer, state: LeaseState, points: int = 30, account: str = "r-1") -> Holding:
    drawer.leases.hear([row("r-1.l-1", points, account, state)], drawer.clock.now())
    return next(lease for lease in drawer.leases.of(account) if lease.id == "r-1.l-1").state


def test_a_request_is_kept_with_the_event_that_asks(drawer: Drawer) -> None:
    drawer.leases.ask("r-1", "c-1", "l-1", 30, drawer.clock.now())
    asked = {"account": "r-1", "request": "l-1", "points": 30, "card": "c-1"}
    assert drawer.events() == [("lease-request", asked)]
    (lease,) = drawer.leases.of("r-1")
    assert (lease.id, lease.state, lease.left, drawer.told) == ("r-1.l-1", Holding.ASKED, 0, 1)


def test_the_same_request_again_goes_out_again_and_is_one_lease(drawer: Drawer) -> None:
    for _ in range(2):
        drawer.leases.ask("r-1", "c-1", "l-1", 30, drawer.clock.now())
    assert [kind for kind, _ in drawer.events()] == ["lease-request", "lease-request"]
    assert len(drawer.leases.of("r-1")) == 1


def test_what_is_granted_may_be_spent(drawer: Drawer) -> None:
    drawer.lease(30)
    assert drawer.leases.held("r-1") == 30


def test_what_is_refused_holds_nothing(drawer: Drawer) -> None:
    drawer.leases.ask("r-1", "c-1", "l-1", 30, drawer.clock.now())
    assert hear(drawer, LeaseState.REFUSED) is Holding.REFUSED
    assert drawer.leases.held("r-1") == 0


def test_a_lease_that_was_never_asked_for_here_is_not_spent_from(drawer: Drawer) -> None:
    drawer.leases.hear([row("r-1.lost")], drawer.clock.now())
    assert drawer.leases.of("r-1") == []


def test_hearing_again_of_a_grant_does_not_fill_a_lease_up(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    redemption = by_lease(lease)
    drawer.redemptions.begin(redemption, drawer.clock.now())
    opened = ENDINGS[DoorOutcome.OPENED]
    drawer.redemptions.end(State.OPENING, redemption, opened, drawer.clock.now())
    assert hear(drawer, LeaseState.GRANTED) is Holding.HELD
    assert drawer.leases.held("r-1") == 10


def test_a_lease_of_a_merged_account_holds_the_bearers_points(drawer: Drawer) -> None:
    drawer.lease(30)
    assert hear(drawer, LeaseState.GRANTED, account="r-9") is Holding.HELD
    assert (drawer.leases.held("r-1"), drawer.leases.held("r-9")) == (0, 30)
    assert drawer.leases.of("r-9")[0].asked_of == "r-1"


def test_a_lease_that_is_given_back_says_what_is_left(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    assert drawer.leases.give_back(lease, drawer.clock.now())
    returned = {"account": "r-1", "lease": lease, "points": 30}
    assert drawer.events()[-1] == ("lease-return", returned)
    assert drawer.leases.held("r-1") == 0


@pytest.mark.parametrize("state", list(LeaseState))
def test_what_was_given_back_stays_so_whatever_the_feed_says_later(
    drawer: Drawer, state: LeaseState
) -> None:
    lease = drawer.lease(30)
    drawer.leases.give_back(lease, drawer.clock.now())
    assert hear(drawer, state) is Holding.RETURNED
    assert not drawer.leases.give_back(lease, drawer.clock.now())
    assert [kind for kind, _ in drawer.events()] == ["lease-request", "lease-return"]


def test_a_lease_that_staff_ended_holds_nothing(drawer: Drawer) -> None:
    drawer.lease(30)
    assert hear(drawer, LeaseState.ENDED) is Holding.ENDED
    assert drawer.leases.held("r-1") == 0


def test_a_recalled_lease_pays_for_nothing_more_but_can_be_given_back(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    assert hear(drawer, LeaseState.RECALLED) is Holding.RECALLED
    with pytest.raises(LeaseGoneError, match="recalled"):
        drawer.redemptions.begin(by_lease(lease), drawer.clock.now())
    assert drawer.leases.give_back(lease, drawer.clock.now())


def test_a_lease_is_not_given_back_while_it_pays_for_a_door(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    drawer.redemptions.begin(by_lease(lease), drawer.clock.now())
    assert not drawer.leases.give_back(lease, drawer.clock.now())
    assert drawer.leases.of("r-1")[0].as_left().busy


def test_no_more_is_promised_than_a_lease_holds(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    drawer.redemptions.begin(by_lease(lease, "q-1", 1), drawer.clock.now())
    with pytest.raises(LeaseGoneError, match="holds 10"):
        drawer.redemptions.begin(by_lease(lease, "q-2", 2), drawer.clock.now())
    assert drawer.redemptions.find("q-2") is None


def test_the_database_itself_refuses_a_lease_that_is_overspent(drawer: Drawer) -> None:
    drawer.lease(30)
    with pytest.raises(IntegrityError), drawer.database.writing() as connection:
        connection.execute(update(held_lease).values(spent=31))


def test_unused_is_counted_from_the_last_spend(drawer: Drawer) -> None:
    lease = drawer.lease(30)
    granted = drawer.clock.now()
    drawer.clock.wall += dt.timedelta(days=3)
    redemption = by_lease(lease)
    drawer.redemptions.begin(redemption, drawer.clock.now())
    assert drawer.leases.of("r-1")[0].used_at == granted
    opened = ENDINGS[DoorOutcome.OPENED]
    drawer.redemptions.end(State.OPENING, redemption, opened, drawer.clock.now())
    assert drawer.leases.of("r-1")[0].used_at == drawer.clock.now()
