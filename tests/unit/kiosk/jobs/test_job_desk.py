"""What a terminal does with the jobs it is given."""

from __future__ import annotations

import datetime as dt

from desks import Office
from msgspec import Raw
from msgspec.structs import replace

from linli.kiosk.jobs.book import ENDS_KEPT
from linli.kiosk.jobs.doing import JSON, Done, failed, refused
from linli.kiosk.jobs.uploading import NotUploadedError
from linli.sync.job_messages import (
    RESULT_BYTES,
    Part,
    Restart,
    Screenshot,
    SelfTest,
    digest_of_result,
)
from linli.sync.jobs import JobState

FOUND = Done(JobState.SUCCEEDED, data=b"{}", media_type=JSON)


def test_jobs_are_done_one_at_a_time_in_their_order() -> None:
    office = Office()
    office.lists(office.order("b"), office.order("a"))
    office.turns(1)
    assert list(office.hand.begins) == ["b"]
    office.turns(1)
    assert office.ledger.said == [("b", JobState.SUCCEEDED, ""), ("a", JobState.SUCCEEDED, "")]


def test_what_is_known_later_is_under_way_until_then() -> None:
    office = Office()
    office.hand.answers, office.hand.looked = [None], None
    office.lists(office.order("a"))
    office.turns(3)
    assert office.ledger.said == [("a", JobState.IN_PROGRESS, "")]
    office.hand.looked = failed("broken")
    office.turns(1)
    assert office.ledger.said[-1] == ("a", JobState.FAILED, "broken")


def test_a_task_that_this_version_does_not_know_is_rejected() -> None:
    office = Office()
    newer = replace(office.order("a"), task=Raw(b'{"do":"dance"}'))
    office.lists(newer, office.order("b", Screenshot()))
    office.turns(2)
    rejected = JobState.REJECTED
    assert office.ledger.said == [("a", rejected, "unknown-task"), ("b", rejected, "unknown-task")]


def test_what_only_its_beginning_shows_to_be_impossible_is_rejected() -> None:
    office = Office()
    office.hand.answers = [refused("no-board")]
    office.lists(office.order("a"))
    office.turns(1)
    assert office.ledger.said == [("a", JobState.REJECTED, "no-board")]


def test_a_job_waits_for_a_clock_that_is_right_and_says_so() -> None:
    office = Office()
    office.clock.is_good = False
    office.lists(office.order("a"))
    office.turns(3)
    assert office.ledger.said == [("a", JobState.QUEUED, "waits-for-clock")]
    office.clock.is_good = True
    office.clock.wall += dt.timedelta(days=40)
    office.turns(1)
    assert office.ledger.said[-1] == ("a", JobState.TIMED_OUT, "expired")
    assert not office.hand.begins


def test_what_would_disturb_somebody_waits_until_nobody_is_there_and_can_be_canceled() -> None:
    office = Office()
    office.alone = False
    restart = office.order("a", Restart(part=Part.APP))
    office.lists(restart)
    office.turns(2)
    assert office.ledger.said == [("a", JobState.QUEUED, "somebody-there")]
    office.lists(replace(restart, canceled=True))
    office.alone = True
    office.turns(2)
    assert office.ledger.said[-1] == ("a", JobState.CANCELED, "canceled")
    assert not office.hand.begins


def test_a_terminal_at_which_somebody_stands_for_ever_is_looked_at_all_the_same() -> None:
    office = Office()
    office.alone = False
    restart = office.order("restart", Restart(part=Part.APP))
    office.lists(restart, office.order("later"), office.order("look", SelfTest()))
    office.turns(3)
    assert list(office.hand.begins) == ["look"]
    office.alone = True
    office.turns(2)
    assert list(office.hand.begins) == ["look", "restart", "later"]


def test_nothing_is_acted_upon_that_the_disk_does_not_keep() -> None:
    office = Office()
    office.disk.full = True
    office.lists(office.order("a"))
    office.turns(1)
    assert office.ledger.said == [("a", JobState.FAILED, "not-saved")]
    assert not office.hand.begins


def test_an_end_is_said_once_the_disk_has_it() -> None:
    office = Office()
    office.hand.answers, office.hand.looked = [None], None
    office.lists(office.order("a"))
    office.turns(1)
    office.hand.looked = failed("broken")
    office.disk.full = True
    office.turns(2)
    assert office.ledger.said == [("a", JobState.IN_PROGRESS, "")]
    office.disk.full = False
    office.turns(1)
    assert office.ledger.said[-1] == ("a", JobState.FAILED, "broken")


def test_an_end_is_said_again_at_each_connect_while_the_job_is_listed() -> None:
    office = Office()
    office.ledger.linked = False
    office.lists(office.order("a"))
    office.turns(2)
    assert not office.ledger.heard
    office.ledger.linked = True
    for times in (1, 2):
        office.desk.connected()
        office.turns(2)
        assert office.ledger.said == [("a", JobState.SUCCEEDED, "")] * times
    office.lists()
    office.desk.connected()
    office.turns(2)
    assert len(office.ledger.heard) == 2


