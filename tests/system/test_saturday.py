"""A small Saturday in the whole town, as `linli demo` plays it: taps, and people with errands."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from doubles.planted import Planted, found, spellings

from linli.sync.signing import load_or_make_key
from linli.town import world as towns
from linli.town.errands import PLANS
from linli.town.processes import linli

pytestmark = pytest.mark.timeout(600)
PICTURES = ("terminal-success", "visit-points", "visit-shop-offline", "visit-redeeming-take-it")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("saturday")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Disks and logs of the day."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def day(pictures: Path, kept: Path) -> dict[str, Any]:
    """What the demo says as JSON, of a day with as few taps as there may be. The terminals that
    are looked after from afar would take two minutes, and have tests of their own."""
    command = linli("demo", "--headless", "--taps", "20", "--json", "--out", str(pictures))
    command += ["--keep", str(kept), "--no-upkeep"]
    played = subprocess.run(command, capture_output=True, text=True, check=False, timeout=560)
    said: dict[str, Any] = json.loads(played.stdout.splitlines()[-1])
    assert played.returncode == (0 if said["errands_ok"] else 1), played.stderr
    return said


def test_every_errand_ends_at_the_terminal_and_in_the_books_as_it_should(
    day: dict[str, Any],
) -> None:
    assert [one for one in day["errands"] if not one["ok"]] == []
    assert len(day["errands"]) == len(PLANS)
    assert {one["who"] for one in day["errands"]} == {"resident", "cadre", "unit", "passer-by"}
    assert day["errands_ok"]


def test_every_tap_and_word_is_in_the_ledger_once(day: dict[str, Any]) -> None:
    assert day["applied"] == day["committed"] > day["taps"] == 20
    assert (day["duplicates"], day["lost"], day["ledger_ok"]) == (0, 0, True)


def test_the_books_tell_what_was_redeemed_and_what_came_back(day: dict[str, Any]) -> None:
    assert day["books"] == {
        "points_spent": 60 + 30 + 25 + 25 + 10 + 15,
        "points_given_back": 15,
        "handed_out": 4,
        "vouchers_used": 1,
        "objections": 1,
        "consents": 2,
        "doors_to_look_at": 1,
    }


def test_there_is_a_picture_of_each_kind_of_screen(day: dict[str, Any], pictures: Path) -> None:
    assert day["taps"]
    assert {f"{name}.png" for name in PICTURES} <= {path.name for path in pictures.iterdir()}


# --- what is written down of the people ----------------------------------------------------------

OF_THE_LEDGER = ("ledger.db", "ledger.db-wal", "ledger.db-shm", "person.keys", "record.key")
"""The district's, behind its own doors; everything else lies in the centre, or is a log."""


@pytest.fixture(scope="module")
def planted() -> Planted:
    """Of everybody who tapped, redeemed, mistyped, lost a card, or stayed at home."""
    return Planted.of(towns.build(1, towns.SATURDAY, 300, past_days=towns.VISITED))


@pytest.fixture(scope="module")
def written(day: dict[str, Any], kept: Path) -> list[Path]:
    """Every file of the terminal and the board, and the log of every program."""
    assert day["taps"]
    files = [path for path in kept.rglob("*") if path.is_file() and path.name not in OF_THE_LEDGER]
    names = {str(path.relative_to(kept)) for path in files}
    assert names >= {
        *("ledger.log", "kiosk.log", "board.log", "kiosk.trace", "board.trace", "locker.flash"),
        *("terminal/terminal.db", "terminal/replica.db", "board/board.db"),
    }
    return files


def test_no_log_and_no_disk_in_the_centre_holds_a_name_a_number_or_a_pin(
    written: list[Path], planted: Planted
) -> None:
    hits = {path.name: found(path, planted.of_people) for path in written}
    assert {name: what for name, what in hits.items() if what} == {}


def test_card_numbers_and_keys_are_in_the_replica_of_the_terminal_and_nowhere_else(
    written: list[Path], planted: Planted
) -> None:
    """There they are by design: a card is verified at the tap without the network."""
    hits = {path.name: found(path, planted.of_cards) for path in written}
    assert [name for name, what in hits.items() if what] == ["replica.db"]


def test_private_keys_are_in_their_own_files_and_nowhere_else(
    written: list[Path], kept: Path
) -> None:
    for name in ("terminal/terminal.key", "board/board.key", "record.key"):
        secret = load_or_make_key(kept / name).private_bytes_raw()
        hits = {path for path in written if found(path, spellings(secret, name))}
        assert hits == set(), name
    ring = (kept / "person.keys").read_bytes().split(b'"')
    keys = {part: "a key to personal data" for part in ring if len(part) > 30}
    assert keys
    assert [path for path in written if found(path, keys)] == []
