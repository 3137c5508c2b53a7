"""A real terminal that nobody uses, and the doctor who comes while it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from doubles.waiting import eventually
from PIL import Image, ImageStat

from linli.town.control import ControlClient
from tests.system.kiosk_at_work import ROOT, KioskAtWork, kiosk_at_work

RESTING = """
[display]
rest_after_s = 10
rest_percent = 0
"""


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[KioskAtWork]:
    with kiosk_at_work(tmp_path, RESTING) as kiosk:
        control = ["--control", str(tmp_path / "control")]
        command = [sys.executable, "-m", "linli", "kiosk", *kiosk.arguments, *control]
        kiosk.start(command, {"SDL_VIDEODRIVER": "offscreen"})
        kiosk.comes_home(1)
        yield kiosk


@pytest.fixture
def brightness(tmp_path: Path, kiosk: KioskAtWork) -> Iterator[Callable[[], float]]:
    control = ControlClient(tmp_path / "control")

    def brightness() -> float:
        """Of the whole picture, 0…255."""
        control.do("screenshot", str(tmp_path / "screen.png"))
        with Image.open(tmp_path / "screen.png") as image:
            return float(ImageStat.Stat(image.convert("L")).mean[0])

    yield brightness
    control.close()


def doctor(kiosk: KioskAtWork) -> dict[str, str]:
    command = [sys.executable, "-m", "linli", "terminal", "doctor", "--json"]
    done = subprocess.run(
        [*command, "--settings", str(kiosk.settings)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode in (1, 2), done.stderr.decode()
    return {row["subject"]: row["code"] for row in json.loads(done.stdout)["checks"]}


def test_the_picture_rests_where_the_screen_cannot_and_a_card_wakes_it(
    kiosk: KioskAtWork, brightness: Callable[[], float]
) -> None:
    bright = brightness()
    eventually(lambda: brightness() < bright / 3, within=40)
    kiosk.tap("r-1")
    eventually(lambda: brightness() > bright / 2)


def test_the_doctor_leaves_a_running_terminals_reader_alone(kiosk: KioskAtWork) -> None:
    found = doctor(kiosk)
    assert (found["reader"], found["database"]) == ("in-use", "database-well")
    kiosk.tap("r-2")
    assert kiosk.homes() == 1
