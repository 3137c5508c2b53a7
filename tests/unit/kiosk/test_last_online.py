"""A board started without the network still says since when it has none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from doubles.centre import at

from linli.kiosk.board.last_online import LastOnline


def test_the_last_minute_online_is_known_after_a_start(tmp_path: Path) -> None:
    file = tmp_path / "online"
    before = LastOnline(file)
    before.note(at("09:00"), online=True)
    before.note(at("09:00") + dt.timedelta(seconds=30), online=True)
    before.note(at("09:01"), online=True)
    before.note(at("09:05"), online=False)
    assert LastOnline(file).read() == at("09:01")


def test_a_file_that_is_missing_or_garbage_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "online"
    assert LastOnline(file).read() is None
    for garbage in (b"\xff\x00", b"2026-11-24T09:00:00", b""):
        file.write_bytes(garbage)
        assert LastOnline(file).read() is None


def test_a_disk_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    LastOnline(tmp_path / "missing" / "online").note(at("09:00"), online=True)
