"""Who pays for what somebody wants, and why it cannot be had where nobody does."""

from __future__ import annotations

import pytest
from doubles.redeeming import HAIRCUT, NOODLES, SOAP
from hypothesis import given
from hypothesis import strategies as st

from linli.kiosk.redeeming.redemption import Thing
from linli.kiosk.redeeming.way import (
    ByLease,
    ByLedger,
    Cannot,
    Hindrance,
    LeaseLeft,
    Means,
    choose_way,
)
from linli.sync.messages import Trust
from linli.sync.rules import pin_needed

RICE = Thing("大米", 60, ware="rice", door=1)
HERE = Means(0, (LeaseLeft("l-1", 30),))


def means(redeemable: int = 0, *leases: LeaseLeft, has_pin: bool = False) -> Means:
    return Means(redeemable, leases, has_pin)


@pytest.mark.parametrize("online", [True, False])
@pytest.mark.parametrize("thing", [SOAP, HAIRCUT])
def test_a_lease_that_holds_enough_pays_with_or_without_the_network(
    thing: Thing, online: bool
) -> None:
    assert choose_way(thing, Trust.HIGH, HERE, online=online) == ByLease("l-1")


def test_the_smallest_lease_that_is_enough_pays() -> None:
    three = means(0, LeaseLeft("a", 30), LeaseLeft("b", 20), LeaseLeft("c", 19))
    assert choose_way(SOAP, Trust.HIGH, three, online=False) == ByLease("b")


def test_a_recalled_lease_pays_for_nothing_and_counts_for_nothing_without_the_network() -> None:
    recalled = means(0, LeaseLeft("a", 30, recalled=True), LeaseLeft("b", 7))
    answer = choose_way(SOAP, Trust.HIGH, recalled, online=False)
    assert answer == Cannot(Hindrance.OFFLINE_TOO_FEW, 7)


def test_without_the_network_it_is_said_how_much_there_is() -> None:
    small = means(500, LeaseLeft("a", 12))
    answer = choose_way(SOAP, Trust.HIGH, small, online=False)
    assert answer == Cannot(Hindrance.OFFLINE_TOO_FEW, 12)


def test_a_voucher_is_the_ledgers_alone() -> None:
    rich = means(100, LeaseLeft("a", 30))
    assert choose_way(NOODLES, Trust.HIGH, rich, online=True) == ByLedger()
    answer = choose_way(NOODLES, Trust.HIGH, rich, online=False)
    assert answer == Cannot(Hindrance.OFFLINE_VOUCHER, 30)


def test_what_needs_a_pin_is_the_ledgers_alone() -> None:
    rich = means(100, LeaseLeft("a", 30), has_pin=True)
    assert choose_way(SOAP, Trust.LOW, rich, online=True) == ByLedger()
    answer = choose_way(SOAP, Trust.LOW, rich, online=False)
    assert answer == Cannot(Hindrance.OFFLINE_PIN, 30)


def test_a_pin_that_is_needed_must_have_been_chosen_and_entered() -> None:
    none, some = means(100), means(100, has_pin=True)
    asked = choose_way(RICE, Trust.HIGH, none, online=True)
    assert asked == Cannot(Hindrance.NO_PIN, 0)
    asked = choose_way(RICE, Trust.HIGH, some, online=True, pin_entered=False)
    assert asked == Cannot(Hindrance.PIN_NEEDED, 0)
    assert choose_way(RICE, Trust.HIGH, some, online=True) == ByLedger()


def test_the_ledger_pays_where_the_purse_is_enough_and_no_lease_is_given_back() -> None:
    assert choose_way(SOAP, Trust.HIGH, means(20, LeaseLeft("a", 5)), online=True) == ByLedger()


def test_a_lease_that_makes_the_difference_is_given_back_first() -> None:
    purse = means(5, LeaseLeft("a", 15), LeaseLeft("b", 3))
    assert choose_way(SOAP, Trust.HIGH, purse, online=True) == ByLedger(("a",))


def test_a_busy_lease_cannot_make_the_difference() -> None:
    purse = means(5, LeaseLeft("a", 15, busy=True))
    assert choose_way(SOAP, Trust.HIGH, purse, online=True) == Cannot(Hindrance.TOO_FEW, 15)


def test_too_few_points_are_too_few() -> None:
    purse = means(4, LeaseLeft("a", 15))
    assert choose_way(SOAP, Trust.HIGH, purse, online=True) == Cannot(Hindrance.TOO_FEW, 15)


leases = st.lists(
    st.builds(LeaseLeft, st.text("ab", min_size=1), st.integers(0, 99), st.booleans())
).map(tuple)


@given(
    st.integers(1, 120),
    st.sampled_from(Trust),
    st.builds(Means, st.integers(0, 200), leases, st.booleans()),
    st.booleans(),
)
def test_nobody_pays_more_than_they_have(
    points: int, trust: Trust, purse: Means, online: bool
) -> None:
    thing = Thing("?", points, ware="w", door=1)
    match choose_way(thing, trust, purse, online=online):
        case ByLease(id_):
            assert any(lease.id == id_ and lease.points >= points for lease in purse.leases)
            assert not pin_needed(trust, points)
        case ByLedger(returning):
            back = [lease for lease in purse.leases if lease.id in returning and not lease.busy]
            assert online
            assert purse.redeemable + sum(lease.points for lease in back) >= points
        case Cannot(_, at_hand):
            assert at_hand == purse.at_hand
