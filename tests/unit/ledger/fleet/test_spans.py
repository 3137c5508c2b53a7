"""When a terminal was there is drawn from its history, day by day."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from linli.ledger.fleet.health.history import FIRST, Entry
from linli.ledger.fleet.health.listing import Presence
from linli.ledger.fleet.health.spans import by_day, spans
from linli.sync.periods import SHANGHAI

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI)
HOUR = dt.timedelta(hours=1)
SINCE = NOW - 48 * HOUR


def entry(hours: float, what: str, detail: str = "") -> Entry:
    return Entry(NOW - hours * HOUR, what, "", detail)


def states(*entries: Entry, presence: Presence | None) -> list[tuple[float, bool | None]]:
    found = spans(entries, presence, SINCE, NOW)
    assert found[0].start == SINCE
    assert found[-1].end == NOW
    assert all(one.end == other.start for one, other in pairwise(found))
    return [((span.end - span.start) / HOUR, span.online) for span in found]


def test_between_coming_and_going_it_was_there() -> None:
    lately = (entry(1, "offline"), entry(3, "began"), entry(5, "online"))
    assert states(*lately, presence=Presence(False, NOW - HOUR)) == [
        (43, False),
        (4, True),
        (1, False),
    ]


def test_before_it_came_for_the_first_time_nobody_knows() -> None:
    first = entry(5, "online", FIRST)
    assert states(first, presence=Presence(True, NOW - 5 * HOUR)) == [(43, None), (5, True)]


def test_one_that_stayed_needs_no_history() -> None:
    assert states(presence=Presence(True, NOW - 90 * HOUR)) == [(48, True)]
    assert states(presence=None) == [(48, None)]


def test_a_day_is_a_bar_from_midnight_to_midnight() -> None:
    found = spans([entry(18, "online")], Presence(True, NOW - 18 * HOUR), SINCE, NOW)
    (_, today), (day, yesterday), _ = by_day(found, NOW, 3)
    assert [(one.x, one.width, one.state) for one in today] == [(0, 500, "on")]
    assert day == dt.date(2026, 11, 23)
    assert [(one.x, one.width, one.state) for one in yesterday] == [
        (0, 750, "off"),
        (750, 250, "on"),
    ]
