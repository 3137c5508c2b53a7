"""The package's `/usr/bin/linli`, which starts what is confirmed or on trial for its user alone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[4] / "packaging" / "deb" / "linli"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def started(data: Path) -> list[str]:
    """What it would run, and where updates are kept for it."""
    says = data.parent / "python3"
    says.write_text('#!/bin/sh\necho "$LINLI_UPDATES" "$@"\n')
    says.chmod(0o755)
    script = SCRIPT.read_text().replace("/var/lib/linli", str(data))
    script = script.replace("/usr/bin/python3", str(says))
    told = subprocess.run(
        ["sh", "-c", script, "linli", "kiosk"], capture_output=True, text=True, check=True
    )
    return told.stdout.strip().split(" ")


def test_update_launcher_starts_the_packages_own_and_tells_where_an_update_may_lie(
    data: Path,
) -> None:
    updates = str(data / "updates")
    assert started(data) == [updates, "-s", "-m", "linli", "kiosk"]


def test_update_launcher_leaves_the_choice_to_the_standing_once_there_is_one(data: Path) -> None:
    updates = data / "updates"
    updates.mkdir()
    (updates / "standing.json").write_text("{}")
    begin = ["-m", "linli.kiosk.updating.begin"]
    assert started(data) == [str(updates), "-s", *begin, str(updates), "kiosk"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a directory to somebody else")
def test_update_launcher_starts_no_update_that_another_user_keeps(data: Path) -> None:
    updates = data / "updates"
    updates.mkdir()
    (updates / "standing.json").write_text("{}")
    for path in (data, updates):
        os.chown(path, 12345, 12345)
    assert started(data) == ["-s", "-m", "linli", "kiosk"]
