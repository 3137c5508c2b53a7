"""A visit: what a person reaches by touching and tapping, and what is forgotten when they go."""

from __future__ import annotations

import datetime as dt

import msgspec
from doubles.attending import VISIT, Centre, Open, done
from doubles.centre import at, deed, holder, notice, standing, story

from linli.kiosk.flows import actions
from linli.kiosk.flows.news_views import Article, News, NoticeSheet, Ranking
from linli.kiosk.flows.views import Home, Screen
from linli.kiosk.flows.visit_views import (
    AskCard,
    AskConsent,
    Complaint,
    DeedDetail,
    Hindered,
    Hindrance,
    Module,
    Object,
    Outcome,
    Points,
    Services,
    Stands,
    Told,
)
from linli.kiosk.visits.visits import IDLE_S
from linli.sync.messages import Kind

MINE = [
    deed("d-1", "r-1", at("08:10"), title="清洁", state="posted"),
    deed("d-2", "r-1", at("08:20"), title="巡逻"),
    deed("d-3", "r-1", at("08:30"), title="议事", state="voided", reason="没有来"),
    deed("d-9", "r-2", at("08:40"), title="别人的"),
]
OCTOBER = dt.date(2026, 10, 6)


def points(screen: Screen) -> Points:
    assert isinstance(screen.view, Points), screen.view
    return screen.view


def at_points(centre: Centre) -> Screen:
    """The points are wanted from the resting screen, and the card is tapped."""
    asked = centre.act(actions.Open(Module.POINTS))
    assert asked.view == AskCard(Module.POINTS)
    return centre.tap()


def test_the_resting_screen_has_its_doors(open_centre: Open) -> None:
    view = open_centre().attendant.home().view
    assert isinstance(view, Home)
    assert view.modules == tuple(Module)


def test_a_tap_that_was_asked_for_shows_points_and_signs_nobody_in(open_centre: Open) -> None:
    centre = open_centre(VISIT, *MINE, standing("r-1", 20), standing("r-2", 30))
    shown = at_points(centre)
    view = points(shown)
    assert (view.name, view.redeemable) == ("name of r-1", 50)
    assert [(rank.place, rank.rank) for rank in view.ranks] == [("1号楼", 2), ("阳光社区", 2)]
    assert [line.title for line in view.deeds] == ["议事", "巡逻", "清洁"]
    assert (view.count, view.month_points) == (3, 20)
    assert shown.home_after_s == IDLE_S
    assert centre.events() == []


def test_points_held_by_this_terminals_leases_are_still_theirs(open_centre: Open) -> None:
    centre = open_centre(*MINE)
    centre.till.leases["r-1"] = 30
    assert points(at_points(centre)).redeemable == 80


