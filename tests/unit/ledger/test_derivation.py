"""What follows from events: days, scores, limits, flags, standings."""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from linli.ledger.activities.planning import plan
from linli.ledger.audit.verify import verify
from linli.ledger.ingest.rescoring import adopt
from linli.ledger.ingest.retrying import retry_parked
from linli.ledger.ingest.stopping import cancel_activity, stop_card
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewCard, NewHolder
from linli.ledger.people.register import enrol
from linli.ledger.ranking.standings import rank
from linli.ledger.standard.document import parse_standard
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import ActivityRow, ItemLimit, Kind, StandardDoc, Trust
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.village import STANDARD, Village, activity, at

YEARS_AGO = dt.datetime(2020, 1, 2, 10, 0, tzinfo=SHANGHAI)


def limited(doc: StandardDoc, item: str, awards: int, first_day: dt.date) -> StandardDoc:
    """The same standard with a limit on one item, from a day on."""
    classes = [
        replace(
            class_,
            items=[
                replace(i, limit=ItemLimit(n=awards, per="quarter")) if i.code == item else i
                for i in class_.items
            ],
        )
        for class_ in doc.classes
    ]
    version = f"{first_day:%Y.%m.%d}"
    return replace(doc, classes=classes, effective_from=first_day, version=version)


def visits(day: dt.date) -> list[ActivityRow]:
    spans = ("09:00-09:30", "10:00-10:30", "11:00-11:30")
    return [activity(f"{day}-{n}", "D01", 10, span, day=day) for n, span in enumerate(spans)]


def test_over_the_limit_the_later_deed_is_surplus_whichever_came_first(village: Village) -> None:
    village.send(village.check_in("a1", "story-again", "19:05"))
    assert not village.deed("story-again.a1").surplus
    village.send(village.check_in("a1", "story", "14:40"))
    assert village.deed("story-again.a1").surplus
    assert not village.deed("story.a1").surplus
    assert (village.pending("a1"), village.month("a1")) == (10, 10)


def test_a_low_trust_tap_is_flagged_for_the_review(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "10:05", trust=Trust.LOW))
    assert village.deed("visit.a1").flags == "low-trust"


def test_a_tap_outside_the_window_is_flagged(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "16:05"))
    assert village.deed("visit.a1").flags == "outside-window"


def test_a_tap_that_arrives_days_later_is_flagged_and_counted(village: Village) -> None:
    village.now += dt.timedelta(days=20)
    village.send(village.check_in("a1", "visit", "10:05"))
    assert village.deed("visit.a1").flags == "late"
    assert village.month("a1") == 10


def test_a_tap_with_a_card_reported_lost_before_is_flagged(village: Village) -> None:
    with village.engine.begin() as connection:
        stop_card(connection, "card-a1", at("09:30"))
    village.send(village.check_in("a1", "visit", "10:05"))
    assert village.deed("visit.a1").flags == "stopped-card"


def test_a_card_reported_lost_afterwards_raises_a_doubt_too(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "10:05"))
    with village.engine.begin() as connection:
        stop_card(connection, "card-a1", at("09:30"))
    assert village.deed("visit.a1").flags == "stopped-card"
    assert verify(village.engine) is None


def test_a_check_in_at_an_activity_cancelled_afterwards_is_kept_with_a_doubt(
    village: Village,
) -> None:
    village.send(village.check_in("a1", "visit", "10:05"))
    with village.engine.begin() as connection:
        assert cancel_activity(connection, "visit", village.now)
    assert (village.deed("visit.a1").flags, village.pending("a1")) == ("outside-window", 10)
    assert verify(village.engine) is None


def test_a_tap_with_a_wrong_date_never_takes_the_place_of_a_right_one(village: Village) -> None:
    right = village.check_in("a1", "visit", "10:05")
    village.send(right, replace(village.check_in("a1", "visit", "10:00"), time=YEARS_AGO))
    assert village.deed("visit.a1").done_at == at("10:05")
    assert village.pending("a1") == 10
    assert "outside-window" in village.deed("visit.a1").flags


def test_nor_does_it_stand_for_the_time_somebody_stayed(village: Village) -> None:
    village.send(
        replace(village.check_in("a1", "patrol", "09:00"), time=YEARS_AGO),
        village.check_in("a1", "patrol", "10:00"),
        village.sign_out("a1", "patrol", "10:05"),
    )
    assert village.deed("patrol.a1") is None


def test_a_made_up_monotonic_time_dates_nothing(village: Village) -> None:
    village.send(
        village.check_in("a1", "visit", "10:05", clockgood=False, monotonicms=2**53 - 1),
        village.check_in("a2", "visit", "10:06", monotonicms=0),
    )
    assert village.deed("visit.a1").flags == "clock"
    assert verify(village.engine) is None


