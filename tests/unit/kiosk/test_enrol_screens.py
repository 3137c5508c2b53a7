"""What a new terminal shows of each step, and the settings it writes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from linli.kiosk.enrolling.newcomer import NewcomerError, Step, newcomer_at
from linli.kiosk.enrolling.program import view_of
from linli.kiosk.enrolling.settings_file import settings_text, write_new
from linli.kiosk.flows.enrol_views import EnrolStage
from linli.kiosk.screens.maintenance.enrol_phrases import STEPS, enrolling
from linli.kiosk.settings import BoardSettings, ReleasesSettings, TerminalSettings, read_settings
from linli.kiosk.theme.words import Words
from linli.sync.enrolment import Certified, Enrolled

KEY = "9f3a 6c21 b0d4 e875"
TOLD = Enrolled(
    name="t2",
    scope="village",
    place='阳光"社区\\',
    centre="centre",
    centre_name="阳光邻里中心",
    broker_host="broker.example",
    broker_port=8883,
    websockets=443,
    public_url="https://points.example",
    certified=Certified(certificate="PEM", authority="PEM"),
)


@pytest.mark.parametrize("stage", list(EnrolStage))
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_step_says_something(stage: EnrolStage, language: str) -> None:
    url = "https://points.example/x" if stage is EnrolStage.WAITING else ""
    view = view_of(Step(stage, url=url, code="K7PM-3XQ4", name="t2", place="阳光社区"), KEY)
    said = enrolling(view, Words(language))
    assert said.headline
    assert said.sentence or len(said.steps) == STEPS
    assert bool(view.picture) == bool(url)


@pytest.mark.parametrize("websockets", [False, True])
def test_a_terminals_settings_are_read_back_as_they_were_told(
    tmp_path: Path, websockets: bool
) -> None:
    path = tmp_path / "terminal.toml"
    text = settings_text(
        TOLD,
        tmp_path,
        "https://points.example",
        board=False,
        websockets=websockets,
        releases="https://releases.example",
    )
    write_new(path, text)
    settings = read_settings(path, TerminalSettings)
    assert (settings.name, settings.place, settings.centre_name) == (
        "t2",
        TOLD.place,
        "阳光邻里中心",
    )
    assert settings.releases == ReleasesSettings(address="https://releases.example")
    where = settings.connection
    assert where.tls
    assert (where.broker_port, where.websocket_path) == (
        (443, "/mqtt") if websockets else (8883, None)
    )


def test_a_boards_settings_have_no_centre(tmp_path: Path) -> None:
    text = settings_text(TOLD, tmp_path, "https://points.example", board=True, websockets=False)
    assert "centre" not in tomllib.loads(text)
    write_new(tmp_path / "board.toml", text)
    assert read_settings(tmp_path / "board.toml", BoardSettings).name == "t2"


def test_who_has_settings_already_does_not_come_in_again(tmp_path: Path) -> None:
    (tmp_path / "terminal.toml").write_text("mine")
    with pytest.raises(NewcomerError, match="enrolled before"):
        newcomer_at(
            "https://points.example",
            tmp_path / "terminal.toml",
            tmp_path,
            board=False,
            place="",
            websockets=False,
        )
