"""The attendant: what a tap or a touch ends in."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from doubles.attending import (
    OTHER,
    PATROL,
    PEOPLE,
    VISIT,
    Open,
    done,
    trouble,
)
from doubles.centre import (
    CENTRE,
    activity,
    at,
    attendance,
    deed,
    snapshots,
    standing,
)
from sqlalchemy import select

from linli.kiosk import attendant as attendant_module
from linli.kiosk.attendant import Attendant
from linli.kiosk.flows.views import Choose, Home, Refused, Trouble
from linli.kiosk.flows.visit_views import Module
from linli.kiosk.trace import Trace
from linli.sync.messages import Item, ItemClass, ItemLimit, Row, StandardDoc, Stream
from linli.sync.outbox import event_table
from linli.sync.replica import Replica

# --- in and out ----------------------------------------------------------------------------------


def test_one_open_activity_is_checked_into(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    view = done(centre.tap())
    assert (view.name, view.title, view.points, view.counted) == (
        "name of r-1",
        "title of visit",
        10,
        True,
    )
    assert not view.signed_out
    ((kind, data),) = centre.events()
    assert kind == "check-in"
    assert (data["account"], data["activity"], data["trust"]) == ("r-1", "visit", "low")


def test_an_activity_with_a_minimum_time_says_when_to_come_back(open_centre: Open) -> None:
    view = done(open_centre(PATROL).tap())
    assert view.sign_out_after == at("10:00")
    assert view.pending == 0


def test_a_tap_before_the_time_says_how_many_minutes_are_left(open_centre: Open) -> None:
    centre = open_centre(PATROL)
    centre.tap()
    centre.clock.pass_(minutes=20.5)
    screen = centre.tap()
    assert trouble(screen) is Trouble.TOO_EARLY
    assert isinstance(screen.view, Refused)
    assert (screen.view.minutes, screen.view.sign_out_after) == (40, at("10:00"))
    assert len(centre.events()) == 1


def test_a_tap_after_the_time_signs_out_and_brings_the_points(open_centre: Open) -> None:
    centre = open_centre(PATROL)
    centre.tap()
    centre.clock.pass_(minutes=60)
    view = done(centre.tap())
    assert (view.signed_out, view.points, view.pending, view.sign_out_after) == (True, 10, 10, None)
    assert [kind for kind, _ in centre.events()] == ["check-in", "sign-out"]


def test_who_has_been_is_told_so_with_what_comes_next(open_centre: Open) -> None:
    centre = open_centre(VISIT, activity("later", "15:00-16:00"))
    centre.tap()
    screen = centre.tap()
    assert trouble(screen) is Trouble.ALREADY_DONE
    assert isinstance(screen.view, Refused)
    assert screen.view.next_activity is not None
    assert screen.view.next_activity.id == "later"
    assert len(centre.events()) == 1


def test_with_nothing_open_the_next_activity_is_named(open_centre: Open) -> None:
    screen = open_centre(activity("later", "15:00-16:00")).tap()
    assert trouble(screen) is Trouble.NOTHING_OPEN
    assert isinstance(screen.view, Refused)
    assert screen.view.next_activity is not None
    assert screen.view.next_activity.open_now is False


@pytest.mark.parametrize(
    "row", [activity("visit", centre="elsewhere"), activity("visit", cancelled=True)]
)
def test_what_is_elsewhere_or_cancelled_is_not_open(open_centre: Open, row: Row) -> None:
    assert trouble(open_centre(row).tap()) is Trouble.NOTHING_OPEN


def test_a_check_in_at_the_next_terminal_counts_here(open_centre: Open) -> None:
    centre = open_centre(PATROL, attendance("r-1", "patrol", at("08:30")))
    centre.clock.pass_(minutes=30)
    view = done(centre.tap())
    assert view.signed_out
    assert [kind for kind, _ in centre.events()] == ["sign-out"]


def test_the_event_carries_the_moment_that_was_decided_by(
    open_centre: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last second of an open door: what was open when decided must be open in the event."""
    centre = open_centre(activity("visit", "08:30-10:00", late_min=30))
    wall = centre.clock.wall

    def later_each_time() -> dt.datetime:
        nonlocal wall
        wall += dt.timedelta(seconds=1)
        return wall - dt.timedelta(seconds=1)

    monkeypatch.setattr(centre.clock, "now", later_each_time)
    done(centre.tap())
    (known,) = centre.store.attendances("r-1", ["visit"]).values()
    assert known.in_at == at("09:00")


