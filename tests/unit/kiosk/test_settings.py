"""Settings files, and what is said about a wrong one in the words of who wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.kiosk.settings import (
    BoardSettings,
    PrinterSettings,
    SettingsError,
    SoundSettings,
    TerminalSettings,
    read_settings,
)

GOOD = """
name = "yangguang-1"
scope = "yangguang"
centre = "yangguang-centre"
centre_name = "阳光社区邻里中心"
place = "阳光社区"
data = "/var/lib/linli"
readers = ["/dev/linli-reader"]
public_url = "https://points.example"

[connection]
broker_host = "broker.example"
broker_port = 8883
ledger_url = "https://ledger.example"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terminal.toml"


def problem(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings(path, TerminalSettings)
    said = str(caught.value)
    assert said.startswith(str(path))
    return said.removeprefix(f"{path}: ")


def test_a_good_file_is_read(path: Path) -> None:
    path.write_text(GOOD, encoding="utf-8")
    found = read_settings(path, TerminalSettings)
    assert (found.name, found.data, found.readers) == (
        "yangguang-1",
        Path("/var/lib/linli"),
        ["/dev/linli-reader"],
    )
    assert found.public_url == "https://points.example"
    assert (found.connection.broker_port, found.language, found.large_type) == (
        8883,
        "zh_CN",
        False,
    )


def test_without_a_sound_table_a_terminal_is_silent(path: Path) -> None:
    path.write_text(GOOD, encoding="utf-8")
    assert read_settings(path, TerminalSettings).sound is None


def test_a_sound_table_has_a_volume_and_may_have_quiet_hours(path: Path) -> None:
    sound = '\n[sound]\nvolume = 70\nquiet_from = "21:00"\nquiet_until = "07:30"\n'
    path.write_text(GOOD + sound, encoding="utf-8")
    found = read_settings(path, TerminalSettings).sound
    assert found == SoundSettings(volume=70, quiet_from="21:00", quiet_until="07:30")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("volume = 101", "sound.volume takes a whole number from 0 to 100"),
        ("volume = true", "sound.volume takes a whole number from 0 to 100"),
        ("", "sound.volume is missing: it takes a whole number from 0 to 100"),
        (
            'volume = 70\nquiet_from = "9pm"\nquiet_until = "07:00"',
            'sound.quiet_from takes a time like "21:00"',
        ),
        (
            'volume = 70\nquiet_from = "21:00"',
            "sound takes a [sound] table, with both quiet_from and quiet_until or neither",
        ),
        ("volume = 70\nloud = 1", "there is no setting sound.loud"),
    ],
)
def test_a_wrong_sound_is_named_with_what_it_takes(path: Path, table: str, said: str) -> None:
    assert problem(path, f"{GOOD}\n[sound]\n{table}\n") == said


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ('path = "/dev/ttyUSB1"', PrinterSettings(path=Path("/dev/ttyUSB1"))),
        (
            'kind = "usb"\npath = "/dev/usb/lp0"\npaper_mm = 80',
            PrinterSettings(kind="usb", path=Path("/dev/usb/lp0"), paper_mm=80),
        ),
        (
            'kind = "network"\nhost = "192.168.1.9"',
            PrinterSettings(kind="network", host="192.168.1.9", port=9100),
        ),
    ],
)
def test_a_printer_is_at_a_port_a_file_or_in_the_network(
    path: Path, table: str, found: PrinterSettings
) -> None:
    path.write_text(f"{GOOD}\n[printer]\n{table}\n", encoding="utf-8")
    assert read_settings(path, TerminalSettings).printer == found


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("rest_after_s = 5", "display.rest_after_s takes a whole number of seconds from 10"),
        ("rest_percent = 101", "display.rest_percent takes a whole number from 0 to 100"),
        ('off_from = "22:00"', "display takes a [display] table, with both off_from and"),
        ("output = 1", "display.output takes the name of a connector"),
    ],
)
def test_a_wrong_display_is_named_with_what_it_takes(path: Path, table: str, said: str) -> None:
    assert problem(path, f"{GOOD}\n[display]\n{table}\n").startswith(said)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", 'printer takes a [printer] table with path, or with kind = "network" and host'),
        (
            'kind = "network"\npath = "/dev/usb/lp0"',
            'printer takes a [printer] table with path, or with kind = "network" and host',
        ),
        ('kind = "wifi"\nhost = "x"', "printer.kind takes serial, usb or network"),
        ('kind = "network"\nhost = "x"\nport = 0', "printer.port takes a whole number"),
    ],
)
def test_a_wrong_printer_is_named_with_what_it_takes(path: Path, table: str, said: str) -> None:
    assert problem(path, f"{GOOD}\n[printer]\n{table}\n").startswith(said)


