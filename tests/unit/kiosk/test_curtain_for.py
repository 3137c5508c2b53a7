"""For which programs a curtain is hung, and which picture it shows."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from doubles.centre import at
from doubles.waiting import eventually

from linli.commands import curtain
from linli.commands.curtain import curtain_for, wanted
from linli.commands.windows import options
from linli.kiosk.curtain.hanging import NO_CURTAIN, Curtain
from linli.kiosk.curtain.picture import NoPictureError
from linli.town.clock import TownClock

Hung = list[list[str]]


@pytest.fixture
def settings(tmp_path: Path) -> str:
    path = tmp_path / "t.toml"
    path.write_text('name = "t"\ndata = "/var/lib/linli"\n', encoding="utf-8")
    return str(path)


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch) -> Hung:
    """What curtains were hung with."""
    hung: Hung = []

    def hang(show: list[str], _: object) -> Curtain:
        hung.append(show)
        return Curtain()

    monkeypatch.setattr(curtain, "hang", hang)
    return hung


def test_it_is_told_what_its_program_runs_from(settings: str, hung: Hung) -> None:
    curtain_for(["--settings", settings, "--clock", "c"])
    curtain_for([f"--settings={settings}", "--clock=c"])
    curtain_for(["--enrol", "https://a", "--settings", "old", "--settings", settings])
    show = ["linli.commands.curtain", settings]
    assert hung == [[*show, "c"], [*show, "c"], [*show, ""]]


@pytest.mark.parametrize(
    "more", [["--supervised"], ["--windowless"], ["--strip", "s"], ["--strip=s"]]
)
def test_a_program_without_a_window_of_its_own_has_none(
    more: list[str], settings: str, hung: Hung
) -> None:
    curtain_for(["--settings", settings, *more])
    assert hung == []


@pytest.mark.parametrize("arguments", [["--settings"], ["--help"], ["--settings", "/none.toml"]])
def test_a_program_that_has_no_settings_yet_has_none(arguments: list[str], hung: Hung) -> None:
    curtain_for(arguments)
    assert hung == []


def test_no_program_takes_a_shortened_option_that_is_not_looked_for_here(settings: str) -> None:
    with pytest.raises(SystemExit):
        options("kiosk", None).parse_args(["--settings", settings, "--superv"])


@pytest.mark.parametrize(
    "given",
    [
        {"SDL_VIDEODRIVER": "x11", "KCFG_GRAPHICS_BORDERLESS": "0"},
        {"SDL_VIDEODRIVER": "wayland"},
        {"SDL_VIDEODRIVER": "x11", NO_CURTAIN: "1"},
    ],
    ids=["a frame", "another driver", "a program in trouble"],
)
def test_no_curtain_hangs_before_a_window_with(given: dict[str, str], settings: str) -> None:
    hanging = curtain_for(["--settings", settings], {**os.environ, **given})
    assert not hanging.is_hanging


def test_where_nothing_leads_to_a_picture_nothing_is_lifted(settings: str) -> None:
    hanging = curtain_for(["--settings", settings], {**os.environ, "SDL_VIDEODRIVER": "x11"})
    eventually(lambda: not hanging.is_hanging)
    hanging.lift()
    hanging.lift()


def test_the_picture_is_where_the_settings_say_and_of_the_towns_day(
    settings: str, tmp_path: Path
) -> None:
    TownClock.create(tmp_path / "clock", at("23:30"))
    found = wanted(settings, str(tmp_path / "clock"))
    assert found == (Path("/var/lib/linli/curtain"), dt.date(2026, 11, 24))


@pytest.mark.parametrize("text", ["", "data = 7", "data = ", 'name = "t"', 'data = ""'])
def test_settings_that_lead_to_none_are_for_the_program_to_complain_of(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "t.toml").write_text(text, encoding="utf-8")
    with pytest.raises(NoPictureError):
        wanted(str(tmp_path / "t.toml"), "")
