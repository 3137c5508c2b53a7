"""Windows, vouchers and settlements run by the calendar: late where it must be, never twice."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.ledger.audit.verify import verify
from linli.ledger.cadence.calendar import Calendar, Kind
from linli.ledger.cadence.running import (
    Entry,
    Signer,
    do_what_is_due,
    entries,
    set_calendar,
    upcoming,
)
from linli.ledger.journal.carrying import carry_over
from linli.ledger.journal.schema import account
from linli.ledger.shop.merchants import Merchant, Offer, add_merchant, add_offer
from linli.ledger.shop.schema import settlement, shop_window
from linli.ledger.shop.using import use
from linli.ledger.shop.vouchers import AT_ONCE, Voucher, issue
from linli.ledger.shop.windows import set_window
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.village import Village

SIGNER = Signer(
    "points.example", Ed25519PrivateKey.from_private_bytes(bytes(32)), lambda: bytes(32)
)
NOVEMBER = Calendar("village", "2026-11", freeze_day=5, notice_days=5, window_days=10)
BREAD = Offer("bread", "bakery", "面包", 1, valid_days=3, all_year=True, community_fen=300)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def village(village: Village) -> Village:
    """a1 has 10 posted points in November and 1000 brought along; a merchant gives bread for 1."""
    village.send(village.check_in("a1", "visit", "10:05"))
    village.decide("visit.a1")
    with village.engine.begin() as connection:
        carry_over(connection, {"a1": 1000}, "old lists", village.now)
        add_merchant(connection, Merchant("bakery", "village", "阳光面包", "M-001"))
        add_offer(connection, BREAD, village.now)
        add_offer(connection, replace(BREAD, id="cake", valid_days=60), village.now)
        set_calendar(connection, NOVEMBER)
    return village


def run(village: Village, when: str, *kinds: Kind) -> list[tuple[str, str, str]]:
    """What was tried of these kinds, done or not: kind, period and outcome."""
    village.now = at(when)
    tried = do_what_is_due(village.engine, SIGNER, village.now)
    return [_plain(entry) for entry in tried if entry.duty.kind in kinds]


def _plain(entry: Entry) -> tuple[str, str, str]:
    outcome = entry.outcome if entry.done_at is not None else f"waits: {entry.outcome}"
    return (entry.duty.kind.value, entry.duty.period, outcome)


def bought(village: Village, request: str, offer: str = "bread") -> Voucher:
    with village.engine.begin() as connection:
        return issue(connection, "a1", request, offer, random.getrandbits, village.now)


def redeemable(village: Village) -> int:
    return next(row.posted for row in village.rows(account) if row.id == "a1:redeemable")


def through_the_year(village: Village) -> None:
    run(village, "2026-12-05 09:00")
    run(village, "2026-12-11 00:00")
    run(village, "2027-01-05 09:00")


def test_a_window_opens_by_itself_when_its_last_month_is_sealed(village: Village) -> None:
    through_the_year(village)
    assert run(village, "2027-01-11 08:59", Kind.WINDOW) == []
    assert run(village, "2027-01-11 09:00", Kind.WINDOW) == [
        ("window", "2026-Q4", "open from 2027-01-11 09:00 until 2027-01-21 00:00")
    ]
    assert run(village, "2027-01-11 09:01", Kind.WINDOW) == []
    assert len(village.rows(shop_window)) == 1


def test_a_window_closes_with_what_came_of_it(village: Village) -> None:
    through_the_year(village)
    run(village, "2027-01-11 09:00")
    bought(village, "r1", "cake")
    bought(village, "r2", "cake")
    assert run(village, "2027-01-20 23:59", Kind.CLOSING) == []
    assert run(village, "2027-01-21 00:00", Kind.CLOSING) == [
        ("closing", "2026-Q4", "2 redemptions of 1 people, 2 points")
    ]
    assert run(village, "2027-01-21 00:01", Kind.CLOSING) == []


def test_a_window_that_is_caught_up_with_is_open_for_all_its_days(village: Village) -> None:
    through_the_year(village)
    assert run(village, "2027-02-20 15:00", Kind.WINDOW, Kind.CLOSING) == [
        ("window", "2026-Q4", "open from 2027-02-20 15:00 until 2027-03-02 00:00"),
        ("closing", "2026-Q4", "waits: it is open until 2027-03-02 00:00"),
    ]
    assert run(village, "2027-03-02 00:00", Kind.WINDOW, Kind.CLOSING)[0][0] == "closing"


def test_after_half_a_year_only_the_newest_window_opens(village: Village) -> None:
    for when in ("2027-04-20 09:00", "2027-05-01 00:00"):
        run(village, when)
    found = run(village, "2027-05-01 00:01", Kind.WINDOW)
    assert found == []
    assert [(row.quarter, f"{row.opens:%Y-%m-%d}") for row in village.rows(shop_window)] == [
        ("2027-Q1", "2027-05-01")
    ]


def test_a_window_waits_until_its_last_month_is_sealed_and_says_so(village: Village) -> None:
    why = "waits: 2026-12 is not sealed yet: its points cannot be redeemed before"
    assert run(village, "2027-01-12 09:00", Kind.WINDOW) == [("window", "2026-Q4", why)]
    assert run(village, "2027-01-18 00:00", Kind.WINDOW)[0][2].startswith("open from 2027-01-18")


def test_a_window_that_staff_set_is_left_as_it_is(village: Village) -> None:
    with village.engine.begin() as connection:
        opens, closes = at("2027-01-02 09:00"), at("2027-01-30 18:00")
        set_window(connection, "village", "2026-Q4", opens, closes, village.now)
    through_the_year(village)
    assert run(village, "2027-01-11 09:00", Kind.WINDOW) == [
        ("window", "2026-Q4", "open from 2027-01-02 09:00 until 2027-01-30 18:00")
    ]
    assert run(village, "2027-01-21 00:00", Kind.CLOSING)[0][2].startswith("waits")


def test_vouchers_that_were_not_used_end_in_the_night_after_their_last_day(
    village: Village,
) -> None:
    bought(village, "r1")
    run(village, "2026-11-27 12:00")
    run(village, "2026-11-28 00:04")
    assert redeemable(village) == 999
    assert run(village, "2026-11-28 00:05", Kind.VOUCHERS) == [
        ("vouchers", "2026-11-27", "1 not used in time")
    ]
    assert redeemable(village) == 1000
    assert run(village, "2026-11-28 00:06", Kind.VOUCHERS) == []


def test_nights_without_anything_to_do_are_not_shown(village: Village) -> None:
    bought(village, "r1")
    run(village, "2026-11-30 09:00")
    with village.engine.connect() as connection:
        shown = entries(connection, village.now)
    nights = [e.duty.period for e in shown if e.duty.kind is Kind.VOUCHERS]
    assert nights == ["2026-11-27"]


def test_more_vouchers_than_one_transaction_ends_all_end_at_once(village: Village) -> None:
    for number in range(AT_ONCE + 5):
        bought(village, f"r{number}")
    (ended,) = run(village, "2026-11-28 00:05", Kind.VOUCHERS)[-1:]
    assert ended[2] == f"{AT_ONCE + 5} not used in time"
    assert redeemable(village) == 1000
    assert verify(village.engine) is None


def test_each_merchants_month_is_settled_on_the_first_of_the_next(village: Village) -> None:
    bread = bought(village, "r1")
    with village.engine.begin() as connection:
        use(connection, bread.code, "bakery", "till1", village.now)
    assert run(village, "2026-12-01 05:59", Kind.SETTLEMENT) == []
    assert run(village, "2026-12-01 06:00", Kind.SETTLEMENT) == [
        ("settlement", "2026-11", "1 vouchers of 1 merchants")
    ]
    assert run(village, "2026-12-01 06:01", Kind.SETTLEMENT) == []
    assert [(row.merchant, row.community_fen) for row in village.rows(settlement)] == [
        ("bakery", 300)
    ]
    assert verify(village.engine) is None


def test_a_clock_set_back_opens_ends_and_settles_nothing_again(village: Village) -> None:
    bought(village, "r1")
    through_the_year(village)
    run(village, "2027-01-11 09:00")
    kinds = (Kind.WINDOW, Kind.CLOSING, Kind.VOUCHERS, Kind.SETTLEMENT)
    for when in ("2026-12-11 09:00", "2027-01-11 09:00"):
        assert run(village, when, *kinds) == []
    assert len(village.rows(shop_window)) == 1
    assert verify(village.engine) is None


def test_what_comes_next_is_known_of_each_kind(village: Village) -> None:
    with village.engine.connect() as connection:
        following = upcoming(connection, at("2026-12-06 00:00"))
    assert [(one.kind.value, one.period) for one in following] == [
        ("vouchers", "2026-12-05"),
        ("checkpoint", "2026-W49"),
        ("seal", "2026-11"),
        ("settlement", "2026-12"),
        ("freeze", "2026-12"),
        ("award", "2026"),
        ("window", "2026-Q4"),
        ("closing", "2026-Q4"),
    ]
