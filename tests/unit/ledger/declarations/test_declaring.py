"""A resident declares a deed from their phone: it waits for the panel like any other."""

from __future__ import annotations

import datetime as dt
import threading
from importlib.resources import files
from typing import Any

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.declarations.declaring import BACK, MOST_WAITING, declarable
from linli.ledger.declarations.evidence import MOST_PHOTOS, read_photo
from linli.ledger.declarations.refusals import DeclarationError, Refusal
from linli.ledger.declarations.schema import declaration, evidence, photo
from linli.ledger.ingest.rescoring import adopt
from linli.ledger.notice.publishing import freeze, read_notice, seal, shown_deeds
from linli.ledger.people.checks import NewHolder
from linli.ledger.people.leaving import leave
from linli.ledger.people.merging import merge
from linli.ledger.people.register import enrol
from linli.ledger.review.opinions import Choice
from linli.ledger.review.risk import Doubt
from linli.ledger.standard.document import parse_standard
from linli.ledger.standard.versions import StandardShelf
from linli.sync.messages import Kind
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.declarations import forms
from tests.unit.ledger.declarations.forms import declared, tell, waiting
from tests.unit.ledger.village import DAY, Village

STANDARD = files("linli.assets").joinpath("points-standard.yaml").read_text(encoding="utf-8")
A_DAY = dt.timedelta(days=1)


def refusal(village: Village, who: str = "a1", **more: Any) -> Refusal:
    with pytest.raises(DeclarationError) as raised:
        declared(village, who, **more)
    return raised.value.refusal


def test_a_declaration_is_a_pending_deed_with_a_doubt(village: Village) -> None:
    id_ = declared(village)
    deed = village.deed(id_)
    assert (deed.state, deed.points, deed.flags, deed.activity) == ("pending", 5, "declared", None)
    assert (village.pending("a1"), village.month("a1")) == (5, 5)
    case = waiting(village, id_)
    assert case is not None
    assert (case.doubts, case.evidence and case.evidence.words) == (
        (Doubt.DECLARED,),
        "替李奶奶取药",
    )
    assert verify(village.engine) is None


def test_only_what_the_standard_lets_declare_is_offered(village: Village) -> None:
    with village.engine.connect() as connection:
        standards = StandardShelf().read(connection)
    codes = [item.code for item in declarable(standards, DAY)]
    assert (codes[0], "D02" in codes, "B01" in codes, "G01" in codes) == ("A04", True, False, False)
    assert declarable(standards, dt.date(2025, 12, 31)) == []


@pytest.mark.parametrize("item", ["D02", "F05"])
def test_a_finished_task_is_declared_too(village: Village, item: str) -> None:
    assert village.deed(declared(village, item=item)).item == item


def test_photos_are_kept_once_and_shown_to_the_panel(village: Village) -> None:
    id_ = declared(village, photos=[forms.photo(1), forms.photo(2), forms.photo(1)])
    case = waiting(village, id_)
    assert case is not None
    assert case.evidence is not None
    assert [one.place for one in case.evidence.pictures] == [1, 2]
    with village.engine.connect() as connection:
        assert read_photo(connection, id_, 2) == forms.photo(2).jpeg
        assert read_photo(connection, id_, 3) is None
    assert verify(village.engine) is None


def test_a_photo_that_another_deed_shows_too_is_marked_and_the_panel_looks_again(
    village: Village,
) -> None:
    first = declared(village, photos=[forms.photo()])
    before = waiting(village, first)
    second = declared(village, "a2", photos=[forms.photo()])
    after = [waiting(village, id_) for id_ in (first, second)]
    assert all(c and c.evidence and c.evidence.pictures[0].elsewhere for c in after)
    assert len(village.rows(photo)) == 1
    assert before is not None
    assert after[0] is not None
    assert before.seen != after[0].seen


def test_a_form_sent_twice_declares_once(village: Village) -> None:
    assert declared(village) == declared(village)
    assert village.pending("a1") == 5
    assert len(village.rows(declaration)) == 1


def test_a_form_sent_by_two_hands_at_once_declares_once(village: Village) -> None:
    threads = [threading.Thread(target=declared, args=(village,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(village.rows(declaration)), village.pending("a1")) == (1, 5)
    assert verify(village.engine) is None


def test_a_form_sent_again_with_something_else_is_refused(village: Village) -> None:
    declared(village)
    assert refusal(village, words="替王奶奶取药") is Refusal.OTHER_CONTENT


def test_two_people_may_send_the_same_token(village: Village) -> None:
    assert declared(village, "a1") != declared(village, "a2")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"day": DAY + A_DAY}, Refusal.FUTURE),
        ({"day": DAY - BACK - A_DAY}, Refusal.TOO_OLD),
        ({"day": DAY - A_DAY}, Refusal.BEFORE_ENROLMENT),
        ({"item": "B01"}, Refusal.BY_CARD),
        ({"item": "G01"}, Refusal.BY_CARD),
        ({"item": "Z99"}, Refusal.NO_ITEM),
        ({"words": " \n\u202e\0 "}, Refusal.WORDS),
        ({"words": "药" * 501}, Refusal.WORDS),
        ({"token": "short"}, Refusal.OTHER_CONTENT),
        ({"photos": [forms.photo(n) for n in range(MOST_PHOTOS + 1)]}, Refusal.TOO_MANY_PHOTOS),
        ({"who": "a99"}, Refusal.UNKNOWN),
    ],
)
def test_what_cannot_be_declared_says_why(
    village: Village, more: dict[str, Any], why: Refusal
) -> None:
    assert refusal(village, **more) is why
    assert not village.rows(declaration)
    assert not village.rows(evidence)


