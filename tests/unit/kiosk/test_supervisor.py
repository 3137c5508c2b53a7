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
    LONGEST_S,
    OFTEN,
    SOON_S,
    STEADY_S,
    Watched,
    beaten,
    ended,
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


def after(lives: list[tuple[float, bool]]) -> Watched:
    """Programs that lived so long, and whether somebody asked for their end."""
    now, watched = 0.0, started(None, 0.0)
    for lived, asked in lives:
        watched = ended(started(watched, now), now + lived, asked=asked)
        now += lived + pause_before(watched)
    return watched


lives = st.lists(st.tuples(st.floats(0, STEADY_S * 2), st.booleans()), max_size=40)


@given(lives)
def test_it_is_in_trouble_when_the_last_ones_ended_soon_and_unasked(
    before: list[tuple[float, bool]],
) -> None:
    last = before[-OFTEN:]
    soon = all(lived < STEADY_S - 0.001 and not asked for lived, asked in last)
    assert after(before).in_trouble == (len(last) == OFTEN and soon) or any(
        abs(lived - STEADY_S) < 0.01 for lived, _ in last
    )


def test_it_is_started_soon_at_first_then_later_and_later() -> None:
    pauses = [pause_before(after([(1.0, False)] * count)) for count in range(1, OFTEN + 8)]
    assert pauses[: OFTEN - 1] == [SOON_S] * (OFTEN - 1)
    assert pauses[OFTEN - 1 : OFTEN + 2] == [LATER_S, 2 * LATER_S, 4 * LATER_S]
    assert pauses[-1] == LONGEST_S
    assert pause_before(after([(1.0, False)] * 5000)) == LONGEST_S


def test_one_that_lasted_or_was_asked_to_end_is_out_of_trouble() -> None:
    for last in ((STEADY_S + 1, False), (1.0, True)):
        assert pause_before(after([(1.0, False)] * 9 + [last])) == SOON_S


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
