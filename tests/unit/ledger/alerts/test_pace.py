"""Messages are gathered, few an hour, and not at night."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.alerts.pace import HOURLY, due, in_quiet, retry_after
from linli.ledger.alerts.rules import Urgency
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.alerts.devices import NOW, minutes

NIGHT = (22 * 60, 7 * 60)


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, 28, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("urgency", "after", "told"),
    [
        (Urgency.NOW, 0.9, False),
        (Urgency.NOW, 1, True),
        (Urgency.TODAY, 4.9, False),
        (Urgency.TODAY, 5, True),
    ],
)
def test_what_comes_shortly_after_the_first_goes_with_it(
    urgency: Urgency, after: float, told: bool
) -> None:
    waiting = [(NOW - minutes(after), urgency), (NOW, Urgency.SOON)]
    assert due(waiting, [], None, NOW) is told


def test_a_storm_is_a_few_messages_an_hour() -> None:
    waiting = [(NOW - minutes(30), Urgency.NOW)]
    before = [NOW - minutes(n) for n in range(1, HOURLY + 1)]
    assert not due(waiting, before, None, NOW)
    assert due(waiting, before[1:], None, NOW)
    assert due(waiting, before, None, NOW + minutes(60))


def test_at_night_only_what_is_urgent_is_told() -> None:
    later = [(at(22), Urgency.TODAY)]
    assert not due(later, [], NIGHT, at(23))
    assert due([*later, (at(22), Urgency.NOW)], [], NIGHT, at(23))
    assert due(later, [], NIGHT, at(22) + minutes(9 * 60))


def test_quiet_hours_may_go_over_midnight_or_not() -> None:
    assert [in_quiet(NIGHT, at(hour)) for hour in (21, 22, 0, 6, 7)] == [
        *(False, True, True, True),
        False,
    ]
    assert [in_quiet((540, 600), at(hour)) for hour in (8, 9, 10)] == [False, True, False]
    assert not in_quiet((540, 540), at(9))


def test_tries_are_further_and_further_apart() -> None:
    pauses = [retry_after(tries).total_seconds() for tries in range(1, 9)]
    assert pauses == [30, 60, 120, 240, 480, 960, 1800, 1800]
    assert retry_after(10**6) == retry_after(20)