def test_a_version_between_two_others_limits_what_the_later_one_scores(village: Village) -> None:
    """Whichever was imported first."""
    start = dt.date(2026, 11, 24)
    plain = parse_standard(STANDARD)
    later, between = start + dt.timedelta(5), start + dt.timedelta(2)
    with village.engine.begin() as connection:
        adopt(connection, limited(plain, "D01", 3, later), village.now)
        standards = StandardShelf().read(connection)
        plan(connection, "village", visits(later), standards, village.now)
    taps = [village.check_in("a1", visit.id, "10:05") for visit in visits(later)]
    village.send(*[replace(t, time=v.starts_at) for t, v in zip(taps, visits(later), strict=True)])
    assert village.pending("a1") == 30
    with village.engine.begin() as connection:
        adopt(connection, limited(plain, "D01", 1, between), village.now)
    assert village.pending("a1") == 10
    assert verify(village.engine) is None


def test_a_clock_set_right_later_in_the_boot_dates_the_events_before(village: Village) -> None:
    early = village.check_in("a1", "visit", "03:00", clockgood=False, monotonicms=60_000)
    village.send(early)
    assert village.deed("visit.a1").flags == "clock outside-window"
    village.send(village.check_in("a2", "visit", "10:10", monotonicms=360_000))
    assert village.deed("visit.a1").done_at == at("10:05")
    assert village.deed("visit.a1").flags == "re-dated"
    assert verify(village.engine) is None


def test_the_clock_of_another_boot_dates_nothing(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "03:00", clockgood=False, bootid="b1"))
    village.send(village.check_in("a2", "visit", "10:10", bootid="b2"))
    assert village.deed("visit.a1").done_at == at("03:00")


def test_a_deed_that_the_right_clock_undoes_is_withdrawn(village: Village) -> None:
    village.send(
        village.check_in("a1", "patrol", "02:00", clockgood=False, bootid="b1", monotonicms=0),
        village.sign_out("a1", "patrol", "09:40", bootid="b2"),
    )
    assert village.pending("a1") == 10
    village.send(village.check_in("a2", "visit", "10:00", bootid="b1", monotonicms=3_000_000))
    assert village.deed("patrol.a1").state == "voided"
    assert village.pending("a1") == 0
    assert verify(village.engine) is None


def test_a_withdrawn_deed_comes_back_with_a_later_sign_out(village: Village) -> None:
    test_a_deed_that_the_right_clock_undoes_is_withdrawn(village)
    village.send(village.sign_out("a1", "patrol", "10:50", bootid="b2"))
    assert village.deed("patrol.a1").transfer == "patrol.a1#2"
    assert village.pending("a1") == 10
    assert verify(village.engine) is None


def test_a_new_version_scores_the_deeds_from_its_first_day_on(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "10:05"))
    text = STANDARD.replace("2026-01-01", "2026-11-24").replace("2026-01\n", "2026-11\n")
    text = text.replace(
        "{code: D01, name: 探访独居老人, points: 10", "{code: D01, name: 探访, points: 20"
    )
    with village.engine.begin() as connection:
        assert adopt(connection, parse_standard(text), village.now)
    assert (village.pending("a1"), village.month("a1")) == (20, 20)
    assert verify(village.engine) is None


def test_a_person_enrolled_later_gets_the_deeds_that_were_parked(village: Village) -> None:
    village.send(village.check_in("new", "visit", "10:05"))
    assert [p.reason for p in village.parked()] == ["unknown-account"]
    with village.engine.begin() as connection:
        enrol(connection, [NewHolder("new", "李四", Kind.RESIDENT, "b1", True, False)], village.now)
        issue_cards(
            connection, [NewCard("card-new", "04aabbccddeeff", "new", "ntag213", None)], village.now
        )
        standards = StandardShelf().read(connection)
        assert retry_parked(connection, standards, village.now) == 1
    assert village.pending("new") == 10
    assert village.parked() == []
    assert verify(village.engine) is None


def test_equal_points_share_a_rank_and_the_next_one_skips(village: Village) -> None:
    village.send(
        village.check_in("a1", "visit", "10:01"),
        village.check_in("a1", "story", "14:31"),
        village.check_in("a2", "visit", "10:02"),
        village.check_in("a3", "visit", "10:03"),
    )
    with village.engine.connect() as connection:
        ranks = [rank(connection, "2026-11", Kind.RESIDENT, "village", n) for n in (20, 10, 5)]
    assert ranks == [1, 2, 4]
