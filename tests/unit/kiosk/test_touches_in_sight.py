"""Whose a touch is when one screen takes another's place."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from doubles.views import checked_in

from linli.kiosk.flows.afar_views import AskPicture, OutOfService
from linli.kiosk.flows.maintenance_views import AskRestart, AskService
from linli.kiosk.flows.shop_views import Phase, Redeeming
from linli.kiosk.flows.sight import SIGHT_S, may_be_displaced, sight_s
from linli.kiosk.flows.views import Choose, Home, Refused, Trouble, View
from linli.sync.periods import SHANGHAI

NOON = dt.datetime(2026, 11, 28, 12, 0, tzinfo=SHANGHAI)
HOME = Home("邻里中心")
CHOOSE = Choose("张*三", (), "trace-1")
REFUSED = Refused(Trouble.BLOCKED_CARD)


def test_a_touch_right_after_anothers_tap_is_not_for_their_screen() -> None:
    assert sight_s(CHOOSE, REFUSED) == SIGHT_S
    assert sight_s(CHOOSE, replace(checked_in(NOON), trace="trace-2")) == SIGHT_S


def test_who_chose_may_touch_what_they_are_shown_for_it_at_once() -> None:
    assert sight_s(CHOOSE, replace(checked_in(NOON), trace=CHOOSE.trace)) == 0.0


@pytest.mark.parametrize("resting", [HOME, OutOfService("邻里中心")])
def test_a_touch_waits_neither_for_nor_after_a_screen_at_which_nobody_stands(resting: View) -> None:
    assert sight_s(resting, CHOOSE) == 0.0
    assert sight_s(CHOOSE, resting) == 0.0


def test_a_maintainer_touches_the_same_screen_as_fast_as_they_like() -> None:
    restart, service = AskRestart(), AskService(out=True)
    assert sight_s(restart, restart) == 0.0
    assert sight_s(restart, service) == SIGHT_S


@pytest.mark.parametrize("view", [HOME, Redeeming("毛巾", Phase.OPENING), AskPicture(20)])
def test_no_question_takes_the_place_of_what_must_stay_or_of_nobody(view: View) -> None:
    assert not may_be_displaced(view)


def test_a_question_may_take_any_other_screens_place() -> None:
    assert may_be_displaced(CHOOSE)
    assert may_be_displaced(REFUSED)
