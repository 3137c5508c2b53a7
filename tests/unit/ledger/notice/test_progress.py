"""How far a deed has come is said as it is, with the panel's reason."""

from __future__ import annotations

import datetime as dt

from linli.ledger.notice.objecting import Way, answer, object_to
from linli.ledger.notice.on_show import (
    count_on_show,
    hanging,
    objections_of,
    on_show,
    one_on_show,
)
from linli.ledger.notice.progress import (
    HowFar,
    Progress,
    count_deeds,
    family_of,
    newest_deeds,
    progress_of,
)
from linli.ledger.notice.publishing import freeze, seal
from linli.ledger.people.consenting import set_consent
from linli.ledger.people.merging import merge
from linli.ledger.review.deciding import review
from linli.ledger.review.opinions import Choice
from linli.ledger.review.panel import set_quorum
from linli.ledger.review.queue import cases
from linli.ledger.review.weekly import Said, complete, say
from linli.ledger.standard.versions import StandardShelf
from tests.unit.ledger.village import Village


def story(village: Village, id_: str) -> Progress:
    with village.engine.connect() as connection:
        (found,) = progress_of(connection, [id_], StandardShelf().read(connection))
    return found


def decided(village: Village, id_: str, state: str, reason: str) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        review(connection, [id_], state, reason, standards, village.now)


def frozen(village: Village) -> None:
    with village.engine.begin() as connection:
        freeze(connection, "village", "2026-11", village.now)


def test_a_deed_goes_from_the_tap_to_points_that_may_be_spent(village: Village) -> None:
    assert story(village, "story.a3").stage is HowFar.WAITING
    assert story(village, "visit.a1").stage is HowFar.POSTED
    frozen(village)
    shown = story(village, "visit.a1")
    assert (shown.stage, shown.title, shown.place) == (HowFar.ON_NOTICE, "visit", "南门")
    assert shown.until is not None
    village.now = shown.until
    with village.engine.begin() as connection:
        seal(connection, "village", "2026-11", village.now)
    assert story(village, "visit.a1").stage is HowFar.SPENDABLE


def test_what_was_refused_says_why(village: Village) -> None:
    decided(village, "story.a3", "voided", "没有到场")
    found = story(village, "story.a3")
    assert (found.stage, found.reason) == (HowFar.REFUSED, "没有到场")


def test_what_was_taken_back_says_why_that_was(village: Village) -> None:
    frozen(village)
    with village.engine.begin() as connection:
        id_ = object_to(connection, "visit.a1", "a3", Way.PHONE, "没来过", village.now)
        standards = StandardShelf().read(connection)
        answer(connection, id_, "a5", "查过，确实没来", standards, village.now, upheld=True)
    found = story(village, "visit.a1")
    assert (found.stage, found.reason) == (HowFar.TAKEN_BACK, "查过，确实没来")


def test_what_was_returned_says_what_it_lacks_until_it_is_completed(village: Village) -> None:
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        set_quorum(connection, "village", 2)
        (case,) = cases(connection, "village")
        said = [Said("story.a3", Choice.RETURN, case.seen, "请补照片")]
        for member in ("a4", "a5"):
            say(connection, "village", member, said, standards, village.now)
    found = story(village, "story.a3")
    assert (found.stage, found.reason) == (HowFar.RETURNED, "请补照片")
    with village.engine.begin() as connection:
        complete(connection, "story.a3", "照片已补", village.now)
    assert story(village, "story.a3").stage is HowFar.WAITING


def test_what_is_over_the_limit_is_kept_and_said_to_be(village: Village) -> None:
    village.send(village.check_in("a3", "story-again", "19:05"))
    assert story(village, "story-again.a3").stage is HowFar.OVER_LIMIT


def test_a_deed_that_its_taps_do_not_amount_to_any_more_was_withdrawn(village: Village) -> None:
    """The clock is set right later in the same boot: the sign-out was too early after all."""
    village.send(
        village.check_in("a6", "patrol", "02:00", clockgood=False, bootid="b1", monotonicms=0),
        village.sign_out("a6", "patrol", "09:40", bootid="b2"),
    )
    village.send(village.check_in("a5", "visit", "10:00", bootid="b1", monotonicms=3_000_000))
    assert story(village, "patrol.a6").stage is HowFar.WITHDRAWN


def test_somebodys_deeds_are_listed_the_newest_first_with_those_of_merged_accounts(
    village: Village,
) -> None:
    with village.engine.begin() as connection:
        merge(connection, "a2", "a1", village.now)
        family = family_of(connection, "a1")
        standards = StandardShelf().read(connection)
        assert count_deeds(connection, family) == 3
        first = newest_deeds(connection, family, standards, count=2)
        rest = newest_deeds(connection, family, standards, skip=2, count=2)
    assert [one.deed.id for one in (*first, *rest)] == ["story.a1", "visit.a2", "visit.a1"]


# --- what hangs on the wall ----------------------------------------------------------------------


def test_a_notice_hangs_until_its_end_and_is_looked_through_in_parts(village: Village) -> None:
    frozen(village)
    with village.engine.connect() as connection:
        standards = StandardShelf().read(connection)
        (on,) = hanging(connection, "village", village.now)
        assert count_on_show(connection, on) == 3
        first = on_show(connection, on, standards, count=2)
        rest = on_show(connection, on, standards, skip=2, count=2)
        assert [one.story.deed.id for one in (*first, *rest)] == [
            "story.a1",
            "visit.a2",
            "visit.a1",
        ]
        assert hanging(connection, "village", on.until) == []


def test_nobody_is_found_by_a_name_that_they_do_not_show(village: Village) -> None:
    frozen(village)
    with village.engine.begin() as connection:
        set_consent(connection, "a1", village.now, agreed=False)
        (on,) = hanging(connection, "village", village.now)
        assert count_on_show(connection, on, "张") == 1
        assert count_on_show(connection, on, "热心邻居0001") == 2
        assert count_on_show(connection, on, "热心邻居0002") == 0
        assert count_on_show(connection, on, "%") == 0


def test_only_what_still_stands_on_a_notice_that_hangs_may_be_objected_to(
    village: Village,
) -> None:
    frozen(village)
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)

        def shown(id_: str, at: dt.datetime = village.now) -> bool:
            return one_on_show(connection, id_, "village", standards, at) is not None

        assert shown("visit.a1")
        assert not shown("story.a3")
        assert not shown("nothing")
        assert not shown("visit.a1", village.now + dt.timedelta(days=7))
        id_ = object_to(connection, "visit.a1", "a3", Way.PHONE, "没来过", village.now)
        answer(connection, id_, "a5", "确实", standards, village.now, upheld=True)
        assert not shown("visit.a1")


def test_who_objected_sees_each_answer(village: Village) -> None:
    frozen(village)
    with village.engine.begin() as connection:
        standards = StandardShelf().read(connection)
        first = object_to(connection, "visit.a1", "a3", Way.PHONE, "没来过", village.now)
        village.now += dt.timedelta(minutes=1)
        object_to(connection, "visit.a2", "a3", Way.PHONE, "时间不对", village.now)
        answer(connection, first, "a5", "来过，有照片", standards, village.now, upheld=False)
        newest, oldest = objections_of(connection, "a3", standards)
        assert objections_of(connection, "a1", standards) == []
    assert (newest.words, newest.upheld, newest.answer) == ("时间不对", None, "")
    assert (oldest.title, oldest.upheld, oldest.answer) == ("visit", False, "来过，有照片")
