"""A small Saturday in the whole town, as `linli demo` plays it: taps, and people with errands."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from linli.town.errands import PLANS
from linli.town.processes import linli

pytestmark = pytest.mark.timeout(600)
PICTURES = ("terminal-success", "visit-points", "visit-shop-offline", "visit-redeeming-take-it")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("saturday")


@pytest.fixture(scope="module")
def day(pictures: Path) -> dict[str, Any]:
    """What the demo says as JSON, of a day with as few taps as there may be."""
    command = linli("demo", "--headless", "--taps", "20", "--json", "--out", str(pictures))
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