def test_a_boards_file_is_read_too(path: Path) -> None:
    lines = [
        line for line in GOOD.splitlines() if not line.startswith(("centre", "readers", "public"))
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read_settings(path, BoardSettings).place == "阳光社区"


def test_a_file_that_is_not_there_is_named(path: Path) -> None:
    with pytest.raises(SettingsError, match=r"terminal\.toml cannot be read: No such file"):
        read_settings(path, TerminalSettings)


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"name = 1\nname = 2"])
def test_a_file_that_is_not_toml_is_said_to_be_none(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="is not TOML"):
        read_settings(path, TerminalSettings)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "yangguang-1"', "", "name is missing: it takes 1 to 48 small letters"),
        ('name = "yangguang-1"', 'name = "阳光"', "name takes 1 to 48 small letters"),
        ('name = "yangguang-1"', 'name = "a/b"', "name takes 1 to 48 small letters"),
        ("broker_port = 8883", "broker_port = 0", "connection.broker_port takes a whole number"),
        ("broker_port = 8883", 'broker_port = "8883"', "connection.broker_port takes a whole"),
        ("broker_port = 8883", "", "connection.broker_port is missing: it takes a whole number"),
        ("[connection]", "[conection]", "there is no setting conection"),
        ("https://ledger.example", "ledger.example", "connection.ledger_url takes an address"),
        ("https://points.example", "points.example", "public_url takes an address"),
        ('["/dev/linli-reader"]', '"/dev/linli-reader"', "readers takes a list of serial paths"),
        ('["/dev/linli-reader"]', "[1]", "readers[0] takes a list of serial paths"),
        ('["/dev/linli-reader"]', '["acr122"]', "readers[0] takes a list of serial paths"),
        ("[connection]", "[[wedges]]\n[connection]", "wedges[0].path is missing"),
        (
            "[connection]",
            '[[wedges]]\npath = "/x"\ndigits = "wiegand"\n[connection]',
            "wedges[0].digits takes hex (8 or 14 of them), decimal (10) or facility (8)",
        ),
        ('data = "/var/lib/linli"', "data = 7", "data takes a text in quotes"),
        ('data = "/var/lib/linli"', 'data = ""', "data takes a text in quotes"),
        ('place = "阳光社区"', "plaice = 1", "there is no setting plaice"),
        ("readers", 'language = "zh"\nreaders', "language takes zh_CN or en"),
        ("readers", "high_contrast = 1\nreaders", "high_contrast takes true or false"),
        ("readers", 'large_type = "yes"\nreaders', "large_type takes true or false"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_takes(
    path: Path, old: str, new: str, said: str
) -> None:
    assert old in GOOD
    assert problem(path, GOOD.replace(old, new, 1)).startswith(said)


def test_a_connection_that_is_missing_is_said_to_be_a_table(path: Path) -> None:
    text = GOOD.partition("[connection]")[0]
    assert problem(path, text) == "connection is missing: it takes a [connection] table"


@pytest.mark.parametrize(
    ("name", "kind"), [("terminal.toml", TerminalSettings), ("board.toml", BoardSettings)]
)
def test_the_files_that_the_package_shows_are_good(
    name: str, kind: type[TerminalSettings | BoardSettings]
) -> None:
    examples = Path(__file__).parents[3] / "packaging" / "etc"
    assert read_settings(examples / name, kind).place == "阳光社区"


def test_only_a_terminal_board_watches_over_its_host(path: Path) -> None:
    locker = '[locker]\nkind = "{}"\npath = "/dev/linli-board"\nwatches_host = true\n'
    path.write_text(GOOD + locker.format("board"), encoding="utf-8")
    found = read_settings(path, TerminalSettings).locker
    assert found is not None
    assert found.watches_host
    assert "watches_host only where kind is board" in problem(path, GOOD + locker.format("rs485"))
