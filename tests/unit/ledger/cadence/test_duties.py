"""Duties are done once, caught up with, and wait with a reason where they must."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.ledger.audit.verify import verify
from linli.ledger.cadence.calendar import Calendar, Kind
from linli.ledger.cadence.running import (
    CalendarError,
    Entry,
    Signer,
    do_what_is_due,
    entries,
    set_calendar,
)
from linli.ledger.journal.schema import account
from linli.ledger.notice.objecting import Way, answer, object_to
from linli.ledger.notice.schema import notice
from linli.ledger.record.schema import log_leaf
from linli.ledger.review.panel import LEADER, appoint
from linli.ledger.standard.versions import StandardShelf
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.village import Village

SIGNER = Signer(
    "points.example", Ed25519PrivateKey.from_private_bytes(bytes(32)), lambda: bytes(32)
)
NOVEMBER = Calendar("village", "2026-11", freeze_day=5, notice_days=5)


@pytest.fixture
def village(village: Village) -> Village:
    """a1 has 10 posted points in November; the community's months run from then on."""
    village.send(village.check_in("a1", "visit", "10:05"))
    village.decide("visit.a1")
    with village.engine.begin() as connection:
        appoint(connection, "village", "a4", LEADER, "支部", village.now)
        set_calendar(connection, NOVEMBER)
    return village


def run(village: Village, when: str) -> list[Entry]:
    village.now = dt.datetime.fromisoformat(when).replace(tzinfo=SHANGHAI)
    return do_what_is_due(village.engine, SIGNER, village.now)


def monthly(tried: list[Entry]) -> list[tuple[str, str, bool]]:
    """Freezing and sealing; the others have their own tests."""
    return [
        (entry.duty.kind.value, entry.duty.period, entry.done_at is not None)
        for entry in tried
        if entry.duty.kind in (Kind.FREEZE, Kind.SEAL)
    ]


def redeemable(village: Village) -> int:
    return next(row.posted for row in village.rows(account) if row.id == "a1:redeemable")


def test_after_a_pause_the_month_is_frozen_and_then_hangs_its_days(village: Village) -> None:
    """Caught up late, the notice still hangs as long as promised."""
    assert monthly(run(village, "2026-12-20 10:00")) == [
        ("freeze", "2026-11", True),
        ("seal", "2026-11", False),
    ]
    assert redeemable(village) == 0
    assert monthly(run(village, "2026-12-26 00:00")) == [("seal", "2026-11", True)]
    assert redeemable(village) == 10
    assert verify(village.engine) is None


def test_nothing_is_done_twice(village: Village) -> None:
    run(village, "2026-12-05 09:00")
    assert run(village, "2026-12-05 09:01") == []
    assert len(village.rows(notice)) == 1


def test_a_clock_set_back_a_month_does_nothing_again(village: Village) -> None:
    run(village, "2026-12-05 09:00")
    run(village, "2026-12-11 00:00")
    assert run(village, "2026-11-11 00:00") == []
    assert run(village, "2026-12-11 00:00") == []
    assert redeemable(village) == 10


def test_an_open_objection_lets_the_sealing_wait_and_says_why(village: Village) -> None:
    run(village, "2026-12-05 09:00")
    with village.engine.begin() as connection:
        id_ = object_to(connection, "visit.a1", "a3", Way.CARD, "没来过", village.now)
    (waiting,) = [e for e in run(village, "2026-12-11 00:00") if e.duty.kind.value == "seal"]
    assert "not answered yet" in waiting.outcome
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        answer(connection, id_, "a4", "查过", standards, village.now, upheld=False)
    assert monthly(run(village, "2026-12-11 01:00")) == [("seal", "2026-11", True)]


def test_each_weeks_checkpoint_holds_what_was_posted(village: Village) -> None:
    run(village, "2026-11-30 03:00")
    assert [row.deed for row in village.rows(log_leaf)] == ["visit.a1"]


def test_two_processes_at_once_do_each_duty_once(village: Village) -> None:
    now = dt.datetime(2026, 12, 5, 9, tzinfo=SHANGHAI)
    tried: list[Entry] = []

    def work() -> None:
        tried.extend(do_what_is_due(village.engine, SIGNER, now))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert monthly(tried) == [("freeze", "2026-11", True)]
    assert verify(village.engine) is None


def test_the_calendar_shows_what_is_due_and_what_was_done(village: Village) -> None:
    run(village, "2026-12-05 09:00")
    with village.engine.connect() as connection:
        shown = entries(connection, dt.datetime(2026, 12, 11, tzinfo=SHANGHAI))
    assert [(e.duty.kind.value, bool(e.done_at)) for e in shown if e.duty.scope == "village"] == [
        ("seal", False),
        ("freeze", True),
        ("settlement", True),
    ]


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Calendar("street", "2026-11", 5, 5), "not a community"),
        (Calendar("village", "November", 5, 5), "is no month"),
        (Calendar("village", "2026-11", 31, 5), "between 1 and 28"),
        (Calendar("village", "2026-11", 5, 0), "between 1 and 28"),
        (Calendar("village", "2026-11", 5, 5, window_days=61), "open for 1 to 60 days"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(
    village: Village, wanted: Calendar, says: str
) -> None:
    with village.engine.begin() as connection, pytest.raises(CalendarError, match=says):
        set_calendar(connection, wanted)
