"""`linli terminal`: what it prints is what the settings take."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from linli.commands.failure import Failure
from linli.commands.terminal import app
from linli.devices.simulated.cards import Ntag213
from linli.devices.simulated.reader import SimulatedReader
from linli.kiosk.maintenance import pin
from linli.kiosk.maintenance.cards import holds
from linli.kiosk.settings import SettingsError, TerminalSettings, read_settings
from tests.unit.kiosk.test_settings import GOOD

UID = b"\x04mainte"


def run(*arguments: str, input_: str | None = None) -> str:
    done = CliRunner().invoke(app, list(arguments), input=input_, catch_exceptions=False)
    return done.stdout


def settings(tmp_path: Path, more: str) -> TerminalSettings:
    path = tmp_path / "terminal.toml"
    path.write_text(GOOD.replace("[connection]", more + "\n[connection]"), encoding="utf-8")
    return read_settings(path, TerminalSettings)


def test_the_lines_printed_are_taken_by_the_settings(tmp_path: Path) -> None:
    line = run("maintainer-card", "--uid", UID.hex())
    hashed = run("maintenance-pin", input_="274913\n274913\n")
    found = settings(tmp_path, f"maintainer_cards = [{line}]\n{hashed}")
    assert holds(found.maintainer_cards, UID)
    assert found.maintenance_pin is not None
    assert pin.matches("274913", found.maintenance_pin)


def test_a_card_on_the_reader_is_enough(tmp_path: Path) -> None:
    reader = SimulatedReader(tmp_path / "reader")
    laying = threading.Timer(0.3, reader.field.place, [Ntag213(UID)])
    laying.start()
    line = run("maintainer-card", "--reader", str(reader.path))
    reader.close()
    assert holds([line.strip().strip('",')], UID)


@pytest.mark.parametrize("arguments", [[], ["--uid", "nonsense"], ["--uid", "04"]])
def test_a_card_that_is_none_is_said_so(arguments: list[str]) -> None:
    with pytest.raises(Failure):
        run("maintainer-card", *arguments)


def test_a_pin_that_is_easy_to_guess_is_not_taken() -> None:
    with pytest.raises(Failure, match="easy to guess"):
        run("maintenance-pin", input_="111111\n111111\n")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('maintainer_cards = ["04a1"]', "a list of lines that"),
        ('maintenance_pin = "274913"', "what `linli terminal maintenance-pin` prints"),
    ],
)
def test_settings_of_another_form_are_refused(tmp_path: Path, more: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        settings(tmp_path, more)
