"""When a terminal asks for leases, and when it gives them back."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from doubles.clock import HandClock
from doubles.points_ledger import Feed, PointsLedger
from doubles.redeeming import WHO, Drawer, by_lease, row
from msgspec.structs import replace as with_
from sqlalchemy import select

from linli.kiosk.redeeming.leasing import MOST, Leasing
from linli.kiosk.store.leases import Holding
from linli.sync.messages import LeaseState, Trust
from linli.sync.outbox import event_table

NOW = HandClock().now()
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Open:
    opens: dt.datetime = NOW - DAY
    closes: dt.datetime = NOW + 100 * DAY


WINDOW = Open()


class Place:
    """One terminal, the ledger it asks, and the feed between them."""

    def __init__(self, path: Path) -> None:
        self.clock = HandClock()
        self.ledger = PointsLedger(self.clock, {"r-1": 100})
        self.feed = Feed(self.ledger)
        self.feed.follow()
        self.drawer = Drawer(path, self.clock)
        marks = map(str, itertools.count(1))
        self.leasing = Leasing(
            self.drawer.leases, self.feed, self.clock, "t-1", lambda: next(marks)
        )

    def tap(self, trust: Trust = Trust.HIGH, *, online: bool = True) -> list[str]:
        """What was said to the ledger altogether."""
        self.leasing.tapped(with_(WHO, trust=trust), WINDOW, online=online)
        return self.said()

    def said(self) -> list[str]:
        return [kind for kind, _ in self.drawer.events()]

    def sync(self) -> None:
        rows = self.drawer.database.read(select(event_table).order_by(event_table.c.seq))
        self.ledger.read([row.body for row in rows])
        self.feed.follow()
        self.leasing.hear()

    def state(self) -> Holding:
        return self.drawer.leases.of("r-1")[-1].state


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "terminal.db")
    yield place
    place.drawer.engine.dispose()


def test_a_tap_asks_for_a_lease_of_thirty_points_at_most(place: Place) -> None:
    place.tap()
    asked = {"account": "r-1", "request": "t-1-20261124-1", "points": MOST, "card": "c-1"}
    assert place.drawer.events() == [("lease-request", asked)]
    place.sync()
    assert (place.state(), place.drawer.leases.held("r-1")) == (Holding.HELD, 30)


def test_somebody_with_fewer_points_is_asked_for_those(place: Place) -> None:
    place.ledger.purses["r-1"] = 7
    place.feed.follow()
    place.tap()
    assert place.drawer.events()[0][1]["points"] == 7


def test_nothing_is_asked_of_somebody_without_points(place: Place) -> None:
    place.ledger.purses["r-1"] = 0
    place.feed.follow()
    assert place.tap() == []


def test_nothing_is_asked_for_a_card_that_can_be_copied(place: Place) -> None:
    assert place.tap(Trust.LOW) == []


def test_nothing_is_asked_without_the_network(place: Place) -> None:
    assert place.tap(online=False) == []


def test_nothing_is_asked_of_somebody_of_another_community(place: Place) -> None:
    place.feed.holders.clear()
    assert place.tap() == []


def test_nothing_is_asked_while_the_clock_may_be_wrong(place: Place) -> None:
    place.clock.is_good = False
    assert place.tap() == []


@pytest.mark.parametrize(
    ("window", "asks"),
    [
        (None, False),
        (Open(NOW + 8 * DAY, NOW + 90 * DAY), False),
        (Open(NOW + 7 * DAY, NOW + 90 * DAY), True),
        (Open(NOW - DAY, NOW + DAY), True),
        (Open(NOW - 9 * DAY, NOW), False),
    ],
)
def test_a_lease_is_asked_for_in_a_window_and_the_week_before(
    place: Place, window: Open | None, asks: bool
) -> None:
    place.leasing.tapped(WHO, window, online=True)
    assert (place.said() == ["lease-request"]) is asks


def test_a_second_tap_asks_for_nothing_more(place: Place) -> None:
    place.tap()
    assert place.tap() == ["lease-request"]
    place.sync()
    place.clock.wall += DAY
    assert place.tap() == ["lease-request"]


def test_what_was_refused_is_not_asked_for_again_that_day(place: Place) -> None:
    place.tap()
    place.ledger.purses["r-1"] = 3
    place.sync()
    assert place.state() is Holding.REFUSED
    assert place.tap() == ["lease-request"]
    place.clock.wall += DAY
    assert place.tap() == ["lease-request", "lease-request"]
    requests = {data["request"] for _, data in place.drawer.events()}
    assert len(requests) == 2


def test_what_was_given_back_is_not_asked_for_again_that_day(place: Place) -> None:
    place.tap()
    place.sync()
    place.drawer.leases.give_back(place.drawer.leases.of("r-1")[0].id, place.clock.now())
    assert place.tap() == ["lease-request", "lease-return"]


def test_nothing_is_asked_where_another_terminal_has_a_lease(place: Place) -> None:
    place.feed.lease_rows["r-1.x"] = with_(row("r-1.x"), terminal="t-2")
    assert place.tap() == []
    place.feed.lease_rows["r-1.x"] = with_(row("r-1.x", state=LeaseState.ENDED), terminal="t-2")
    assert place.tap() == ["lease-request"]


def test_a_request_without_an_answer_is_sent_again_the_next_day_under_its_name(
    place: Place,
) -> None:
    place.tap()
    place.leasing.tidy(WINDOW)
    assert place.said() == ["lease-request"]
    place.clock.wall += DAY
    place.leasing.tidy(WINDOW)
    first, second = place.drawer.events()
    assert first == second


def granted(place: Place) -> None:
    place.tap()
    place.sync()


def test_a_lease_is_given_back_when_the_window_ends(place: Place) -> None:
    granted(place)
    place.leasing.tidy(WINDOW)
    assert place.state() is Holding.HELD
    place.leasing.tidy(None)
    assert place.state() is Holding.RETURNED
    place.sync()
    assert place.ledger.purses["r-1"] == 100


def test_a_lease_is_kept_between_a_window_and_one_that_opens_within_a_week(place: Place) -> None:
    granted(place)
    place.leasing.tidy(Open(NOW + 6 * DAY, NOW + 90 * DAY))
    assert place.state() is Holding.HELD


def test_a_lease_is_not_given_back_while_the_clock_may_be_wrong(place: Place) -> None:
    granted(place)
    place.clock.is_good = False
    place.leasing.tidy(None)
    assert place.state() is Holding.HELD


def test_a_lease_that_the_ledger_asks_for_is_given_back_at_once(place: Place) -> None:
    granted(place)
    place.ledger.recall(place.drawer.leases.of("r-1")[0].id)
    place.sync()
    assert place.state() is Holding.RETURNED


def test_a_recalled_lease_waits_for_the_door_that_it_pays_for(place: Place) -> None:
    granted(place)
    lease = place.drawer.leases.of("r-1")[0].id
    place.drawer.redemptions.begin(by_lease(lease), place.clock.now())
    place.ledger.recall(lease)
    place.sync()
    assert place.state() is Holding.RECALLED
    assert place.said() == ["lease-request"]


def test_a_lease_that_was_not_used_for_thirty_days_is_given_back(place: Place) -> None:
    granted(place)
    place.clock.wall += 29 * DAY
    place.leasing.tidy(WINDOW)
    assert place.state() is Holding.HELD
    place.clock.wall += DAY
    place.leasing.tidy(WINDOW)
    assert place.state() is Holding.RETURNED


def test_the_balance_is_the_purse_and_what_leases_here_hold(place: Place) -> None:
    granted(place)
    assert place.feed.holders["r-1"].redeemable == 70
    assert place.leasing.balance("r-1") == 100
    assert place.leasing.balance("nobody") == 0
