"""The town's clock: one for all programs, set by one of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from doubles.centre import at

from linli.town.clock import TownClock


def test_what_one_program_sets_every_program_reads(tmp_path: Path) -> None:
    clock = TownClock.create(tmp_path / "clock", at("09:00"))
    other = TownClock(tmp_path / "clock")
    clock.set(at("14:30"))
    assert dt.timedelta(0) <= other.now() - at("14:30") < dt.timedelta(seconds=30)
    assert other.now().utcoffset() == dt.timedelta(hours=8)


def test_a_jump_of_wall_time_leaves_monotonic_time_alone(tmp_path: Path) -> None:
    clock = TownClock.create(tmp_path / "clock", at("09:00"))
    before = clock.monotonic()
    clock.set(at("08:00"))
    assert before <= clock.monotonic() < before + 30
    assert clock.good()
