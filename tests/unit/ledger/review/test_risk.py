"""What a reviewer sees first, and who was in two places at once."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.review.risk import Doubt, Visit, in_two_places, risk

DAY = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


def visit(name: str, centre: str, since: int, until: int) -> Visit:
    minutes = dt.timedelta(minutes=1)
    return Visit(name, centre, DAY + since * minutes, DAY + until * minutes)


def test_a_deed_without_doubt_has_no_risk() -> None:
    assert risk([]) == 0


@given(st.lists(st.sampled_from(Doubt)), st.sampled_from(Doubt))
def test_one_more_doubt_never_lowers_the_risk(doubts: list[Doubt], more: Doubt) -> None:
    assert risk([*doubts, more]) >= risk(doubts)


def test_a_stopped_card_weighs_more_than_a_card_without_keys() -> None:
    assert risk([Doubt.STOPPED_CARD]) > risk([Doubt.LOW_TRUST, Doubt.LATE])


def test_overlapping_visits_to_two_centres_are_impossible() -> None:
    visits = [
        visit("a", "north", 0, 60),
        visit("b", "south", 30, 90),
        visit("c", "south", 200, 210),
    ]
    assert in_two_places(visits) == {"a", "b"}


def test_so_are_visits_without_time_for_the_way() -> None:
    assert in_two_places([visit("a", "north", 0, 60), visit("b", "south", 65, 90)]) == {"a", "b"}


def test_two_things_at_one_centre_are_not() -> None:
    assert not in_two_places([visit("a", "north", 0, 60), visit("b", "north", 30, 90)])
