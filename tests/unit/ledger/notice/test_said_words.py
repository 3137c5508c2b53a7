"""An objection and a consent at a terminal count as if they were said anywhere else."""

from __future__ import annotations

import datetime as dt

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.ingest.words import settle_words
from linli.ledger.notice.publishing import freeze, read_notice, seal
from linli.ledger.people.access_log import Staff
from linli.ledger.people.cards import block_card
from linli.ledger.people.consenting import set_consent
from linli.ledger.people.erasing import erase
from linli.ledger.schema import holder, objection
from linli.sync.messages import Consent, Event, Objection, Trust
from tests.unit.ledger.village import Village

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def village(village: Village) -> Village:
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", village.now)
    village.now += DAY
    return village


def object_(deed: str = "visit.a1", who: str = "a3", card: str = "") -> Objection:
    card = card or f"card-{who}"
    return Objection(account=who, card=card, trust=Trust.LOW, deed=deed, words="人没有来")


def consent(agreed: bool, who: str = "a1", trust: Trust = Trust.HIGH) -> Consent:
    return Consent(account=who, card=f"card-{who}", trust=trust, agreed=agreed)


def say(village: Village, *events: Event, ago: dt.timedelta = HOUR, **more: object) -> None:
    """So long before it is heard."""
    at = village.now - ago
    village.send(*[village.event(event, at, **more) for event in events])
    settle_words(village.engine, "t1", village.now)


def agreed(village: Village, who: str = "a1") -> bool:
    return bool(next(row.public_consent for row in village.rows(holder) if row.account == who))


def why(village: Village) -> list[tuple[str, str]]:
    return [(one.reason, one.detail) for one in village.parked()]


# --- objections ------------------------------------------------------------------------------


def test_an_objection_at_a_terminal_is_taken(village: Village) -> None:
    say(village, object_())
    (row,) = village.rows(objection)
    assert (row.deed, row.account, row.way, row.words) == ("visit.a1", "a3", "card", "人没有来")
    assert why(village) == []
    assert verify(village.engine) is None


def test_the_same_batch_again_objects_once(village: Village) -> None:
    payload = village.batch(village.event(object_(), village.now))
    for _ in range(3):
        village.deliver(payload)
        settle_words(village.engine, "t1", village.now)
    assert len(village.rows(objection)) == 1


def test_what_is_on_no_notice_is_parked_with_the_reason(village: Village) -> None:
    say(village, object_("story.a3"))
    assert why(village) == [("refused", "deed story.a3 is on no notice that hangs now")]
    assert village.rows(objection) == []
    assert verify(village.engine) is None


def test_who_objected_in_time_is_heard_though_the_terminal_was_cut_off(village: Village) -> None:
    with village.engine.connect() as connection:
        hanging = read_notice(connection, "village", "2026-11")
    assert hanging is not None
    village.now = hanging.until + HOUR
    say(village, object_(), ago=2 * HOUR)
    say(village, object_("visit.a2"), ago=dt.timedelta(minutes=5))
    assert [row.deed for row in village.rows(objection)] == ["visit.a1"]
    assert [reason for reason, _ in why(village)] == ["refused"]


def test_after_the_sealing_it_is_too_late_for_everybody(village: Village) -> None:
    village.now += 6 * DAY
    with village.engine.begin() as connection:
        seal(connection, "village", "2026-11", village.now)
    say(village, object_(), ago=6 * DAY)
    assert village.rows(objection) == []


def test_nobody_objects_with_somebody_elses_card(village: Village) -> None:
    say(village, object_(card="card-a2"))
    assert [reason for reason, _ in why(village)] == ["unknown-card"]


def test_a_card_that_was_stopped_says_nothing(village: Village) -> None:
    with village.engine.begin() as connection:
        block_card(connection, "card-a3", village.now - 2 * HOUR)
    say(village, object_())
    assert [reason for reason, _ in why(village)] == ["refused"]
    say(village, object_(), ago=3 * HOUR)
    assert len(village.rows(objection)) == 1


# --- consents --------------------------------------------------------------------------------


def test_a_consent_is_taken_back_and_given(village: Village) -> None:
    say(village, consent(False), ago=2 * HOUR)
    assert not agreed(village)
    say(village, consent(True))
    assert agreed(village)
    assert verify(village.engine) is None


def test_a_card_that_can_be_copied_takes_a_consent_back_and_gives_none(village: Village) -> None:
    say(village, consent(True))
    say(village, consent(False, trust=Trust.LOW))
    assert not agreed(village)
    say(village, consent(True, trust=Trust.LOW))
    assert not agreed(village)
    assert why(village) == [
        ("refused", "a card that can be copied agrees to nothing: ask them again")
    ]


def test_a_terminal_that_was_cut_off_shows_no_name_that_was_hidden_since(village: Village) -> None:
    with village.engine.begin() as connection:
        set_consent(connection, "a1", village.now - HOUR, agreed=False)
    say(village, consent(True), ago=2 * HOUR)
    assert not agreed(village)
    assert why(village) == []


def test_who_agreed_by_a_clock_nobody_vouches_for_is_asked_again(village: Village) -> None:
    say(village, consent(False), clockgood=False, bootid="dark")
    assert not agreed(village)
    say(village, consent(True), clockgood=False, bootid="dark")
    assert not agreed(village)
    assert [reason for reason, _ in why(village)] == ["refused"]


def test_a_clock_that_was_set_right_later_dates_what_was_said_before(village: Village) -> None:
    wrong = village.now - 400 * DAY
    first = village.event(consent(False), wrong, clockgood=False, bootid="late", monotonicms=1000)
    good = village.event(consent(True, "a2"), village.now, bootid="late", monotonicms=61_000)
    village.send(first, good)
    settle_words(village.engine, "t1", village.now)
    said = next(row.consent_said_at for row in village.rows(holder) if row.account == "a1")
    assert said == village.now - dt.timedelta(minutes=1)


def test_for_somebody_who_was_forgotten_nothing_is_said_any_more(village: Village) -> None:
    with village.engine.begin() as connection:
        clerk = Staff("王红(wang)", "clerk")
        erase(connection, "a1", clerk, "本人要求", village.now - 3 * HOUR)
    say(village, consent(True), ago=4 * HOUR)
    assert [reason for reason, _ in why(village)] == ["refused"]
    assert not agreed(village)
