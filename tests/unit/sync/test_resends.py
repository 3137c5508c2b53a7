"""When things are tried again."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.sync.backoff import pause
from linli.sync.link import CAP_S, FIRST_S
from linli.sync.resends import IN_FLIGHT, Resends


def reconnected_at(random: Random, broker_back: float) -> float:
    """When a terminal that lost its broker at 0 is connected again."""
    now, attempt = 0.0, 0
    while True:
        now += pause(attempt, FIRST_S, CAP_S, random)
        if now >= broker_back:
            return now
        attempt += 1


@pytest.mark.parametrize("away_s", [20.0, 60.0, 600.0])
def test_a_thousand_terminals_do_not_come_back_in_the_same_second(away_s: float) -> None:
    seconds = Counter(int(reconnected_at(Random(n), away_s)) for n in range(1000))
    assert max(seconds.values()) < 150
    assert max(seconds) <= away_s + CAP_S


@given(attempt=st.integers(0, 5000), seed=st.integers())
def test_a_pause_stays_between_its_first_and_its_cap(attempt: int, seed: int) -> None:
    assert 0.25 <= pause(attempt, 0.5, 30.0, Random(seed)) <= 30.0


def test_the_longer_the_trouble_the_longer_the_pauses() -> None:
    def mean(attempt: int) -> float:
        return sum(pause(attempt, 1.0, 60.0, Random(n)) for n in range(200)) / 200

    assert mean(0) < mean(2) < mean(4) < mean(6)


@pytest.fixture
def resends() -> Resends:
    return Resends(Random(1))


def test_a_new_batch_is_due_at_once(resends: Resends) -> None:
    assert resends.due([1, 2], now=0.0) == [1, 2]


def test_no_more_than_the_window_is_on_its_way(resends: Resends) -> None:
    pending = list(range(1, 100))
    assert resends.due(pending, now=0.0) == pending[:IN_FLIGHT]


def test_without_a_watermark_a_batch_is_due_again_after_two_seconds(resends: Resends) -> None:
    resends.published(1, now=0.0)
    assert resends.due([1], now=1.99) == []
    assert resends.due([1], now=4.01) == [1]


def test_the_pauses_grow_to_a_minute_and_no_further(resends: Resends) -> None:
    now, gaps = 0.0, []
    for _ in range(200):
        resends.published(1, now)
        due = resends.next_due([1])
        assert due is not None
        gaps.append(due - now)
        now = due
    assert max(gaps[:2]) <= 8.0
    assert 55.0 < max(gaps) <= 60.0


def test_after_a_reconnect_everything_is_due(resends: Resends) -> None:
    resends.published(1, now=0.0)
    resends.published(2, now=0.0)
    resends.reconnected()
    assert resends.due([1, 2], now=0.1) == [1, 2]


def test_a_ledger_that_settles_something_gets_the_old_rest_at_once(resends: Resends) -> None:
    for number in (1, 2, 3):
        resends.published(number, now=0.0)
    resends.published(4, now=1.9)
    resends.answered([2, 3, 4], progressed=True, now=2.0)
    assert resends.due([2, 3, 4], now=2.0) == [2, 3]


def test_a_ledger_that_settles_nothing_is_asked_only_for_the_oldest(resends: Resends) -> None:
    for number in (1, 2, 3):
        resends.published(number, now=0.0)
    resends.answered([1, 2, 3], progressed=False, now=2.0)
    assert resends.due([1, 2, 3], now=2.0) == [1]


def test_a_ledger_that_settles_nothing_is_not_hammered(resends: Resends) -> None:
    resends.published(1, now=0.0)
    for tick in range(100):
        now = tick / 50
        resends.answered([1], progressed=False, now=now)
        assert resends.due([1], now) == ([] if now < 2.0 else [1])


def test_nothing_on_its_way_means_nothing_to_wait_for(resends: Resends) -> None:
    assert resends.next_due([]) is None
    resends.published(1, now=0.0)
    resends.answered([], progressed=True, now=0.5)
    assert resends.next_due([1]) is None