def test_words_are_kept_as_they_were_written(village: Village) -> None:
    words = "<b>帮</b>𠮷奶奶 👩‍👩‍👦\r\n=cmd()\0\u202e"
    declared(village, words=words)
    assert village.rows(declaration)[0].words == "<b>帮</b>𠮷奶奶 👩‍👩‍👦\n=cmd()"


def test_who_left_declares_nothing(village: Village) -> None:
    with village.engine.begin() as connection:
        leave(connection, "a1", village.now)
    assert refusal(village) is Refusal.CLOSED


def test_who_left_keeps_what_they_declared_before(village: Village) -> None:
    id_ = declared(village)
    village.now += dt.timedelta(hours=1)
    with village.engine.begin() as connection:
        leave(connection, "a1", village.now)
    assert village.deed(id_).state == "pending"
    assert verify(village.engine) is None


def test_a_merged_account_is_told_which_one_to_use(village: Village) -> None:
    id_ = declared(village)
    with village.engine.begin() as connection:
        merge(connection, "a1", "a2", village.now)
    assert refusal(village, token="another-form-of-it") is Refusal.MERGED
    tell(village, id_, Choice.POST, "a4", "a5")
    assert village.posted("a2") == 5
    assert verify(village.engine) is None


def test_nobody_floods_the_panel(village: Village) -> None:
    ids = [
        declared(village, item="F04" if n % 2 else "F01", token=f"form-number-{n:05}")
        for n in range(MOST_WAITING)
    ]
    assert refusal(village, token="form-one-too-many") is Refusal.TOO_MANY_WAITING
    tell(village, ids[0], Choice.VOID, "a4", "a5")
    assert declared(village, token="form-one-too-many")


def test_what_is_over_its_limit_moves_up_when_another_is_voided(village: Village) -> None:
    first, second = (declared(village, item="A04", token=f"form-number-{n:05}") for n in range(2))
    village.now += dt.timedelta(minutes=1)
    third = declared(village, item="A04", token="form-number-00003")
    assert [village.deed(i).surplus for i in (first, second, third)] == [False, False, True]
    assert village.pending("a1") == 40
    tell(village, first, Choice.VOID, "a4", "a5")
    assert not village.deed(third).surplus
    assert verify(village.engine) is None


def test_a_deed_of_a_sealed_month_is_late_and_goes_on_the_next_notice(village: Village) -> None:
    december = dt.datetime(2026, 12, 1, 9, 0, tzinfo=SHANGHAI)
    with village.engine.begin() as connection:
        hanging = freeze(connection, "village", "2026-11", december)
        seal(connection, "village", "2026-11", hanging.until)
    village.now = hanging.until
    id_ = declared(village)
    assert village.deed(id_).flags == "declared late"
    tell(village, id_, Choice.POST, "a4", "a5")
    village.now = dt.datetime(2027, 1, 1, 9, 0, tzinfo=SHANGHAI)
    with village.engine.begin() as connection:
        assert read_notice(connection, "village", "2026-11") is not None
        freeze(connection, "village", "2026-12", village.now)
        assert [d.id for d in shown_deeds(connection, "village", "2026-12")] == [id_]
    assert verify(village.engine) is None


def test_a_new_standard_scores_what_was_declared_on_its_days(village: Village) -> None:
    id_, gone = declared(village), declared(village, item="F02", token="another-form-of-it")
    changed = (
        STANDARD.replace("version: 2026-01", "version: 2026-11")
        .replace("effective_from: 2026-01-01", "effective_from: 2026-11-24")
        .replace("name: 代办跑腿, points: 5", "name: 代办跑腿, points: 10")
        .replace(
            "name: 义务维修, points: 10, record: declare",
            "name: 义务维修, points: 10, record: checkin",
        )
    )
    with village.engine.begin() as connection:
        assert adopt(connection, parse_standard(changed), village.now)
    assert (village.deed(id_).points, village.deed(gone).state) == (10, "voided")
    assert village.pending("a1") == 10
    assert verify(village.engine) is None


def test_an_account_takes_part_from_the_day_it_was_enrolled(village: Village) -> None:
    village.now += 2 * A_DAY
    new = NewHolder("a7", "新来的", Kind.RESIDENT, "b1", consent=True, under14=False)
    with village.engine.begin() as connection:
        enrol(connection, [new], village.now)
    assert refusal(village, "a7", day=DAY + A_DAY) is Refusal.BEFORE_ENROLMENT
    assert declared(village, "a7", day=DAY + 2 * A_DAY)
    with village.engine.begin() as connection:
        merge(connection, "a1", "a7", village.now)
    assert declared(village, "a7", day=DAY, token="another-form-of-it")
