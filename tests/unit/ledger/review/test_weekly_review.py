"""The panel decides the week's deeds: together, with reasons, and never on its own behalf."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from linli.ledger.audit.verify import verify
from linli.ledger.review.opinions import Choice
from linli.ledger.review.panel import LEADER, MEMBER, appoint, dismiss, set_quorum
from linli.ledger.review.queue import Case, cases
from linli.ledger.review.risk import Doubt
from linli.ledger.review.schema import opinion, verdict
from linli.ledger.review.weekly import ReviewError, Said, StaleError, Taken, complete, say
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import Trust
from tests.unit.ledger.village import Village

POST, VOID, RETURN = Choice.POST, Choice.VOID, Choice.RETURN
PANEL = ("a4", "a5", "a6")


@pytest.fixture
def village(village: Village) -> Village:
    """Three members, two of whom must agree; two deeds wait."""
    with village.engine.begin() as connection:
        set_quorum(connection, "village", 2)
        for account in PANEL:
            role = LEADER if account == "a4" else MEMBER
            appoint(connection, "village", account, role, "居民代表", village.now)
    village.send(
        village.check_in("a1", "visit", "10:05"),
        village.check_in("a2", "visit", "10:06", trust=Trust.LOW),
    )
    return village


def waiting(village: Village) -> list[Case]:
    with village.engine.connect() as connection:
        return cases(connection, "village")


def tell(
    village: Village, member: str, choice: Choice, *ids: str, reason: str = "查无此事"
) -> Taken:
    shown = {case.deed.id: case.seen for case in waiting(village)}
    said = [Said(id_, choice, shown.get(id_, ""), reason) for id_ in ids]
    return tell_exactly(village, member, said)


def tell_exactly(village: Village, member: str, said: list[Said]) -> Taken:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        return say(connection, "village", member, said, standards, village.now)


def test_the_doubtful_comes_first(village: Village) -> None:
    first, second = waiting(village)
    assert (first.deed.id, first.doubts) == ("visit.a2", (Doubt.LOW_TRUST,))
    assert (second.deed.id, second.doubts, second.risk) == ("visit.a1", (), 0)


def test_one_voice_posts_nothing(village: Village) -> None:
    assert tell(village, "a4", POST, "visit.a1").waiting == ["visit.a1"]
    assert (village.posted("a1"), village.pending("a1")) == (0, 10)


def test_a_quorum_posts_in_bulk(village: Village) -> None:
    tell(village, "a4", POST, "visit.a1", "visit.a2")
    taken = tell(village, "a5", POST, "visit.a1", "visit.a2")
    assert taken.decided == {"visit.a1": POST, "visit.a2": POST}
    assert (village.posted("a1"), village.pending("a1")) == (10, 0)
    assert not waiting(village)
    assert verify(village.engine) is None


def test_a_quorum_voids_with_the_reason(village: Village) -> None:
    tell(village, "a4", VOID, "visit.a2")
    tell(village, "a6", VOID, "visit.a2", reason="当天不在现场")
    assert village.deed("visit.a2").state == "voided"
    assert [(r.choice, r.reason, r.week) for r in village.rows(verdict)] == [
        ("void", "当天不在现场", "2026-W48")
    ]
    assert verify(village.engine) is None


def test_a_void_needs_a_reason(village: Village) -> None:
    with pytest.raises(ReviewError, match="give the reason"):
        tell(village, "a4", VOID, "visit.a1", reason="  ")


def test_somebody_outside_the_panel_says_nothing(village: Village) -> None:
    with pytest.raises(ReviewError, match="a3 is not on the panel"):
        tell(village, "a3", POST, "visit.a1")


def test_a_member_who_left_no_longer_counts(village: Village) -> None:
    tell(village, "a4", POST, "visit.a1")
    with village.engine.begin() as connection:
        dismiss(connection, "village", "a4", village.now)
    assert tell(village, "a5", POST, "visit.a1").waiting == ["visit.a1"]
    assert tell(village, "a6", POST, "visit.a1").decided == {"visit.a1": POST}


def test_nobody_decides_on_their_own_deed_and_nothing_of_the_call_is_taken(
    village: Village,
) -> None:
    village.send(village.check_in("a4", "visit", "10:07"))
    with pytest.raises(ReviewError, match="it is their own"):
        tell(village, "a4", POST, "visit.a1", "visit.a4")
    assert not village.rows(opinion)


def test_the_same_voice_twice_is_one(village: Village) -> None:
    tell(village, "a4", POST, "visit.a1")
    assert tell(village, "a4", POST, "visit.a1").waiting == ["visit.a1"]
    assert len(village.rows(opinion)) == 1


def test_a_member_may_think_again_and_both_words_are_kept(village: Village) -> None:
    tell(village, "a4", POST, "visit.a1")
    tell(village, "a4", VOID, "visit.a1")
    assert tell(village, "a5", POST, "visit.a1").waiting == ["visit.a1"]
    assert [(r.turn, r.choice) for r in village.rows(opinion) if r.member == "a4"] == [
        (1, "post"),
        (2, "void"),
    ]


def test_a_deed_that_changed_since_it_was_shown_must_be_looked_at_again(village: Village) -> None:
    shown = next(case.seen for case in waiting(village) if case.deed.id == "visit.a1")
    village.send(village.check_in("a1", "visit", "10:01"))
    with pytest.raises(StaleError, match="has changed"):
        tell_exactly(village, "a4", [Said("visit.a1", POST, shown)])


def test_a_deed_decided_meanwhile_is_no_longer_before_the_panel(village: Village) -> None:
    shown = next(case.seen for case in waiting(village) if case.deed.id == "visit.a1")
    for member in ("a4", "a5"):
        tell(village, member, POST, "visit.a1")
    with pytest.raises(StaleError, match="decided or returned"):
        tell_exactly(village, "a6", [Said("visit.a1", VOID, shown, "迟到")])


def test_what_is_over_its_limit_can_only_be_voided(village: Village) -> None:
    village.send(
        village.check_in("a1", "story", "14:40"), village.check_in("a1", "story-again", "19:10")
    )
    with pytest.raises(ReviewError, match="over its item's limit"):
        tell(village, "a4", POST, "story-again.a1")
    for member in ("a4", "a5"):
        tell(village, member, VOID, "story-again.a1")
    assert verify(village.engine) is None


def test_a_returned_deed_waits_elsewhere_and_comes_back_to_its_place(village: Village) -> None:
    for member in ("a4", "a5"):
        tell(village, member, RETURN, "visit.a2", reason="请补照片")
    assert [case.deed.id for case in waiting(village)] == ["visit.a1"]
    assert village.pending("a2") == 10
    with village.engine.begin() as connection:
        complete(connection, "visit.a2", "现场照片两张", village.now)
    first, _ = waiting(village)
    assert (first.deed.id, first.round, first.opinions) == ("visit.a2", 2, {})
    for member in ("a4", "a5"):
        tell(village, member, POST, "visit.a2")
    assert village.posted("a2") == 10
    assert verify(village.engine) is None


def test_only_what_was_returned_can_be_completed_and_once(village: Village) -> None:
    with village.engine.begin() as connection, pytest.raises(ReviewError, match="was not returned"):
        complete(connection, "visit.a1", "照片", village.now)


def test_an_event_that_changes_a_returned_deed_changes_it(village: Village) -> None:
    for member in ("a4", "a5"):
        tell(village, member, RETURN, "visit.a1", reason="请补照片")
    village.now += dt.timedelta(hours=1)
    village.send(village.check_in("a1", "visit", "10:01"))
    with village.engine.connect() as connection:
        assert connection.execute(select(verdict.c.deed)).scalars().all() == ["visit.a1"]
    assert verify(village.engine) is None
