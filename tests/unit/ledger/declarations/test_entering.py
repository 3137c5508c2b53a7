"""Deeds entered by hand need evidence and two signatures, and are decided and shown apart."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.ledger.audit.verify import verify
from linli.ledger.declarations.entering import BACK, complete_entry
from linli.ledger.declarations.reading import entries, read_entry
from linli.ledger.declarations.refusals import DeclarationError, Refusal
from linli.ledger.declarations.schema import desk_entry
from linli.ledger.documents.model import Notice
from linli.ledger.documents.render import pdf
from linli.ledger.notice.objecting import ObjectionError, Way, answer, object_to
from linli.ledger.notice.publishing import freeze
from linli.ledger.notice.sheets import notice_sheet
from linli.ledger.people.leaving import leave
from linli.ledger.people.merging import merge
from linli.ledger.record.log import make_checkpoint
from linli.ledger.review.minutes import week_minutes
from linli.ledger.review.opinions import Choice
from linli.ledger.review.risk import Doubt
from linli.ledger.review.weekly import ReviewError
from linli.ledger.staff.accounts import Worker
from linli.ledger.standard.versions import StandardShelf
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.declarations import forms
from tests.unit.ledger.declarations.forms import (
    LI,
    PANELIST,
    WANG,
    ZHOU,
    declared,
    entered,
    signed,
    tell,
    waiting,
)
from tests.unit.ledger.village import DAY, Village

A_DAY = dt.timedelta(days=1)


def refusal(village: Village, **more: Any) -> Refusal:
    with pytest.raises(DeclarationError) as raised:
        entered(village, **more)
    return raised.value.refusal


def refusal_to_sign(village: Village, id_: str, by: Worker) -> Refusal:
    with pytest.raises(DeclarationError) as raised:
        signed(village, id_, by)
    return raised.value.refusal


def test_an_entry_with_one_signature_is_no_deed(village: Village) -> None:
    id_ = entered(village)
    assert village.deed(id_) is None
    assert village.pending("a1") == 0
    with village.engine.connect() as connection:
        (found,), count = entries(connection, "village", waiting=True)
    assert (found.id, found.entered_by, found.entered_name, count) == (id_, "li", "李芳", 1)
    assert found.evidence.paper == "签到表2026-17"
    assert verify(village.engine) is None


def test_the_second_signature_makes_a_pending_deed_that_is_flagged(village: Village) -> None:
    id_ = entered(village)
    assert signed(village, id_)
    assert (village.deed(id_).state, village.deed(id_).flags) == ("pending", "by-hand")
    assert village.pending("a1") == 10
    case = waiting(village, id_)
    assert case is not None
    assert (case.doubts, case.evidence and case.evidence.words) == (
        (Doubt.BY_HAND,),
        "卡片挂失补办中",
    )
    with village.engine.connect() as connection:
        assert entries(connection, "village", waiting=True) == ([], 0)
        found = read_entry(connection, id_)
        assert entries(connection, "village", waiting=False) == ([found], 1)
    assert found is not None
    assert (found.outcome, found.settled_name) == ("signed", "王敏")
    assert verify(village.engine) is None


def test_nobody_signs_what_they_entered(village: Village) -> None:
    id_ = entered(village)
    assert refusal_to_sign(village, id_, LI) is Refusal.SAME_PERSON


def test_one_person_with_two_names_is_one_by_their_account(village: Village) -> None:
    id_ = entered(village, by=replace(LI, account="a2"))
    with village.engine.begin() as connection:
        merge(connection, "a2", "a3", village.now)
    assert refusal_to_sign(village, id_, replace(WANG, account="a3")) is Refusal.SAME_PERSON


def test_nobody_enters_or_signs_a_deed_of_their_own(village: Village) -> None:
    assert refusal(village, by=replace(LI, account="a1")) is Refusal.OWN
    id_ = entered(village)
    assert refusal_to_sign(village, id_, replace(WANG, account="a1")) is Refusal.OWN


def test_each_desk_writes_down_its_own_people(village: Village) -> None:
    assert refusal(village, by=replace(LI, scope="hupan")) is Refusal.ELSEWHERE
    id_ = entered(village)
    assert refusal_to_sign(village, id_, replace(WANG, scope="hupan")) is Refusal.ELSEWHERE


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"paper": " "}, Refusal.NO_EVIDENCE),
        ({"paper": "号" * 65}, Refusal.WORDS),
        ({"reason": ""}, Refusal.WORDS),
        ({"day": DAY + A_DAY}, Refusal.FUTURE),
        ({"day": DAY - BACK - A_DAY}, Refusal.TOO_OLD),
        ({"day": DAY - A_DAY}, Refusal.BEFORE_ENROLMENT),
        ({"item": "Z99"}, Refusal.NO_ITEM),
        ({"who": "a99"}, Refusal.UNKNOWN),
    ],
)
def test_what_cannot_be_entered_says_why(
    village: Village, more: dict[str, Any], why: Refusal
) -> None:
    assert refusal(village, **more) is why
    assert not village.rows(desk_entry)


def test_a_photo_is_evidence_as_a_paper_is(village: Village) -> None:
    id_ = entered(village, paper="", photos=[forms.photo()])
    signed(village, id_)
    case = waiting(village, id_)
    assert case is not None
    assert case.evidence is not None
    assert len(case.evidence.pictures) == 1


def test_a_form_sent_twice_enters_once_and_a_changed_one_is_refused(village: Village) -> None:
    assert entered(village) == entered(village)
    assert len(village.rows(desk_entry)) == 1
    assert refusal(village, reason="另一个原因") is Refusal.OTHER_CONTENT


def test_a_signature_given_twice_is_one(village: Village) -> None:
    id_ = entered(village)
    assert signed(village, id_)
    assert not signed(village, id_)
    assert refusal_to_sign(village, id_, ZHOU) is Refusal.SETTLED
    assert village.pending("a1") == 10


def test_of_two_who_sign_and_refuse_at_once_one_is_told_of_the_other(village: Village) -> None:
    id_ = entered(village)
    late: list[DeclarationError] = []

    def settle(how: Any, by: Worker) -> None:
        try:
            how(village, id_, by)
        except DeclarationError as error:
            late.append(error)

    hands = [(signed, WANG), (forms.refused, ZHOU)]
    threads = [threading.Thread(target=settle, args=hand) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [error.refusal for error in late] == [Refusal.SETTLED]
    assert verify(village.engine) is None


def test_a_refused_entry_never_becomes_a_deed(village: Village) -> None:
    id_ = entered(village)
    forms.refused(village, id_)
    assert refusal_to_sign(village, id_, WANG) is Refusal.SETTLED
    assert village.deed(id_) is None
    assert (village.rows(desk_entry)[0].outcome, village.rows(desk_entry)[0].why) == (
        "refused",
        "签到表上没有此人",
    )


def test_an_entry_for_somebody_who_left_meanwhile_is_not_signed(village: Village) -> None:
    id_ = entered(village)
    with village.engine.begin() as connection:
        leave(connection, "a1", village.now)
    assert refusal_to_sign(village, id_, WANG) is Refusal.CLOSED


def test_in_the_limit_a_card_comes_before_a_hand(village: Village) -> None:
    village.send(village.check_in("a1", "story", "14:40"))
    by_hand = entered(village, item="A05")
    signed(village, by_hand)
    assert village.deed(by_hand).surplus
    assert not village.deed("story.a1").surplus


# --- before the panel ------------------------------------------------------------------------


@pytest.mark.parametrize("hands", [(PANELIST, WANG), (LI, PANELIST)], ids=["entered", "signed"])
def test_who_wrote_it_down_does_not_decide_on_it(
    village: Village, hands: tuple[Worker, Worker]
) -> None:
    id_ = entered(village, by=hands[0])
    signed(village, id_, hands[1])
    with pytest.raises(ReviewError, match="recorded by them"):
        tell(village, id_, Choice.POST, "a5")
    tell(village, id_, Choice.POST, "a4", "a6")
    assert village.posted("a1") == 10
    with village.engine.connect() as connection:
        standards = StandardShelf().read(connection)
        minutes = week_minutes(connection, "village", "2026-W48", standards, "")
    assert minutes.decisions[0].recused == ("张*5",)
    assert verify(village.engine) is None


def test_who_wrote_it_down_does_not_answer_an_objection_to_it(village: Village) -> None:
    id_ = entered(village, by=PANELIST)
    signed(village, id_)
    tell(village, id_, Choice.POST, "a4", "a6")
    village.now = dt.datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", village.now)
        objection = object_to(connection, id_, "a2", Way.CARD, "那天没看见他", village.now)
        standards = StandardShelf().read(connection)
    with village.engine.begin() as connection, pytest.raises(ObjectionError, match="wrote it down"):
        answer(connection, objection, "a5", "属实", standards, village.now, upheld=False)


def test_only_who_entered_it_completes_what_was_returned(village: Village) -> None:
    id_ = entered(village)
    signed(village, id_)
    tell(village, id_, Choice.RETURN, "a4", "a5")
    with (
        village.engine.begin() as connection,
        pytest.raises(DeclarationError, match="王敏 did not"),
    ):
        complete_entry(connection, id_, WANG, "附签到表照片", [forms.photo()], village.now)
    with village.engine.begin() as connection:
        complete_entry(connection, id_, LI, "附签到表照片", [forms.photo()], village.now)
    case = waiting(village, id_)
    assert case is not None
    assert case.evidence is not None
    assert (case.round, case.evidence.added, len(case.evidence.pictures)) == (
        2,
        ("附签到表照片",),
        1,
    )


# --- on the public notice --------------------------------------------------------------------


def sheet(village: Village) -> Notice:
    village.now = dt.datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", village.now)
        make_checkpoint(connection, "points.example", key, lambda: bytes(32), village.now)
        standards = StandardShelf().read(connection)
        return notice_sheet(
            connection, "village", "2026-11", standards, "支部", "https://x.example"
        )


def test_the_notice_tells_of_entries_apart_with_both_hands_and_the_reason(
    village: Village,
) -> None:
    by_hand, from_a_phone = entered(village), declared(village, "a2")
    signed(village, by_hand)
    for id_ in (by_hand, from_a_phone):
        tell(village, id_, Choice.POST, "a4", "a5")
    told = sheet(village)
    assert [(d.name, d.item) for d in told.deeds] == [("张*2", "代办跑腿")]
    (desk,) = told.desk_deeds
    assert (desk.name, desk.item, desk.points) == ("张*1", "平安巡逻", 10)
    assert (desk.entered_by, desk.reason) == ("李*（王*复核）", "卡片挂失补办中")
    assert (told.totals.deeds, told.totals.points) == (2, 15)
    assert pdf(told).startswith(b"%PDF")