# --- choosing ------------------------------------------------------------------------------------


def test_of_several_the_person_chooses(open_centre: Open) -> None:
    centre = open_centre(VISIT, PATROL)
    screen = centre.tap()
    assert isinstance(screen.view, Choose)
    assert {option.id for option in screen.view.options} == {"visit", "patrol"}
    assert centre.events() == []
    assert done(centre.attendant.choose("visit")).title == "title of visit"
    assert [data["activity"] for _, data in centre.events()] == ["visit"]


def test_a_choice_counts_once(open_centre: Open) -> None:
    centre = open_centre(VISIT, PATROL)
    centre.tap()
    centre.attendant.choose("visit")
    assert isinstance(centre.attendant.choose("patrol").view, Home)
    assert len(centre.events()) == 1


def test_a_choice_after_the_screen_went_home_does_nothing(open_centre: Open) -> None:
    centre = open_centre(VISIT, PATROL)
    centre.tap()
    centre.attendant.home()
    assert isinstance(centre.attendant.choose("visit").view, Home)
    assert centre.events() == []


def test_a_choice_is_the_one_of_who_tapped_last(open_centre: Open) -> None:
    centre = open_centre(VISIT, PATROL)
    centre.tap()
    centre.tap_dynamic()
    centre.attendant.choose("visit")
    assert [data["account"] for _, data in centre.events()] == ["r-2"]


def test_what_closed_meanwhile_is_said_to_be_closed(open_centre: Open) -> None:
    centre = open_centre(VISIT, PATROL)
    centre.tap()
    centre.clock.pass_(minutes=31)
    assert trouble(centre.attendant.choose("visit")) is Trouble.CLOSED_MEANWHILE
    assert centre.events() == []


def test_a_choice_that_was_never_offered_is_refused(open_centre: Open) -> None:
    centre = open_centre(VISIT, PATROL)
    centre.tap()
    assert trouble(centre.attendant.choose("' OR 1=1")) is Trouble.CLOSED_MEANWHILE


def test_who_chose_at_the_next_terminal_meanwhile_is_told_so(open_centre: Open) -> None:
    centre = open_centre(VISIT, PATROL)
    centre.tap()
    rows: list[Row] = [*PEOPLE, attendance("r-1", "visit", at("09:00"))]
    centre.replica.load(snapshots(rows, 2)[1])
    assert trouble(centre.attendant.choose("visit")) is Trouble.ALREADY_DONE


# --- figures -------------------------------------------------------------------------------------


def standard(limit: int) -> StandardDoc:
    item = Item(
        code="B01", name="patrol", points=8, record="checkin", limit=ItemLimit(n=limit, per="month")
    )
    classes = [ItemClass(code="B", name="平安", items=[item])]
    return StandardDoc(version="v1", effective_from=dt.date(2026, 1, 1), classes=classes)


def test_points_are_those_of_the_standard_in_force(open_centre: Open) -> None:
    centre = open_centre(activity("patrol"))
    centre.replica.set_standard(standard(2))
    assert done(centre.tap()).points == 8


def test_over_the_months_limit_the_deed_does_not_count(open_centre: Open) -> None:
    centre = open_centre(activity("patrol"), deed("d-1", "r-1", at("08:00")))
    centre.replica.set_standard(standard(1))
    view = done(centre.tap())
    assert (view.counted, view.pending, view.standing) == (False, 0, None)
    assert len(centre.events()) == 1


def test_the_place_in_the_ranking_includes_this_tap(open_centre: Open) -> None:
    centre = open_centre(VISIT, standing("r-1", 25), standing("r-8", 30), standing("r-9", 50))
    place = done(centre.tap()).standing
    assert place is not None
    assert (place.place, place.rank, place.gap, place.next_rank) == ("阳光社区", 2, 15, 1)


# --- two people ----------------------------------------------------------------------------------