def test_a_list_that_comes_late_has_nothing_done_twice_and_hears_the_end() -> None:
    office = Office()
    late = office.order("a")
    office.lists(late)
    office.turns(1)
    office.lists()
    office.turns(1)
    office.start()
    office.lists(late)
    office.turns(1)
    assert office.hand.begins == {"a": 1}
    assert office.ledger.said == [("a", JobState.SUCCEEDED, "")] * 2


def test_the_ends_of_jobs_that_nobody_lists_are_not_kept_for_ever() -> None:
    office = Office()
    for number in range(ENDS_KEPT + 10):
        office.lists(office.order(f"j-{number}"))
        office.turns(1)
    office.lists(office.order("last"))
    office.turns(1)
    assert len(office.disk.kept.entries) == ENDS_KEPT + 1


def test_a_result_is_with_the_ledger_before_the_end_that_names_it() -> None:
    office = Office()
    office.hand.answers = [FOUND]
    office.ledger.refusal = NotUploadedError("away")
    office.lists(office.order("a"))
    office.turns(3)
    assert office.ledger.said == [("a", JobState.IN_PROGRESS, "")]
    office.ledger.refusal = None
    office.turns(5)
    assert office.ledger.results == {"a": FOUND}
    assert office.ledger.heard[-1].result == digest_of_result(b"{}")


def test_a_result_that_cannot_be_uploaded_in_time_fails_its_job() -> None:
    office = Office()
    office.hand.answers = [FOUND]
    office.ledger.refusal = NotUploadedError("away")
    office.lists(office.order("a", for_s=20))
    office.turns(30)
    assert office.ledger.said[-1] == ("a", JobState.FAILED, "not-uploaded")


def test_a_result_that_is_not_taken_or_too_large_fails_its_job_at_once() -> None:
    office = Office()
    huge = Done(JobState.SUCCEEDED, data=bytes(RESULT_BYTES + 1), media_type=JSON)
    office.hand.answers = [FOUND, huge]
    office.ledger.refusal = NotUploadedError("answered 403", final=True)
    office.lists(office.order("a"), office.order("b"))
    office.turns(2)
    assert [one[1:] for one in office.ledger.said] == [
        (JobState.FAILED, "not-taken"),
        (JobState.FAILED, "too-large"),
    ]


def test_a_fault_on_the_way_to_the_ledger_ends_its_job_and_no_other_waits_for_it() -> None:
    office = Office()
    office.hand.answers = [FOUND]
    office.ledger.refusal = KeyError("unforeseen")
    office.lists(office.order("a"), office.order("b"))
    office.turns(2)
    assert office.ledger.said == [
        ("a", JobState.FAILED, "fault"),
        ("b", JobState.SUCCEEDED, ""),
    ]


def test_a_result_that_a_power_cut_took_is_for_the_doer_to_answer_for() -> None:
    office = Office()
    office.hand.answers, office.hand.looked = [FOUND], failed("interrupted")
    office.ledger.refusal = NotUploadedError("away")
    office.lists(office.order("a"))
    office.turns(1)
    office.start()
    office.turns(1)
    assert office.ledger.said[-1] == ("a", JobState.FAILED, "interrupted")


def test_a_job_under_way_ends_with_its_time_over_all_starts() -> None:
    office = Office()
    office.hand.answers, office.hand.looked = [None], None
    office.lists(office.order("a", for_s=120))
    for _ in range(3):
        office.turns(41)
        office.start()
    office.turns(35)
    assert office.ledger.said[-1] == ("a", JobState.TIMED_OUT, "deadline")


def test_a_doer_that_stumbles_fails_its_job_and_no_other() -> None:
    office = Office()

    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    begin, office.hand.begin = office.hand.begin, stumble  # type: ignore[method-assign,assignment]
    office.lists(office.order("a"), office.order("b"))
    office.turns(1)
    office.hand.begin = begin  # type: ignore[method-assign]
    office.turns(1)
    assert office.ledger.said == [("a", JobState.FAILED, "fault"), ("b", JobState.SUCCEEDED, "")]
    assert office.ledger.heard[0].detail == "ZeroDivisionError"


def test_a_list_that_makes_no_sense_or_is_for_another_terminal_changes_nothing() -> None:
    office = Office()
    office.lists(office.order("a"))
    office.desk.listed(b"\xff{")
    office.desk.listed(b'{"terminal":"t-2","jobs":[]}')
    office.turns(1)
    assert office.hand.begins == {"a": 1}


def test_what_the_ledger_took_back_before_it_was_begun_is_forgotten() -> None:
    office = Office()
    office.clock.is_good = False
    office.lists(office.order("a"))
    office.turns(1)
    office.lists()
    office.clock.is_good = True
    office.turns(2)
    assert not office.hand.begins
    assert office.desk.idle
