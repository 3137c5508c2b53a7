"""A village whose November is posted and over."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.review.panel import LEADER, MEMBER, appoint
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.village import Village

DECEMBER = dt.datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def village(village: Village) -> Village:
    """a1 has 20 points posted and a2 10; a4 leads the panel, a5 sits on it."""
    with village.engine.begin() as connection:
        appoint(connection, "village", "a4", LEADER, "支部", village.now)
        appoint(connection, "village", "a5", MEMBER, "居民代表", village.now)
    village.send(
        village.check_in("a1", "visit", "10:05"),
        village.check_in("a2", "visit", "10:06"),
        village.check_in("a1", "story", "14:40"),
        village.check_in("a3", "story", "14:41"),
    )
    village.decide("visit.a1", "visit.a2", "story.a1")
    village.now = DECEMBER
    return village
