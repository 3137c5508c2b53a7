"""What hands can do to a terminal with a mouse, a keyboard and a window system: nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from doubles.waiting import eventually, stays
from PIL import Image

from linli.town.control import ControlClient
from linli.town.processes import VirtualDisplay
from tests.system.hands import Hands
from tests.system.kiosk_at_work import KioskAtWork, kiosk_at_work

STATUS_BAR = 130
"""Above that the time of day is shown."""


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    with VirtualDisplay(tmp_path / "display.log", "1280x800x24") as display:
        yield Hands(display.name)


@pytest.fixture
def kiosk(tmp_path: Path, hands: Hands) -> Iterator[KioskAtWork]:
    with kiosk_at_work(tmp_path) as kiosk:
        control = ["--control", str(tmp_path / "control")]
        kiosk.start(
            [sys.executable, "-m", "linli", "kiosk", *kiosk.arguments, *control],
            {"DISPLAY": hands.display, "SDL_VIDEODRIVER": "x11"},
        )
        kiosk.comes_home(1)
        yield kiosk


@pytest.fixture
def picture(tmp_path: Path, kiosk: KioskAtWork) -> Iterator[Callable[[], bytes]]:
    control = ControlClient(tmp_path / "control")

    def picture() -> bytes:
        """What is on the screen below the status bar, once everybody has gone."""
        control.do("home")
        control.do("screenshot", str(tmp_path / "screen.png"))
        with Image.open(tmp_path / "screen.png") as image:
            width, height = image.size
            assert (width, height) == (1280, 800)
            return image.crop((0, STATUS_BAR, width, height)).tobytes()

    yield picture
    control.close()


def test_keys_clicks_and_drags_lead_nowhere(
    hands: Hands, kiosk: KioskAtWork, picture: Callable[[], bytes]
) -> None:
    eventually(lambda: len(hands.windows()) == 1)
    windows, home = hands.windows(), picture()
    hands.storm(40)
    eventually(lambda: picture() == home)
    assert hands.windows() == windows
    assert kiosk.outer.is_running()
    assert kiosk.homes() == 1
    kiosk.tap("r-1")


def test_a_wish_to_close_the_window_is_not_heard(
    hands: Hands, kiosk: KioskAtWork, picture: Callable[[], bytes]
) -> None:
    eventually(lambda: len(hands.windows()) == 1)
    home = picture()
    for _ in range(5):
        hands.ask_to_close()
    stays(lambda: kiosk.outer.poll() is None, for_=2)
    eventually(lambda: picture() == home)
    assert kiosk.end() == 0, "and yet it ends when the system wants it to"
