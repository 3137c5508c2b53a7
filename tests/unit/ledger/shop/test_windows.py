"""A community redeems in windows of its own."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.windows import require_open, set_window, windows
from tests.unit.ledger.shop.counter import DAY, Shop

SECOND = dt.timedelta(seconds=1)


def test_a_window_is_open_from_its_first_to_before_its_last_moment(shop: Shop) -> None:
    with shop.engine.begin() as connection:
        [window] = windows(connection, "village")
        for moment in (window.opens, window.closes - SECOND):
            assert require_open(connection, "village", moment) == window
        for moment in (window.opens - SECOND, window.closes):
            with pytest.raises(ShopError) as caught:
                require_open(connection, "village", moment)
            assert caught.value.refusal is Refusal.CLOSED


def test_who_comes_too_early_is_told_when_it_opens(shop: Shop) -> None:
    with (
        shop.engine.begin() as connection,
        pytest.raises(ShopError, match="opens on 2026-11-23"),
    ):
        require_open(connection, "village", shop.now - 9 * DAY)


def test_a_window_can_be_moved_but_not_into_another(shop: Shop) -> None:
    with shop.engine.begin() as connection:
        later = shop.now + 20 * DAY
        set_window(connection, "village", "2026-Q4", later, later + DAY, shop.now)
        with pytest.raises(ShopError, match="overlaps that of 2026-Q4"):
            set_window(connection, "village", "2027-Q1", later, later + DAY, shop.now)
        set_window(connection, "village", "2027-Q1", later + DAY, later + 2 * DAY, shop.now)
        assert [w.quarter for w in windows(connection, "village")] == ["2026-Q4", "2027-Q1"]


@pytest.mark.parametrize("quarter", ["2026-Q5", "2026Q1", "spring", ""])
def test_what_is_no_quarter_is_refused(shop: Shop, quarter: str) -> None:
    with shop.engine.begin() as connection, pytest.raises(ShopError, match="no quarter"):
        set_window(connection, "village", quarter, shop.now, shop.now + DAY, shop.now)


def test_a_window_needs_time_in_it_and_a_community(shop: Shop) -> None:
    with shop.engine.begin() as connection:
        with pytest.raises(ShopError, match="close after"):
            set_window(connection, "village", "2027-Q1", shop.now, shop.now, shop.now)
        with pytest.raises(ShopError, match="not a community"):
            set_window(connection, "b1", "2027-Q1", shop.now, shop.now + DAY, shop.now)
