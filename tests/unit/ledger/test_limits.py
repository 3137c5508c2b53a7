"""What a terminal may send: an honest one never comes near, one that floods is soon set apart."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.ledger.ingest.limits import (
    BATCHES,
    EVENTS,
    FORGIVEN,
    WORK_S,
    Bucket,
    Rate,
    Sender,
    events_in,
)
from linli.sync.resends import IN_FLIGHT, Resends

FULL_BATCH = 45_000
"""Bytes of a hundred check-ins."""


def test_a_bucket_gives_what_is_in_it_and_fills_with_time() -> None:
    bucket = Bucket(Rate(3, 1), 0.0)
    assert [bucket.take(1, 0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.take(2, 2.0)
    assert not bucket.full(4.0)
    assert bucket.full(5.0)


def test_a_clock_that_steps_back_gives_nothing_for_it() -> None:
    bucket = Bucket(Rate(1, 1), 100.0)
    assert bucket.take(1, 100.0)
    assert not bucket.take(1, 50.0)


@settings(max_examples=3, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    latency=st.sampled_from([0.005, 0.05, 0.5, 3.0]),
    lost=st.sampled_from([0.0, 0.2, 0.7]),
    reconnects_every=st.sampled_from([5.0, 60.0]),
)
def test_an_honest_terminal_after_a_month_is_never_set_apart(
    seed: int, latency: float, lost: float, reconnects_every: float
) -> None:
    """100,000 taps as the true policy sends them, over a line that is slow and lossy, to a ledger
    that answers late."""
    random = Random(seed)
    resends, sender = Resends(random), Sender(0.0)
    unsettled, answers = list(range(1, 1001)), dict[int, float]()
    now, reconnected = 0.0, 0.0
    while unsettled and now < 1800:
        if now - reconnected > reconnects_every:
            resends.reconnected()
            reconnected = now
        for number in resends.due(unsettled, now):
            resends.published(number, now)
            if random.random() >= lost and sender.batch(FULL_BATCH, now):
                assert sender.events(100, now)
                answers.setdefault(number, now + latency)
        done = {number for number, at in answers.items() if at <= now}
        if done & set(unsettled[:IN_FLIGHT]):
            unsettled = [number for number in unsettled if number not in done]
            resends.answered(unsettled, True, now)
        now += 0.05
    assert not sender.beyond()
    assert sender.over == 0


def test_one_that_only_repeats_itself_unanswered_for_a_day_is_never_set_apart() -> None:
    """The ledger's database is away: nothing is answered, and everything comes again."""
    resends, sender, now = Resends(Random(1)), Sender(0.0), 0.0
    pending = list(range(1, IN_FLIGHT + 1))
    while now < 86_400:
        for number in resends.due(pending, now):
            resends.published(number, now)
            sender.batch(FULL_BATCH, now)
        now = resends.next_due(pending) or now
    assert not sender.beyond()


def test_a_flood_is_beyond_within_seconds() -> None:
    sender, now = Sender(0.0), 0.0
    while not sender.beyond():
        sender.batch(300, now)
        now += 1 / 2000
    assert now < 5


def test_millions_of_tiny_batches_just_over_the_rate_are_beyond_within_minutes() -> None:
    sender, now = Sender(0.0), 0.0
    while not sender.beyond():
        sender.batch(300, now)
        now += 1 / (BATCHES.each_s + FORGIVEN.each_s + 20)
    assert now < 300


def test_more_events_than_any_people_could_tap_are_not_looked_at() -> None:
    sender = Sender(0.0)
    full = int(EVENTS.at_once) // 100
    assert all(sender.events(100, 0.0) for _ in range(full))
    assert not sender.events(100, 0.0)
    assert not sender.beyond(), "an accident is forgiven"


def test_topics_are_counted_apart_and_a_flood_of_any_is_too_much() -> None:
    sender = Sender(0.0)
    while sender.other("health", 500, 0.0):
        pass
    assert sender.other("jobs/status", 500, 0.0)
    while not sender.beyond():
        sender.other("health", 500, 0.0)


def test_batches_that_cost_minutes_of_the_processor_are_too_much_whatever_they_hold() -> None:
    sender = Sender(0.0)
    sender.worked(WORK_S.at_once - 1, 0.0)
    assert not sender.beyond()
    sender.worked(75.0, 1.0)
    assert sender.beyond()


def test_who_was_quiet_for_long_is_forgotten() -> None:
    sender = Sender(0.0)
    assert sender.batch(300, 0.0)
    assert not sender.quiet(0.0)
    assert sender.quiet(60.0)


@pytest.mark.parametrize(
    ("payload", "count"),
    [
        (b'{"batch":{"events":[{},{},{}]},"signature":""}', 3),
        (b'{"batch":{"events":[]}}', 1),
        (b"rubbish", 1),
        (b'{"batch":' * 100_000, 1),
        (b'{"batch":{"events":["\xff"]}}', 1),
    ],
)
def test_events_are_counted_before_anything_is_believed(payload: bytes, count: int) -> None:
    assert events_in(payload) == count
