"""Two accounts of one person become one, and the books still balance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, insert, select, text, update

from linli.ledger.audit.verify import verify
from linli.ledger.ingest.stopping import stop_card
from linli.ledger.journal.carrying import carry_over
from linli.ledger.notice.debts import owed_by, settle_debts
from linli.ledger.notice.objecting import take_back
from linli.ledger.notice.publishing import freeze, seal
from linli.ledger.people.checks import NewHolder, NewOrg, PeopleError
from linli.ledger.people.leaving import leave
from linli.ledger.people.merging import merge
from linli.ledger.people.moving import move
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.ranking.standings import rank
from linli.ledger.review.opinions import Choice
from linli.ledger.review.panel import MEMBER, appoint
from linli.ledger.review.queue import cases
from linli.ledger.review.weekly import ReviewError, Said, say
from linli.ledger.schema import account, card, merged, notice, transfer
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import CardRow, HolderRow, Kind, Row, StandingRow, Stream
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.village import Village, at

DECEMBER = dt.datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
SEALING = dt.datetime(2026, 12, 10, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def village(village: Village) -> Village:
    """a1 has a visit posted and a story pending, a2 a visit posted."""
    village.send(
        village.check_in("a1", "visit", "10:05"),
        village.check_in("a2", "visit", "10:06"),
        village.check_in("a1", "story", "14:40"),
    )
    village.decide("visit.a1", "visit.a2")
    return village


def join(village: Village, loser: str = "a1", winner: str = "a2") -> bool:
    with village.engine.begin() as connection:
        return merge(connection, loser, winner, village.now)


def balance(village: Village, purse: str) -> int:
    return next(row.posted for row in village.rows(account) if row.id == purse)


def seal_november(village: Village) -> None:
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", DECEMBER)
        seal(connection, "village", "2026-11", SEALING)


def correct(village: Village, deed_id: str, *, sealed: bool) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        take_back(connection, deed_id, "没有来", standards, SEALING, sealed=sealed)


def test_the_winner_has_what_both_had(village: Village) -> None:
    assert join(village)
    assert (village.posted("a1"), village.posted("a2")) == (0, 20)
    moves = [row for row in village.rows(transfer) if row.id.startswith("merge.")]
    assert [(m.id, m.debit, m.credit, m.points) for m in moves] == [
        ("merge.a1.1", "a1:earned", "a2:earned", 10)
    ]
    assert village.deed("visit.a1").account == "a1"
    assert verify(village.engine) is None


def test_merging_again_changes_nothing(village: Village) -> None:
    join(village)
    before = village.rows(transfer)
    assert not join(village)
    assert village.rows(transfer) == before
    assert len(village.rows(merged)) == 1


def test_what_is_posted_later_goes_to_the_winner_too(village: Village) -> None:
    join(village)
    assert village.pending("a1") == 10
    village.decide("story.a1")
    assert (village.posted("a1"), village.posted("a2")) == (0, 30)
    assert verify(village.engine) is None


def test_the_person_is_ranked_once_with_all_points(
    village: Village, told: Callable[[Engine, str, Stream], list[Row]]
) -> None:
    join(village)
    assert (village.month("a1"), village.month("a2")) == (0, 30)
    with village.engine.connect() as connection:
        assert rank(connection, "2026-11", Kind.RESIDENT, "village", 0) == 2
    village.send(village.check_in("a1", "story-again", "19:30"))
    rows = told(village.engine, "village", Stream.CHANGES)
    newest = {(r.account, r.period): r for r in rows if isinstance(r, StandingRow)}
    assert newest["a1", "2026-11"].posted + newest["a1", "2026-11"].pending == 0
    assert newest["a2", "2026-11"].pending + newest["a2", "2026-11"].posted == village.month("a2")
    assert verify(village.engine) is None


def test_the_losers_cards_are_the_winners(
    village: Village, told: Callable[[Engine, str, Stream], list[Row]]
) -> None:
    join(village)
    with village.engine.connect() as connection:
        of = select(card.c.account, card.c.status).where(card.c.id == "card-a1")
        assert connection.execute(of).one() == ("a2", "active")
    rows = told(village.engine, "village", Stream.HOLDERS)
    assert [r.account for r in rows if isinstance(r, CardRow) and r.card == "card-a1"][-1] == "a2"
    village.send(village.check_in("a2", "story", "14:50", card="card-a1"))
    assert village.deed("story.a2").flags == ""
    assert verify(village.engine) is None


def test_a_terminal_that_has_not_heard_of_it_loses_nobody_a_deed(village: Village) -> None:
    join(village)
    village.send(
        village.check_in("a1", "patrol", "09:10"), village.sign_out("a1", "patrol", "10:11")
    )
    assert village.deed("patrol.a1").state == "pending"
    assert village.parked() == []
    assert village.month("a2") == 40


def test_stopping_a_card_that_changed_hands_looks_at_the_losers_taps_too(village: Village) -> None:
    join(village)
    with village.engine.begin() as connection:
        stop_card(connection, "card-a1", at("12:00"))
    assert village.deed("story.a1").flags == "stopped-card"
    assert village.deed("visit.a1").flags == ""
    assert verify(village.engine) is None


@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_months_are_sealed_whenever_the_merge_is(village: Village, when: str) -> None:
    if when == "before":
        join(village)
        seal_november(village)
    elif when == "between":
        with village.engine.begin() as connection:
            freeze(connection, "village", "2026-11", DECEMBER)
            merge(connection, "a1", "a2", DECEMBER)
            seal(connection, "village", "2026-11", SEALING)
    else:
        seal_november(village)
        village.now = SEALING
        join(village)
    assert balance(village, "a2:redeemable") == 20
    assert balance(village, "a1:redeemable") == 0
    assert verify(village.engine) is None


@pytest.mark.parametrize("sealed", [False, True])
def test_a_losers_deed_that_is_taken_back_costs_the_winner(village: Village, sealed: bool) -> None:
    join(village)
    if sealed:
        seal_november(village)
    correct(village, "visit.a1", sealed=sealed)
    assert balance(village, "a2:redeemable" if sealed else "a2:earned") == 10
    assert verify(village.engine) is None


def test_what_the_loser_owes_is_paid_by_the_winner(village: Village) -> None:
    seal_november(village)
    with village.engine.begin() as connection:
        connection.execute(update(account).where(account.c.id == "a1:redeemable").values(posted=0))
        connection.execute(insert(account).values(SPENT))
    correct(village, "visit.a1", sealed=True)
    with village.engine.begin() as connection:
        assert owed_by(connection, "a1") == 10
        merge(connection, "a1", "a2", SEALING)
        assert owed_by(connection, "a2") == 0
        settle_debts(connection, ["a2"], SEALING)
    assert balance(village, "a2:redeemable") == 0


SPENT = {
    "id": "shop",
    "holder": None,
    "purse": "shop",
    "system": True,
    "posted": 10,
    "pending": 0,
}


def test_points_brought_along_under_the_old_number_are_the_winners(village: Village) -> None:
    join(village)
    with village.engine.begin() as connection:
        carry_over(connection, {"a1": 7, "a3": 5}, "旧台账", village.now)
    assert balance(village, "a1:redeemable") == 0
    assert balance(village, "a2:redeemable") == 7
    assert balance(village, "a3:redeemable") == 5
    assert verify(village.engine) is None


def test_the_whole_person_moves(village: Village) -> None:
    join(village)
    with village.engine.begin() as connection:
        other = [
            NewOrg("hupan", "street", "community", "湖畔社区"),
            NewOrg("h1", "hupan", "building", "1号楼"),
        ]
        add_orgs(connection, other, village.now)
        move(connection, "a2", "h1", village.now)
        assert [case.deed.id for case in cases(connection, "hupan")] == ["story.a1"]
        assert rank(connection, "2026-11", Kind.RESIDENT, "hupan", 0) == 2
    assert verify(village.engine) is None


def test_who_leaves_leaves_under_both_numbers(village: Village) -> None:
    join(village)
    with village.engine.begin() as connection:
        leave(connection, "a2", at("23:00"))
    village.now = at("23:59")
    assert (village.month("a1"), village.month("a2")) == (0, 0)
    village.decide("story.a1")
    assert (village.month("a2"), village.posted("a2")) == (0, 30)
    assert verify(village.engine) is None


def test_three_accounts_of_one_person(village: Village) -> None:
    village.send(village.check_in("a3", "visit", "10:08"))
    village.decide("visit.a3")
    join(village, "a1", "a2")
    join(village, "a2", "a3")
    assert not join(village, "a1", "a3")
    assert (village.posted("a2"), village.posted("a3")) == (0, 30)
    village.decide("story.a1")
    assert village.posted("a3") == 40
    assert village.month("a3") == 40
    assert verify(village.engine) is None


def test_who_left_and_came_back_under_another_number_has_both(village: Village) -> None:
    with village.engine.begin() as connection:
        leave(connection, "a1", at("13:00"))
    assert village.deed("story.a1").state == "voided"
    join(village)
    assert village.deed("story.a1").state == "pending"
    assert village.month("a2") == 30
    assert verify(village.engine) is None


def test_nobody_decides_on_what_they_did_under_another_number(village: Village) -> None:
    with village.engine.begin() as connection:
        appoint(connection, "village", "a2", MEMBER, "居民代表", village.now)
    join(village)
    with village.engine.begin() as connection:
        (case,) = cases(connection, "village")
        said = [Said(case.deed.id, Choice.POST, case.seen, "")]
        standards = StandardShelf().read(connection)
        with pytest.raises(ReviewError, match="their own"):
            say(connection, "village", "a2", said, standards, village.now)


@pytest.mark.parametrize(
    ("loser", "winner", "says"),
    [
        ("a1", "a1", "with itself"),
        ("a1", "a9", "no account 'a9'"),
        ("a1", "u1", "of one kind"),
        ("a1", "a8", "move one of them first"),
        ("a1", "a6", "merge into one that is in use"),
        ("a5", "a2", "merge that one"),
        ("a1", "a5", "merge into one that is in use"),
    ],
)
def test_what_cannot_be_one_person_is_refused(
    village: Village, loser: str, winner: str, says: str
) -> None:
    with village.engine.begin() as connection:
        others = [
            NewOrg("hupan", "street", "community", "湖畔社区"),
            NewOrg("h1", "hupan", "building", "1号楼"),
        ]
        add_orgs(connection, others, village.now)
        enrol(
            connection,
            [
                NewHolder("u1", "阳光小学", Kind.UNIT, "b1", consent=True, under14=False),
                NewHolder("a8", "张八", Kind.RESIDENT, "h1", consent=True, under14=False),
            ],
            village.now,
        )
        leave(connection, "a6", village.now)
        merge(connection, "a5", "a4", village.now)
    with village.engine.begin() as connection, pytest.raises(PeopleError, match=says):
        merge(connection, loser, winner, village.now)
    assert len(village.rows(merged)) == 1


def test_the_terminals_hear_of_both_balances(
    village: Village, told: Callable[[Engine, str, Stream], list[Row]]
) -> None:
    join(village)
    rows = told(village.engine, "village", Stream.HOLDERS)
    newest = {row.account: row for row in rows if isinstance(row, HolderRow)}
    assert (newest["a1"].earned, newest["a2"].earned) == (0, 20)
    village.decide("story.a1")
    rows = told(village.engine, "village", Stream.HOLDERS)
    newest = {row.account: row for row in rows if isinstance(row, HolderRow)}
    assert (newest["a1"].earned, newest["a2"].earned) == (0, 30)


FORGED = "merge.a1.2"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            "INSERT INTO transfer (id, debit, credit, points, state, made_at, decided_at, reason)"
            f" SELECT '{FORGED}', 'a2:earned', 'a3:earned', 5, state, made_at, decided_at, reason"
            " FROM transfer WHERE id = 'merge.a1.1'",
            f"transfer {FORGED}",
        ),
        ("UPDATE merged SET moves = 2", f"transfer {FORGED}"),
        ("UPDATE merged SET winner = 'a3'", "transfer merge.a1.1"),
        ("UPDATE holder SET closed_as = 'left' WHERE account = 'a1'", "holder a1, closed as"),
    ],
)
def test_a_forged_merge_is_named(village: Village, change: str, named: str) -> None:
    join(village)
    with village.engine.begin() as connection:
        connection.execute(text(change))
    difference = verify(village.engine)
    assert difference is not None
    assert str(difference).startswith(named)


def test_the_notice_is_still_sealed_once(village: Village) -> None:
    join(village)
    seal_november(village)
    assert [row.month for row in village.rows(notice) if row.sealed_at] == ["2026-11"]
