"""Candidates come by rule, the panel chooses, and each who was chosen has a certificate."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.awards.deciding import AwardError, certificate, propose_candidates, vote
from linli.ledger.awards.rules import Title, Year, propose
from linli.ledger.awards.schema import candidate
from linli.ledger.documents.render import pdf
from linli.ledger.notice.objecting import take_back
from linli.ledger.review.panel import LEADER, MEMBER, appoint, set_quorum
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import Kind
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.village import Village

JANUARY = dt.datetime(2027, 1, 10, 9, tzinfo=SHANGHAI)


def year(account: str, kind: Kind = Kind.RESIDENT, taken_back: int = 0, **points: int) -> Year:
    return Year(account, kind, points, taken_back)


def test_the_star_goes_by_all_points_the_neighbour_by_helping() -> None:
    found = propose([year("a", B=50, D=5), year("b", D=20, F=20), year("c")])
    assert [(p.account, p.points) for p in found[Title.STAR]] == [("a", 55), ("b", 40)]
    assert [(p.account, p.points) for p in found[Title.NEIGHBOUR]] == [("b", 40), ("a", 5)]


def test_units_and_who_had_a_deed_taken_back_are_not_proposed() -> None:
    assert not propose([year("u", Kind.UNIT, B=50), year("a", taken_back=1, B=50)])[Title.STAR]


def test_equal_points_are_proposed_together_even_beyond_ten() -> None:
    found = propose([year(f"a{n:02d}", B=10) for n in range(12)])
    assert [p.rank for p in found[Title.STAR]] == [1] * 12


@given(st.lists(st.integers(0, 50), max_size=30))
def test_nobody_with_more_points_is_left_out(points: list[int]) -> None:
    years = [year(f"a{n:02d}", B=some) for n, some in enumerate(points)]
    proposed = {p.account: p.points for p in propose(years)[Title.STAR]}
    left_out = [y.by_class["B"] for y in years if y.account not in proposed]
    assert all(some == 0 or some < min(proposed.values()) for some in left_out)


@pytest.fixture
def village(village: Village) -> Village:
    """a1 and a2 have helped in 2026, a3 had a deed taken back; a4 and a5 sit on the panel."""
    with village.engine.begin() as connection:
        set_quorum(connection, "village", 2)
        for account, role in (("a1", MEMBER), ("a4", LEADER), ("a5", MEMBER)):
            appoint(connection, "village", account, role, "居民代表", village.now)
    village.send(*[village.check_in(f"a{n}", "visit", "10:05") for n in (1, 2, 3)])
    village.decide(*[f"visit.a{n}" for n in (1, 2, 3)])
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        take_back(connection, "visit.a3", "没来", standards, village.now, sealed=False)
    village.now = JANUARY
    return village


def proposed(village: Village) -> None:
    with village.engine.begin() as connection:
        propose_candidates(connection, "village", "2026", village.now)


def said(village: Village, member: str, account: str = "a2", *, in_favour: bool = True) -> bool:
    with village.engine.begin() as connection:
        title = Title.NEIGHBOUR
        return vote(
            connection, "village", "2026", title, account, member, village.now, in_favour=in_favour
        )


def test_candidates_are_proposed_once_when_the_year_is_over(village: Village) -> None:
    proposed(village)
    assert {(r.title, r.account) for r in village.rows(candidate)} == {
        ("star", "a1"),
        ("star", "a2"),
        ("neighbour", "a1"),
        ("neighbour", "a2"),
    }
    with pytest.raises(AwardError, match="already"):
        proposed(village)


def test_not_before(village: Village) -> None:
    village.now -= dt.timedelta(days=10)
    with pytest.raises(AwardError, match="not over yet"):
        proposed(village)


def test_a_quorum_in_favour_chooses_and_there_is_a_certificate(village: Village) -> None:
    proposed(village)
    assert not said(village, "a4")
    assert said(village, "a5")
    with village.engine.connect() as connection:
        made = certificate(connection, "2026-village-001", "张小二", "支部", JANUARY.date())
    assert (made.name, made.year, made.points) == ("张小二", 2026, 10)
    assert pdf(made).startswith(b"%PDF")


def test_who_thought_again_no_longer_counts(village: Village) -> None:
    proposed(village)
    said(village, "a4")
    said(village, "a4", in_favour=False)
    assert not said(village, "a5")


@pytest.mark.parametrize(
    ("member", "account", "says"),
    [
        ("a6", "a2", "not on the panel"),
        ("a1", "a1", "not vote on themselves"),
        ("a4", "a3", "no candidate"),
    ],
)
def test_a_ballot_that_cannot_be_taken_says_why(
    village: Village, member: str, account: str, says: str
) -> None:
    proposed(village)
    with pytest.raises(AwardError, match=says):
        said(village, member, account)


def test_once_chosen_the_ballot_is_closed(village: Village) -> None:
    proposed(village)
    said(village, "a4")
    said(village, "a5")
    with pytest.raises(AwardError, match="chosen"):
        said(village, "a1")


def test_there_is_no_certificate_for_nobody(village: Village) -> None:
    with village.engine.connect() as connection, pytest.raises(AwardError, match="no certificate"):
        certificate(connection, "2026-village-009", "张", "支部", JANUARY.date())
