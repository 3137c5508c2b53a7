"""A picture of the screen shows nobody who has not agreed."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import get_args

import pytest
from doubles.views import checked_in
from PIL import Image

from linli.kiosk.flows.afar_views import AfarView, OutOfService
from linli.kiosk.flows.card_making_views import CardsToMake, MakingCard
from linli.kiosk.flows.enrol_views import Enrolling
from linli.kiosk.flows.maintenance_views import MaintenanceView
from linli.kiosk.flows.views import Home, Screen
from linli.kiosk.jobs.doing import Done
from linli.kiosk.jobs.photographing import NOBODYS, Photographer, personal
from linli.kiosk.png import ACROSS, coarse, png
from linli.sync.job_messages import Screenshot
from linli.sync.periods import SHANGHAI

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=SHANGHAI)
WIDE, HIGH = 160, 100
STRIPES = (WIDE, HIGH, bytes((0, 0, 0, 255, 255, 255)) * (WIDE * HIGH // 2))
NOBODY, SOMEBODY = Screen(Home("邻里中心")), Screen(checked_in(NOW))


class Window:
    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.asked: list[Callable[[bool], None]] = []
        self.photographer = Photographer(lambda: (STRIPES, self.screen), self.asked.append)

    def takes(self, *, clear: bool = False) -> Done | None:
        return self.photographer.begin("j", Screenshot(clear=clear))


def colours(done: Done | None) -> int:
    assert done
    with Image.open(io.BytesIO(done.data)) as picture:
        assert picture.size == (WIDE, HIGH)
        return len(picture.getcolors() or [])


def test_a_screen_that_is_nobodys_is_seen_as_it_is() -> None:
    assert colours(Window(NOBODY).takes()) == 2


def test_somebodys_screen_is_coarse() -> None:
    done = Window(SOMEBODY).takes()
    assert colours(done) == 1
    assert done
    assert done.detail == "blurred"


@pytest.mark.parametrize(("agreed", "seen"), [(True, 2), (False, 1)])
def test_whoever_stands_there_is_asked_for_a_clear_one(agreed: bool, seen: int) -> None:
    window = Window(SOMEBODY)
    assert window.takes(clear=True) is None
    assert window.photographer.look("j", Screenshot(clear=True)) is None
    window.asked[0](agreed)
    window.screen = NOBODY  # the picture is of the moment before the question
    assert colours(window.photographer.look("j", Screenshot(clear=True))) == seen


def test_nobody_is_asked_where_nobody_stands() -> None:
    window = Window(NOBODY)
    assert colours(window.takes(clear=True)) == 2
    assert not window.asked


def test_a_question_that_a_new_start_interrupted_has_failed() -> None:
    done = Window(SOMEBODY).photographer.look("j", Screenshot(clear=True))
    assert done
    assert done.reason == "interrupted"


def test_the_moment_of_the_person_before_is_somebodys() -> None:
    assert personal(Screen(Home("邻里中心"), also=checked_in(NOW)))


def test_of_the_maintainers_menu_only_cards_and_codes_speak_of_somebody() -> None:
    others = set(get_args(MaintenanceView | AfarView)) - set(get_args(NOBODYS))
    assert {kind.__name__ for kind in others} == {
        CardsToMake.__name__,
        MakingCard.__name__,
        Enrolling.__name__,
        OutOfService.__name__,
    }
    assert not personal(Screen(OutOfService("邻里中心")))


def test_a_coarse_picture_is_of_large_squares_also_at_its_edges() -> None:
    width, height, rgb = coarse((50, 31, (bytes(range(250)) * 19)[: 50 * 31 * 3]))
    assert (width, height, len(rgb)) == (50, 31, 50 * 31 * 3)
    with Image.open(io.BytesIO(png((width, height, rgb)))) as picture:
        assert len(picture.getcolors() or []) <= ACROSS * ACROSS
