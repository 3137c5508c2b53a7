"""When the kiosk's program is started again, and what is kept of it."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from linli.kiosk.supervisor.heartbeat import FD_VARIABLE, heartbeat
from linli.kiosk.supervisor.restarts import (
    ASKED_CODE,
    MOST_KEPT,
    Restart,
    note,
    read_lines,
    reason_of,
)
from linli.kiosk.supervisor.watching import (
    FIRST_S,
    FROZEN_S,
    LATER_S,
    OFTEN,
    SOON_S,
    WITHIN_S,
    beaten,
    is_frozen,
    pause_before,
    started,
)

NOW = dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC)


def test_a_program_that_beats_is_left_alone() -> None:
    watched = beaten(started(None, 0), 5)
    assert not is_frozen(watched, 5 + FROZEN_S)


def test_a_program_that_stopped_beating_is_frozen() -> None:
    watched = beaten(started(None, 0), 5)
    assert is_frozen(watched, 5 + FROZEN_S + 0.1)


def test_a_program_has_more_time_for_its_first_beat() -> None:
    watched = started(None, 0)
    assert not is_frozen(watched, FIRST_S)
    assert is_frozen(watched, FIRST_S + 0.1)


@given(st.lists(st.floats(0, 30), min_size=1, max_size=30))
def test_it_is_started_soon_unless_it_ends_again_and_again(gaps: list[float]) -> None:
    now, watched, starts = 0.0, None, []
    for gap in gaps:
        now += gap
        watched = started(watched, now)
        starts.append(now)
        late = len([at for at in starts if now - at < WITHIN_S]) >= OFTEN
        assert pause_before(watched, now) == (LATER_S if late else SOON_S)


def test_why_it_ended_is_said_plainly() -> None:
    assert reason_of(-9, frozen=True, came_up=True) == "frozen"
    assert reason_of(-9, frozen=True, came_up=False) == "no-window"
    assert reason_of(-11, frozen=False, came_up=True) == "signal 11"
    assert reason_of(1, frozen=False, came_up=True) == "exit 1"
    assert reason_of(ASKED_CODE, frozen=False, came_up=True) == "asked"


def test_the_last_reasons_are_kept_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "restarts.jsonl"
    for number in range(MOST_KEPT + 5):
        note(path, Restart(NOW, f"exit {number}", 1.26))
    lines = [json.loads(line) for line in read_lines(path)]
    assert len(lines) == MOST_KEPT
    assert lines[-1] == {
        "at": "2026-11-28T09:00:00+00:00",
        "reason": f"exit {MOST_KEPT + 4}",
        "lived_s": 1.3,
    }


def test_a_disk_that_is_full_does_not_stop_the_supervisor(tmp_path: Path) -> None:
    note(tmp_path / "no" / "such" / "directory" / "restarts.jsonl", Restart(NOW, "exit 1", 1))


def test_a_beat_goes_through_the_pipe_and_never_blocks() -> None:
    beats, ours = os.pipe()
    beat = heartbeat({FD_VARIABLE: str(ours)})
    for _ in range(100_000):
        beat()
    assert os.read(beats, 1) == b"."
    os.close(beats)
    beat()
    os.close(ours)


def test_a_program_that_nobody_watches_beats_nowhere() -> None:
    heartbeat({})()
