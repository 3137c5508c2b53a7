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
from linli.kiosk.curtain.hanging import Curtain
from linli.kiosk.curtain.picture import NoPictureError
from linli.town.clock import TownClock


@pytest.fixture
def hung(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What curtains were hung with."""
    hung: list[list[str]] = []

    def hang(show: list[str], _: object) -> Curtain:
        hung.append(show)
        return Curtain()

    monkeypatch.setattr(curtain, "hang", hang)
    return hung


@pytest.mark.parametrize(
    "arguments",
    [
        ["--settings", "t.toml", "--clock", "c"],
        ["--settings=t.toml", "--clock=c"],
        ["--enrol", "https://a", "--settings", "old", "--settings", "t.toml", "--clock", "c"],
    ],
)
def test_it_is_told_what_its_program_runs_from(arguments: list[str], hung: list[list[str]]) -> None:
    curtain_for(arguments)
    assert hung == [["linli.commands.curtain", "t.toml", "c"]]


def test_a_real_terminal_has_no_clock_of_a_town(hung: list[list[str]]) -> None:
    curtain_for(["--settings", "t.toml"])
    assert hung == [["linli.commands.curtain", "t.toml", ""]]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--settings", "t.toml", "--supervised"],
        ["--settings", "t.toml", "--windowless"],
        ["--settings", "t.toml", "--strip", "s"],
        ["--settings"],
        ["--help"],
    ],
)
def test_a_program_without_a_window_of_its_own_has_none(
    arguments: list[str], hung: list[list[str]]
) -> None:
    curtain_for(arguments)
    assert hung == []


def test_a_window_with_a_frame_has_no_curtain() -> None:
    given = {**os.environ, "KCFG_GRAPHICS_BORDERLESS": "0"}
    assert not curtain_for(["--settings", "t.toml"], given).is_hanging


def test_where_nothing_leads_to_a_picture_nothing_is_lifted(tmp_path: Path) -> None:
    curtain = curtain_for(["--settings", str(tmp_path / "none.toml")])
    eventually(lambda: not curtain.is_hanging)
    curtain.lift()
    curtain.lift()


def test_the_picture_is_where_the_settings_say_and_of_the_towns_day(tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_text('name = "t"\ndata = "/var/lib/linli"\n', encoding="utf-8")
    TownClock.create(tmp_path / "clock", at("23:30"))
    found = wanted(str(tmp_path / "t.toml"), str(tmp_path / "clock"))
    assert found == (Path("/var/lib/linli/curtain"), dt.date(2026, 11, 24))


@pytest.mark.parametrize("text", ["", "data = 7", "data = ", 'name = "t"'])
def test_settings_that_lead_to_none_are_for_the_program_to_complain_of(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "t.toml").write_text(text, encoding="utf-8")
    with pytest.raises(NoPictureError):
        wanted(str(tmp_path / "t.toml"), "")