def test_two_people_within_a_second_both_see_their_moment(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    first = done(centre.tap())
    centre.clock.pass_(seconds=1)
    second = centre.tap_dynamic()
    assert done(second).name == "name of r-2"
    assert second.also == first


def test_a_refusal_does_not_take_the_moment_of_the_person_before(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    first = done(centre.tap())
    centre.clock.pass_(seconds=1)
    assert centre.tap(OTHER).also == first


def test_after_a_while_nobody_elses_moment_is_shown(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    centre.tap()
    centre.clock.pass_(seconds=attendant_module.ALSO_S + 0.1)
    assert centre.tap_dynamic().also is None


# --- home ----------------------------------------------------------------------------------------


def test_home_shows_what_is_left_of_today_with_who_is_there(open_centre: Open) -> None:
    tomorrow = activity("tomorrow", "08:00-10:00")
    day = dt.timedelta(days=1)
    tomorrow = activity(
        "tomorrow", starts_at=tomorrow.starts_at + day, ends_at=tomorrow.ends_at + day
    )
    centre = open_centre(
        VISIT,
        activity("over", "07:00-08:00"),
        activity("later", "15:00-16:00"),
        activity("cancelled", cancelled=True),
        tomorrow,
        attendance("r-2", "visit", at("08:50")),
    )
    view = centre.attendant.home().view
    assert isinstance(view, Home)
    assert [(a.id, a.open_now, a.present) for a in view.activities] == [
        ("visit", True, 1),
        ("later", False, 0),
    ]


def test_home_does_not_claim_an_empty_day_before_the_programme_is_known(
    open_centre: Open, tmp_path: Path
) -> None:
    centre = open_centre()
    assert centre.attendant.home().view == Home("邻里中心", (), True, tuple(Module))
    empty = Replica(tmp_path / "never-fetched.db", "s-1", (Stream.CHANGES,))
    attendant = Attendant(
        centre.store,
        empty,
        centre.clock,
        Trace(),
        centre=CENTRE,
        centre_name="邻里中心",
        place="",
        desk=centre.desk,
        later=centre.came.append,
    )
    assert attendant.home().view == Home("邻里中心", (), known=False)
    empty.close()


# --- the clock -----------------------------------------------------------------------------------


def test_a_clock_set_back_hours_loses_nothing_and_awards_nothing_twice(open_centre: Open) -> None:
    centre = open_centre(activity("patrol", "09:00-12:00", early_min=300, min_minutes=60))
    done(centre.tap())
    centre.clock.wall -= dt.timedelta(hours=4)
    assert trouble(centre.tap()) is Trouble.ALREADY_DONE
    centre.clock.wall += dt.timedelta(hours=4)
    centre.clock.pass_(minutes=60)
    assert done(centre.tap()).signed_out
    assert [kind for kind, _ in centre.events()] == ["check-in", "sign-out"]


def test_an_event_says_whether_its_clock_was_good_and_counts_on_within_the_boot(
    open_centre: Open,
) -> None:
    centre = open_centre(VISIT)
    centre.clock.is_good = False
    centre.tap()
    centre.clock.is_good = True
    centre.clock.seconds += 5
    centre.clock.wall += dt.timedelta(minutes=10)
    centre.tap_dynamic()
    with centre.engine.connect() as connection:
        rows = connection.execute(select(event_table).order_by(event_table.c.seq)).all()
    bodies = [json.loads(row.body) for row in rows]
    assert [b["clockgood"] for b in bodies] == [False, True]
    assert [b["monotonicms"] for b in bodies] == [100_000, 105_000]
    assert {b["bootid"] for b in bodies} == {"boot-1"}


def test_the_trace_names_the_tap_from_the_card_to_the_commit(open_centre: Open) -> None:
    marks: list[tuple[str, str]] = []

    class Noting(Trace):
        def mark(self, trace: str, what: str, monotonic: float, **facts: object) -> None:
            marks.append((trace, what))

    centre = open_centre(VISIT)
    centre.attendant = Attendant(
        centre.store,
        centre.replica,
        centre.clock,
        Noting(),
        centre=CENTRE,
        centre_name="邻里中心",
        place="阳光社区",
        desk=centre.desk,
        later=centre.came.append,
    )
    view = done(centre.tap())
    assert marks == [(view.trace, "seen"), (view.trace, "committed")]
    with centre.engine.connect() as connection:
        (body,) = connection.execute(select(event_table.c.body)).scalars()
    assert json.loads(body)["traceparent"].split("-")[1] == view.trace
