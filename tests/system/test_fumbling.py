"""Somebody touches whatever there is to touch: the terminal carries on, and comes home."""

from __future__ import annotations

import time
from pathlib import Path

from linli.town import world as towns
from linli.town.finger import Finger
from linli.town.fumbling import Fumbler, complaints
from linli.town.guest import READ_S
from linli.town.marks import read_marks
from linli.town.town import Town, virtual_windows
from linli.town.waiting import eventually

TOUCHES, SEED, SIZE = 200, 11, (1280, 800)


def test_whatever_is_touched_nothing_goes_wrong_and_home_comes_back(tmp_path: Path) -> None:
    world = towns.build(3, towns.SATURDAY, 60, past_days=4)
    with virtual_windows(tmp_path) as windows:
        town = Town(tmp_path / "town", world, towns.at(world.day, "09:05"), windows)
        try:
            town.start()
            with Finger(windows.kiosk_display or "") as finger:
                Fumbler(town, finger, SIZE, SEED).touch(TOUCHES)
            time.sleep(READ_S)  # a touch right after a screen has changed belongs to the one before
            town.kiosk_control.do("home")
            assert eventually(lambda: shown(town)[-1] == "Home")
            seen = shown(town)
        finally:
            town.stop()
    assert complaints(town.kiosk.log) == []
    assert len(set(seen)) > 3


def shown(town: Town) -> list[str]:
    """The kinds of screens so far, in order."""
    return [str(m["view"]) for m in read_marks(town.trace("kiosk")) if m["what"] == "shown"]
