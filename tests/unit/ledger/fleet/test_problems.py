"""What of a terminal needs a person is read from its own word, and stands from when it began."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from linli.ledger.fleet.health.problems import Kind, Problem, carried, packed, problems_of, unpacked
from linli.sync.health_messages import Health, MachineHealth, PartHealth, PartState, RestartNote
from linli.sync.periods import SHANGHAI

NOW = dt.datetime(2026, 11, 24, 20, 0, tzinfo=SHANGHAI)


def word(**more: Any) -> Health:
    machine = MachineHealth(clock_good=True, **more.pop("machine", {}))
    given = {"terminal": "t1", "at": NOW, "bootid": "b", "began_at": NOW, "version": "1"}
    return Health(machine=machine, **{**given, **more})


def part(what: str, problem: str = "", state: PartState = PartState.OFF) -> dict[str, Any]:
    return {"parts": [PartHealth(what=what, state=state, name="one", problem=problem)]}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, []),
        (part("reader", "no-answer"), [(Kind.READER, "one", "no-answer")]),
        (part("printer", "paper-out"), [(Kind.PAPER, "one", "paper-out")]),
        (part("printer", "cover-open"), [(Kind.PRINTER, "one", "cover-open")]),
        (part("scanner", state=PartState.ABSENT), []),
        (part("hologram", "dark"), []),
        ({"doors_open": [3]}, [(Kind.DOOR, "3", "")]),
        ({"machine": {"celsius": 81.0}}, [(Kind.HOT, "", "")]),
        ({"machine": {"disk_free_mb": 100}}, [(Kind.DISK, "", "")]),
        ({"machine": {"disk_free_mb": 1500, "disk_total_mb": 16000}}, [(Kind.DISK, "", "")]),
        ({"machine": {"throttled_now": ["throttled", "soft-limit"]}}, []),
        ({"machine": {"disk_worn_percent": 90}}, [(Kind.WORN, "", "")]),
        (
            {"machine": {"throttled_now": ["under-voltage", "capped"]}},
            [(Kind.POWER, "", "under-voltage")],
        ),
        ({"machine": {"clock_offset_ms": -3000.0}}, [(Kind.CLOCK, "", "")]),
        ({"at": NOW.replace(year=2099)}, [(Kind.CLOCK, "", "")]),
        ({"outbox": 101}, [(Kind.BACKLOG, "", "")]),
        ({"outbox": 1, "outbox_oldest_s": 4000.0}, [(Kind.BACKLOG, "", "")]),
        ({"frame_age_s": 61.0}, [(Kind.FROZEN, "", "")]),
        (
            {"restarts": [RestartNote(at=NOW, reason="hung", lived_s=1.0)] * 3},
            [(Kind.RESTARTING, "", "")],
        ),
    ],
)
def test_what_stands_in_a_word_is_found(said: Any, found: Any) -> None:
    assert [(one.kind, one.subject, one.word) for one in problems_of(word(**said), NOW)] == found


def test_a_problem_stands_since_it_was_first_heard() -> None:
    before = carried([Problem(Kind.READER, "one", "gone")], [], NOW)
    later = NOW + dt.timedelta(hours=2)
    (stands, new) = carried(
        [Problem(Kind.READER, "one", "no-answer"), Problem(Kind.HOT)],
        unpacked(packed(before)),
        later,
    )
    assert (stands.since, stands.word, new.since) == (NOW, "no-answer", later)