def test_who_checks_in_sees_those_points_too(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    centre.till.leases["r-2"] = 30
    assert done(centre.tap_dynamic()).redeemable == 50 + 30


def test_who_signed_in_reaches_their_points_with_one_touch(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    tapped = done(centre.tap())
    assert tapped.more
    shown = centre.act(actions.ShowPoints(tapped.trace))
    assert points(shown).name == "name of r-1"


def test_a_touch_never_shows_the_points_of_who_tapped_in_between(open_centre: Open) -> None:
    centre = open_centre(VISIT)
    before = done(centre.tap())
    centre.clock.pass_(seconds=1)
    done(centre.tap_dynamic())
    assert centre.attendant.act(actions.ShowPoints(before.trace)) is None


def test_nothing_of_a_person_is_left_after_they_went_home(open_centre: Open) -> None:
    centre = open_centre(VISIT, *MINE)
    at_points(centre)
    centre.attendant.home()
    assert centre.attendant.act(actions.ShowDeed("d-1")) is None
    assert centre.attendant.act(actions.ShowServices()) is None


def test_another_tap_during_a_visit_is_the_other_persons(open_centre: Open) -> None:
    centre = open_centre(VISIT, *MINE)
    at_points(centre)
    assert done(centre.tap_dynamic()).name == "name of r-2"
    assert centre.attendant.act(actions.ShowDeed("d-1")) is None


def test_deeds_are_leafed_through_to_older_months_and_back(open_centre: Open) -> None:
    older = [deed(f"o-{n}", "r-1", at(f"08:{n}0", OCTOBER), title=f"{n}") for n in range(6)]
    centre = open_centre(*MINE, *older)
    first = points(at_points(centre))
    assert (first.earlier, first.later) == (True, False)
    second = points(centre.act(actions.ShowOlder()))
    assert second.month == dt.date(2026, 10, 1)
    assert [line.title for line in second.deeds] == ["5", "4", "3", "2"]
    third = points(centre.act(actions.ShowOlder()))
    assert [line.title for line in third.deeds] == ["1", "0"]
    assert (third.earlier, third.later) == (False, True)
    assert points(centre.act(actions.ShowNewer())) == second
    assert points(centre.act(actions.ShowNewer())) == first


def test_a_deed_without_a_tap_has_no_hour(open_centre: Open) -> None:
    tapped = deed("d-7", "r-1", at("08:00"), activity="visit")
    written = deed("d-8", "r-1", at("08:30"), activity=None)
    shown = points(at_points(open_centre(tapped, written)))
    assert {line.id: line.timed for line in shown.deeds} == {"d-7": True, "d-8": False}


def test_each_deed_says_how_it_stands_and_why(open_centre: Open) -> None:
    centre = open_centre(*MINE)
    at_points(centre)
    shown = centre.act(actions.ShowDeed("d-3")).view
    assert isinstance(shown, DeedDetail)
    assert (shown.deed.stands, shown.reason) == (Stands.VOIDED, "没有来")
    assert points(centre.act(actions.Back())).name == "name of r-1"


def test_somebody_elses_deed_is_not_shown(open_centre: Open) -> None:
    centre = open_centre(*MINE)
    at_points(centre)
    assert isinstance(centre.act(actions.ShowDeed("d-9")).view, Hindered)


def test_a_deed_on_a_notice_that_hangs_can_be_objected_to(open_centre: Open) -> None:
    centre = open_centre(
        deed("old", "r-1", at("09:00", OCTOBER), state="posted"), notice("2026-10")
    )
    at_points(centre)
    detail = centre.act(actions.ShowOlder(), actions.ShowDeed("old")).view
    assert isinstance(detail, DeedDetail)
    assert detail.object_until == dt.date(2026, 11, 27)
    asked = centre.act(actions.BeginObjection()).view
    assert isinstance(asked, Object)
    told = centre.act(actions.Complain(Complaint.NOT_DONE)).view
    assert told == Told(Outcome.OBJECTED, "name of r-1")
    ((kind, data),) = centre.events()
    assert kind == "objection"
    assert (data["deed"], data["words"], data["account"]) == ("old", "这件事我没有做", "r-1")
    back = centre.act(actions.Back()).view
    assert isinstance(back, DeedDetail)
    assert back.objected


def test_once_its_notice_is_closed_a_deed_that_was_objected_to_stands_as_it_stands(
    open_centre: Open,
) -> None:
    centre = open_centre(
        deed("old", "r-1", at("09:00", OCTOBER), state="posted"), notice("2026-10")
    )
    at_points(centre)
    centre.act(actions.ShowOlder(), actions.ShowDeed("old"), actions.BeginObjection())
    centre.act(actions.Complain(Complaint.NOT_DONE))
    centre.attendant.home()
    centre.clock.pass_(minutes=5 * 24 * 60)
    at_points(centre)
    detail = centre.act(actions.ShowOlder(), actions.ShowDeed("old")).view
    assert isinstance(detail, DeedDetail)
    assert (detail.objected, detail.object_until) == (False, None)


def test_a_sealed_notice_takes_no_objection(open_centre: Open) -> None:
    sealed = notice("2026-10", sealed_at=at("07:00"))
    centre = open_centre(deed("old", "r-1", at("09:00", OCTOBER), state="posted"), sealed)
    at_points(centre)
    detail = centre.act(actions.ShowOlder(), actions.ShowDeed("old")).view
    assert isinstance(detail, DeedDetail)
    assert detail.object_until is None


def test_consent_is_kept_with_the_tap_that_gave_it_and_shown_at_once(open_centre: Open) -> None:
    centre = open_centre()
    centre.act(actions.Open(Module.POINTS))
    centre.tap_dynamic()
    asked = centre.act(actions.ShowServices(), actions.ShowConsent()).view
    assert asked == AskConsent("name of r-2", agreed=False)
    told = centre.act(actions.SetConsent(agreed=True)).view
    assert told == Told(Outcome.CONSENTED, "name of r-2")
    ((kind, data),) = centre.events()
    assert (kind, data["agreed"], data["card"]) == ("consent", True, "c-dynamic")
    services = centre.act(actions.Back()).view
    assert isinstance(services, Services)
    assert services.consent is True


def test_a_card_that_can_be_copied_hides_a_name_and_shows_none(open_centre: Open) -> None:
    centre = open_centre()
    at_points(centre)
    centre.act(actions.ShowServices(), actions.ShowConsent())
    shown = centre.act(actions.SetConsent(agreed=True)).view
    assert isinstance(shown, Hindered)
    assert (shown.hindrance, centre.events()) == (Hindrance.CARD_COPYABLE, [])
    told = centre.act(actions.Back(), actions.SetConsent(agreed=False)).view
    assert told == Told(Outcome.WITHDREW, "name of r-1")
    ((_, data),) = centre.events()
    assert data["agreed"] is False


def test_a_child_is_not_asked_whether_their_name_may_be_shown(open_centre: Open) -> None:
    child = msgspec.structs.replace(holder("r-1"), under14=True)
    centre = open_centre(child)
    at_points(centre)
    services = centre.act(actions.ShowServices()).view
    assert isinstance(services, Services)
    assert services.consent is None
    assert isinstance(centre.act(actions.ShowConsent()).view, Services)


def test_news_are_read_without_a_card(open_centre: Open) -> None:
    centre = open_centre(
        notice("2026-10"),
        standing("r-1", 20),
        story("s-1", at("07:00"), title="灯", text="一。二。"),
    )
    shown = centre.act(actions.Open(Module.NEWS)).view
    assert isinstance(shown, News)
    assert [row.id for row in shown.rows] == ["notice:2026-10", "ranking:resident", "story:s-1"]
    sheet = centre.act(actions.ShowNews("notice:2026-10")).view
    assert isinstance(sheet, NoticeSheet)
    assert (sheet.deeds, sheet.sealed) == (1286, False)
    ranking = centre.act(actions.Back(), actions.ShowNews("ranking:resident")).view
    assert isinstance(ranking, Ranking)
    assert ranking.kind == Kind.RESIDENT.value
    assert ranking.rows == ((1, "public r-1", 20),)
    story_view = centre.act(actions.Back(), actions.ShowNews("story:s-1")).view
    assert story_view == Article("灯", "一。二。", "王*芳", 0, 1)


def test_what_cannot_be_saved_is_said_so_and_not_shown_as_done(open_centre: Open) -> None:
    centre = open_centre()
    at_points(centre)
    centre.act(actions.ShowServices(), actions.ShowConsent())
    with centre.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE event")
    shown = centre.act(actions.SetConsent(agreed=False)).view
    assert isinstance(shown, Hindered)
    assert shown.hindrance is Hindrance.NOT_SAVED
    assert centre.desk.consents == {}


def test_taps_on_nothing_are_left_alone(open_centre: Open) -> None:
    centre = open_centre(*MINE)
    shown = at_points(centre)
    assert centre.act(actions.Redeem()).view == shown.view
    assert centre.act(actions.Complain(Complaint.DAY)).view == shown.view
