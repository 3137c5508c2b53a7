"""A terminal with a valid key that does its worst: it is set apart, the others go on, and a
maintainer lets it out."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from doubles.clock import HandClock
from sqlalchemy import select

from linli.ledger.ingest import keeping, parking
from linli.ledger.ingest.guard import Guard
from linli.ledger.ingest.keeping import MOST_TAPS
from linli.ledger.ingest.retrying import retry
from linli.ledger.ingest.schema import parked, received, waiting_word
from linli.ledger.ingest.words import LATER, settle_words
from linli.ledger.journal.schema import deed
from linli.ledger.people.access_log import Staff
from linli.ledger.people.personal_schema import audit_log
from linli.ledger.review.queue import cases
from linli.ledger.review.risk import Doubt
from linli.ledger.standard.versions import StandardShelf
from linli.ledger.terminals.certifying import OutOfServiceError, admitted
from linli.ledger.terminals.quarantine import (
    Cause,
    QuarantineError,
    count_apart,
    let_out,
    require_free,
    set_apart,
)
from linli.sync import topics
from linli.sync.messages import CheckIn, Delivered, Envelope, Trust
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.village import Village, at

BY = Staff("孙工(sun)", "maintainer")
EVENTS = topics.events("t1")


def put_apart(village: Village) -> None:
    with village.engine.begin() as connection:
        assert set_apart(connection, "t1", Cause.FLOOD, village.now)


def free(village: Village) -> None:
    with village.engine.begin() as connection:
        let_out(connection, "t1", BY, "the program was at fault", village.now)


def flooded(guard: Guard) -> None:
    while guard.admits(EVENTS, b"x"):
        pass
    for _ in range(3000):
        guard.admits(EVENTS, b"x")


# --- what quarantine is ---------------------------------------------------------------------------


def test_nothing_of_one_in_quarantine_enters_the_books_and_nothing_of_it_is_lost(
    village: Village,
) -> None:
    put_apart(village)
    payload = village.batch(village.check_in("a1", "visit", "10:05"))
    assert village.deliver(payload) is None, "not answered: it keeps its events"
    assert village.rows(received) == []
    assert village.parked() == [], "nothing piles up at the ledger either"
    free(village)
    answer = village.deliver(payload)
    assert answer is not None
    assert answer.watermark == 1
    assert village.pending("a1") == 10


def test_it_is_let_out_once_and_both_stand_in_the_audit_log(village: Village) -> None:
    put_apart(village)
    free(village)
    with pytest.raises(QuarantineError, match="t1 is not in quarantine"):
        free(village)
    with village.engine.connect() as connection:
        said = connection.execute(select(audit_log.c.what, audit_log.c.who)).all()
    assert [tuple(row) for row in said] == [
        ("quarantine t1", "ledger"),
        ("let t1 out of quarantine", "孙工(sun)"),
    ]


def test_the_broker_lets_it_listen_and_takes_nothing_of_it(village: Village) -> None:
    put_apart(village)
    with village.engine.connect() as connection:
        (one,) = admitted(connection)
        assert one.quarantined
        assert count_apart(connection, "village") == 1
        with pytest.raises(OutOfServiceError, match="maintainer"):
            require_free(connection, "t1")


def test_what_was_set_aside_of_it_is_not_taken_after_all_meanwhile(village: Village) -> None:
    village.send(village.check_in("a1", "unknown-yet", "10:05"))
    put_apart(village)
    assert retry(village.engine, StandardShelf(), village.now) == 0


# --- how one comes into it ------------------------------------------------------------------------


def test_a_flood_is_set_apart_while_another_is_heard(village: Village) -> None:
    guard = Guard(village.engine, HandClock())
    guard.look()
    flooded(guard)
    assert guard.admits(topics.events("t2"), b"x")
    guard.look()
    with village.engine.connect() as connection:
        assert count_apart(connection, "village") == 1
    assert not guard.admits(EVENTS, b"x")
    assert not guard.admits(topics.health("t1"), b"x")
    assert not guard.admits_events("t1", 1)


def test_it_is_heard_again_once_it_is_let_out_by_another_process(village: Village) -> None:
    guard = Guard(village.engine, HandClock())
    guard.look()
    flooded(guard)
    guard.look()
    free(village)
    guard.look()
    assert guard.admits(EVENTS, b"x")


def test_a_guard_that_starts_anew_knows_who_is_in_quarantine(village: Village) -> None:
    put_apart(village)
    guard = Guard(village.engine, HandClock())
    guard.look()
    assert not guard.admits(EVENTS, b"x")


def test_names_of_nobody_share_one_account_however_many_are_made_up(village: Village) -> None:
    guard = Guard(village.engine, HandClock())
    guard.look()
    heard = sum(guard.admits(topics.events(f"made-up-{n}"), b"x") for n in range(5000))
    assert heard == 1000
    assert guard.admits(EVENTS, b"x"), "who is registered has their own"


def test_who_makes_the_ledger_work_for_minutes_is_set_apart(village: Village) -> None:
    guard = Guard(village.engine, HandClock())
    guard.look()
    for _ in range(5):
        guard.worked("t1", 75.0)
    guard.look()
    assert not guard.admits(EVENTS, b"x")


def test_a_chain_of_forks_without_end_is_a_pile_that_a_person_looks_at(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "PILE", 20)
    village.send(village.check_in("a1", "visit", "10:05"))
    for _ in range(21):
        village.deliver(village.batch(village.refused("a1", "10:05"), number=2, previous="ab" * 32))
    guard = Guard(village.engine, HandClock())
    guard.look()
    with village.engine.connect() as connection:
        assert count_apart(connection, "village") == 1
    assert village.pending("a1") == 10, "what it had brought rightly stands"


# --- what it can do before ------------------------------------------------------------------------


def test_rubbish_under_one_name_does_not_push_out_what_others_are_owed(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "UNSIGNED_OF_ONE", 20)
    village.deliver(b"what shows that another's key is wrong", "t2")
    for number in range(130):
        village.now += dt.timedelta(seconds=1)
        village.deliver(b"rubbish %d" % number)
    of = [one.terminal for one in village.parked()]
    assert "t2" in of
    assert of.count("t1") <= 20 + parking.TRIM_EVERY


def test_taps_of_one_pair_without_end_are_looked_at_no_more(village: Village) -> None:
    for _ in range(2):
        village.send(*(village.check_in("a1", "visit", "10:05") for _ in range(100)))
    kept = [row.applied for row in village.rows(received)]
    assert kept.count(True) == MOST_TAPS
    assert {one.reason for one in village.parked()} == {"too-many"}
    assert village.pending("a1") == 10


def test_words_that_wait_for_what_never_comes_are_bounded(village: Village) -> None:
    def delivered(number: int) -> Envelope:
        said = Delivered(account="a1", order=f"spend.t1.{10_000 + number}", door=1)
        return village.event(said, at("10:05"))

    village.send(*(delivered(number) for number in range(100)))
    village.send(*(delivered(number) for number in range(100, 150)))
    settle_words(village.engine, "t1", village.now)
    assert len(village.rows(waiting_word)) == LATER
    assert len(village.rows(parked)) == 50


def test_a_good_clock_that_is_heard_again_dates_nothing_anew(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.send(village.check_in("a1", "visit", "03:05", clockgood=False))
    village.send(village.refused("a2", "10:05"))
    derived: list[object] = []
    true = keeping.derive_from
    monkeypatch.setattr(
        keeping, "derive_from", lambda *args: (derived.append(args[1]), true(*args))[1]
    )
    village.send(village.refused("a2", "10:06"))
    assert derived == []


def test_invented_taps_earn_no_more_than_the_limits_and_the_panel_sees_the_rest(
    village: Village,
) -> None:
    village.send(
        village.check_in("a1", "story", "14:35"),
        village.check_in("a1", "story-again", "19:05"),
        village.check_in("a1", "invented", "10:00"),
        village.check_in("invented", "visit", "10:05"),
    )
    assert village.pending("a1") == 10
    assert village.month("a1") == 10
    assert {row.id: row.surplus for row in village.rows(deed)} == {
        "story.a1": False,
        "story-again.a1": True,
    }
    assert {one.reason for one in village.parked()} == {"unknown-activity", "unknown-account"}
    with village.engine.connect() as connection:
        shown = {case.deed.id: case.doubts for case in cases(connection, "village")}
    assert Doubt.OVER_LIMIT in shown["story-again.a1"]


@pytest.mark.parametrize("year", ["1970", "2099"])
def test_a_clock_decades_off_counts_in_no_ranking_of_today_and_is_doubted(
    village: Village, year: str
) -> None:
    event = CheckIn(account="a1", card="card-a1", activity="visit", trust=Trust.HIGH)
    village.send(village.event(event, dt.datetime(int(year), 6, 1, 12, tzinfo=SHANGHAI)))
    assert village.month("a1") == 0
    assert [row.flags for row in village.rows(deed) if "outside-window" not in row.flags] == []
    village.send(village.check_in("a1", "visit", "10:05"))
    assert village.month("a1") == 10, "a right tap takes its place"


@pytest.mark.parametrize(
    "payload",
    [
        b"[" * 500_000,
        b'{"batch":' * 100_000,
        b'{"batch":{"terminal":"t1","number":1,"previous":"","events":[' + b"[" * 100_000,
        b"\xff\xfe" * 1000,
        b'{"batch":"\xc3\x28"}',
        b"x" * (1024 * 1024 + 1),
        b"\x1f\x8b" + bytes(1000),
        json.dumps({"batch": {"terminal": "t1", "number": 10**400}}).encode(),
    ],
    ids=["deep", "deep-batches", "deep-events", "utf-16", "bad-utf-8", "giant", "bomb", "huge"],
)
def test_no_payload_stops_the_batch_that_comes_with_it(village: Village, payload: bytes) -> None:
    good = village.batch(village.check_in("a1", "visit", "10:05"))
    bad, answered = village.deliver_together([payload, good])
    assert bad is None
    assert answered is not None
    assert answered.watermark == 1
