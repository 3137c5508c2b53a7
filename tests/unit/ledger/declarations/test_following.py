"""云上看: whoever waits for a decision sees how far it has come, by which role, when and why."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ledger.audit.verify import verify
from linli.ledger.declarations.declaring import complete_declared
from linli.ledger.declarations.history import read_history
from linli.ledger.declarations.reading import declared_by
from linli.ledger.declarations.refusals import DeclarationError
from linli.ledger.declarations.steps import History, Objected, Round, Stage, Step, steps
from linli.ledger.notice.objecting import Way, answer, object_to
from linli.ledger.notice.publishing import freeze, seal
from linli.ledger.people.merging import merge
from linli.ledger.review.opening import open_case
from linli.ledger.review.opinions import Choice
from linli.ledger.review.weekly import ReviewError, StaleError
from linli.ledger.standard.versions import StandardShelf
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.declarations.forms import (
    completed,
    declared,
    entered,
    signed,
    tell,
    told,
    waiting,
)
from tests.unit.ledger.village import Village

DECEMBER = dt.datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
AHEAD = [Stage.DECIDED, Stage.ON_NOTICE, Stage.SEALED]
S = Stage


def opened(village: Village, id_: str, member: str) -> None:
    with village.engine.begin() as connection:
        open_case(connection, "village", member, id_, village.now)


def done(village: Village, id_: str) -> list[Step]:
    return [step for step in told(village, id_) if step.at is not None]


def stages(village: Village, id_: str) -> list[Stage]:
    return [step.stage for step in told(village, id_)]


def test_after_sending_everything_else_is_ahead(village: Village) -> None:
    id_ = declared(village)
    assert [step.stage for step in done(village, id_)] == [S.SUBMITTED]
    assert stages(village, id_) == [S.SUBMITTED, S.SEEN, *AHEAD]


def test_that_somebody_looked_is_told_by_their_seat_once(village: Village) -> None:
    id_ = declared(village)
    first = village.now
    opened(village, id_, "a5")
    village.now += dt.timedelta(hours=1)
    opened(village, id_, "a4")
    assert done(village, id_)[1:] == [Step(S.SEEN, first, ("居民代表",))]


def test_only_the_panel_opens_a_case_and_only_one_before_it(village: Village) -> None:
    id_ = declared(village)
    with pytest.raises(ReviewError, match="a2 is not on the panel"):
        opened(village, id_, "a2")
    tell(village, id_, Choice.VOID, "a4", "a5")
    with pytest.raises(StaleError, match="not before the panel"):
        opened(village, id_, "a4")


def test_a_return_tells_why_and_what_was_added_brings_it_back(village: Village) -> None:
    id_ = declared(village)
    opened(village, id_, "a4")
    tell(village, id_, Choice.RETURN, "a4", "a5", reason="请补照片")
    assert stages(village, id_)[-5:] == [S.COMPLETED, S.SEEN, *AHEAD]
    returned = done(village, id_)[-1]
    assert (returned.stage, returned.by, returned.why) == (
        S.RETURNED,
        ("居民代表", "支部（组长）"),
        "请补照片",
    )
    completed(village, id_, words="补上照片")
    assert (done(village, id_)[-1].stage, done(village, id_)[-1].why) == (S.COMPLETED, "补上照片")
    case = waiting(village, id_)
    assert case is not None
    assert case.evidence is not None
    assert (case.evidence.added, len(case.evidence.pictures)) == (("补上照片",), 1)
    assert verify(village.engine) is None


def test_nobody_completes_what_is_somebody_elses_or_was_not_returned(village: Village) -> None:
    id_ = declared(village)
    with village.engine.begin() as connection:
        with pytest.raises(DeclarationError, match="a2 declared nothing"):
            complete_declared(connection, "a2", id_, "补上", [], village.now)
        with pytest.raises(ReviewError, match="was not returned"):
            complete_declared(connection, "a1", id_, "补上", [], village.now)


def test_a_voided_one_ends_with_the_reason(village: Village) -> None:
    id_ = declared(village)
    tell(village, id_, Choice.VOID, "a4", "a5", reason="查无此事")
    *_, last = told(village, id_)
    assert (last.stage, last.by, last.why) == (
        S.VOIDED,
        ("居民代表", "支部（组长）"),
        "查无此事",
    )


def test_a_posted_one_goes_on_the_notice_and_is_sealed(village: Village) -> None:
    id_ = declared(village)
    tell(village, id_, Choice.POST, "a4", "a6", reason="")
    assert stages(village, id_) == [S.SUBMITTED, S.POSTED, S.ON_NOTICE, S.SEALED]
    with village.engine.begin() as connection:
        hanging = freeze(connection, "village", "2026-11", DECEMBER)
    assert [step.stage for step in done(village, id_)][-1] is S.ON_NOTICE
    with village.engine.begin() as connection:
        seal(connection, "village", "2026-11", hanging.until)
    assert done(village, id_)[-1] == Step(S.SEALED, hanging.until)


@pytest.mark.parametrize("upheld", [True, False])
def test_an_objection_and_its_answer_are_told_but_not_who_objected(
    village: Village, upheld: bool
) -> None:
    id_ = declared(village)
    tell(village, id_, Choice.POST, "a4", "a6", reason="")
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", DECEMBER)
        objection = object_to(connection, id_, "a2", Way.PHONE, "张三没有去", DECEMBER)
    assert (done(village, id_)[-1].stage, done(village, id_)[-1].why) == (S.OBJECTED, "")
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        answer(connection, objection, "a5", "已核实", standards, DECEMBER, upheld=upheld)
    last = done(village, id_)[-1]
    assert (last.stage, last.why) == (S.TAKEN_BACK if upheld else S.ANSWERED, "已核实")
    assert (S.SEALED in stages(village, id_)) is not upheld


def test_an_entry_of_the_desk_shows_both_signatures_without_names(village: Village) -> None:
    id_ = entered(village)
    with village.engine.connect() as connection:
        assert read_history(connection, id_) is None
    signed(village, id_)
    assert [(s.stage, s.by) for s in done(village, id_)] == [(S.ENTERED, ()), (S.SIGNED, ())]


def test_a_deed_that_a_card_witnessed_can_be_followed_too(village: Village) -> None:
    village.send(village.check_in("a1", "visit", "10:05"))
    assert stages(village, "visit.a1") == [S.RECORDED, S.SEEN, *AHEAD]


def test_ones_own_declarations_are_listed_with_those_of_merged_accounts(village: Village) -> None:
    first = declared(village)
    village.now += dt.timedelta(minutes=1)
    second = declared(village, "a2")
    with village.engine.begin() as connection:
        merge(connection, "a1", "a2", village.now)
        assert declared_by(connection, "a2") == ([second, first], 2)
        assert declared_by(connection, "a2", offset=1, most=1) == ([first], 2)
        assert declared_by(connection, "a3") == ([], 0)


# --- any history -----------------------------------------------------------------------------

MOMENTS = st.integers(0, 300).map(lambda days: DECEMBER + dt.timedelta(days=days))
ROUNDS = st.builds(
    Round,
    opened_at=st.none() | MOMENTS,
    opened_by=st.just("支部"),
    choice=st.just(Choice.RETURN),
    at=MOMENTS,
    reason=st.just("请补照片"),
    roles=st.just(("支部",)),
    completed_at=MOMENTS,
    completion=st.just("补上"),
)
OBJECTIONS = st.builds(Objected, MOMENTS, MOMENTS, st.just(False), st.just("已核实"))


@given(
    rounds=st.lists(ROUNDS, max_size=3),
    state=st.sampled_from(["pending", "posted", "voided"]),
    objections=st.lists(OBJECTIONS, max_size=2),
    shown=st.booleans(),
    sealed=st.booleans(),
    at=MOMENTS,
)
def test_what_is_ahead_comes_after_all_that_was_done(
    rounds: list[Round],
    state: str,
    objections: list[Objected],
    shown: bool,
    sealed: bool,
    at: dt.datetime,
) -> None:
    posted = state == "posted"
    history = History(
        began=(Step(S.SUBMITTED, at),),
        state=state,
        flags=("declared",),
        decided_at=None if state == "pending" else at,
        reason="",
        rounds=tuple(rounds),
        shown_at=at if posted and shown else None,
        objections=tuple(objections) if posted and shown else (),
        sealed_at=at if posted and shown and sealed else None,
    )
    told = [step.at is not None for step in steps(history)]
    assert told == sorted(told, reverse=True)
    assert told[0]
    ended = state == "voided" or history.sealed_at is not None
    assert all(told) is ended
