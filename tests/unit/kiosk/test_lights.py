"""The light of the terminal board goes with the screen, over the board's real line."""

from __future__ import annotations

import datetime as dt
import time

from doubles.views import checked_in
from doubles.waiting import eventually

from linli.devices.simulated.board_pins import Word
from linli.devices.simulated.terminal_board import SimulatedBoard
from linli.firmware_bridge.board import Board, Pattern
from linli.kiosk.flows.shop_views import Ending, Phase, Redeemed, Redeeming
from linli.kiosk.flows.views import Home, Refused, Screen, Trouble
from linli.kiosk.flows.visit_views import Hindered, Hindrance, Points
from linli.kiosk.peripherals.lights import OFF, BoardLights, Signal, signal_of
from linli.sync.periods import SHANGHAI

DOOR_2 = 1 << 1
"""Its LED among the pins."""
NOW = dt.datetime(2026, 11, 28, 9, tzinfo=SHANGHAI)


def test_done_is_green_and_trouble_is_not() -> None:
    assert signal_of(checked_in(NOW)).pattern is Pattern.SUCCESS
    assert signal_of(Refused(Trouble.NOTHING_OPEN)).pattern is Pattern.TROUBLE
    assert signal_of(Hindered(Hindrance.SOLD_OUT)).pattern is Pattern.TROUBLE
    came_back = Redeemed("", "", 0, 0, Ending.CAME_BACK)
    assert signal_of(came_back) == Signal(Pattern.TROUBLE, buzzes=True)


def test_the_light_leads_to_the_door_until_it_is_shut() -> None:
    for phase in (Phase.OPENING, Phase.TAKE_IT, Phase.CLOSE_IT):
        assert signal_of(Redeeming("", phase, 3)) == Signal(Pattern.GUIDE, 3)
    assert signal_of(Redeeming("", Phase.PAYING)) == OFF


def test_who_only_looks_sees_no_light() -> None:
    assert signal_of(Home("")) == OFF
    assert signal_of(Points("", 0, 0, 0, (), NOW.date(), 0, 0, ())) == OFF


def lights_out(board: SimulatedBoard) -> bool:
    """For longer than a light that blinks is dark."""
    for _ in range(60):
        if board.memory[Word.LEDS]:
            return False
        time.sleep(0.005)
    return True


def test_the_board_shows_it_and_a_cable_that_is_pulled_disturbs_nothing(
    board: SimulatedBoard,
) -> None:
    driver = Board.at(board.path)
    lights = BoardLights(driver)
    lights.shown(Screen(Redeeming("", Phase.TAKE_IT, 2)))
    eventually(lambda: board.memory[Word.LEDS] == DOOR_2)
    board.unplug()
    lights.shown(Screen(checked_in(NOW)))
    board.replug()
    lights.shown(Screen(Home("")))
    eventually(lambda: lights_out(board))
    lights.close()
    driver.close()
