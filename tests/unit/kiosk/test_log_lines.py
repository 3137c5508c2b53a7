"""What is kept of the log, and what of a person never is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kiosk.log_lines import FILE_BYTES, LINE, MOST, LogLines, without_people


def said(lines: LogLines, **event: Any) -> None:
    lines.keep(None, "info", without_people(None, "info", event))


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("no row for {}", "张*三"),
        ("{} waits", "欧阳*娜"),
        ("card c{} is blocked", "000123"),
        ("{} is unknown", "13800138000"),
        ("uid {}", "04A1B2C3D4E5F6"),
        ("KeyError: '{}'", "2b7e151628aed2a6abf7158809cf4f3c"),
        ("/me/link?t={}", "AQNqyKAAX1i7sxYfTNw_AQNqyKAAX1i7"),
    ],
)
def test_what_looks_like_a_person_is_taken_out_of_texts(text: str, personal: str) -> None:
    lines = LogLines()
    said(lines, event="it failed", error=text.format(personal))
    kept = json.loads(lines.newest(1)[0])
    assert kept["error"] == text.format("…")


def test_a_value_of_a_name_that_nobody_vouches_for_is_left_out() -> None:
    lines = LogLines()
    said(lines, event="seen", holder="Wang", pin=123456, terminal="t-1", online=True)
    assert json.loads(lines.newest(1)[0]) == {
        "event": "seen",
        "holder": "…",
        "pin": "…",
        "terminal": "t-1",
        "online": True,
    }


def test_what_a_maintainer_needs_stays_as_it_is() -> None:
    event = {
        "event": "link",
        "timestamp": "2026-11-28T09:00:00.123456Z",
        "trace": "4bf92f3577b34da6a3ce929d0e0e4736",
        "error": "[Errno 111] Connection refused: 127.0.0.1:8883",
        "url": "https://points.example/v1/terminals/yangguang-1/ask",
    }
    assert without_people(None, "info", dict(event)) == event


def test_the_newest_lines_are_kept_and_no_others() -> None:
    lines = LogLines()
    for number in range(MOST + 5):
        said(lines, event="one", count=number)
    newest = [json.loads(line)["count"] for line in lines.newest(MOST)]
    assert newest == list(range(5, MOST + 5))


def test_a_program_that_fell_left_its_lines_to_the_next(tmp_path: Path) -> None:
    said(LogLines(tmp_path), event="before")
    after = LogLines(tmp_path)
    said(after, event="after")
    assert [json.loads(line)["event"] for line in after.newest(9)] == ["before", "after"]


def test_the_file_does_not_grow_for_ever_and_one_that_is_gone_costs_no_line(tmp_path: Path) -> None:
    where = tmp_path / "run"
    where.mkdir()
    lines = LogLines(where)
    for _ in range(800):
        said(lines, event="long", error="x" * 1500)
    assert sum(file.stat().st_size for file in where.iterdir()) <= 2 * FILE_BYTES
    for file in where.iterdir():
        file.unlink()
    where.rmdir()
    said(lines, event="still here")
    assert json.loads(lines.newest(1)[0])["event"] == "still here"


@settings(max_examples=50)
@given(st.text(max_size=60), st.integers(0, 200))
def test_a_line_is_json_and_never_too_long(text: str, times: int) -> None:
    lines = LogLines()
    said(lines, event="it failed", error=text, exception=text * times)
    (line,) = lines.newest(1)
    assert len(line) <= LINE
    assert json.loads(line)


def test_who_follows_hears_each_new_line_until_they_leave() -> None:
    lines, heard = LogLines(), list[str]()
    leave = lines.follow(heard.append)
    said(lines, event="one")
    leave()
    said(lines, event="two")
    assert heard == lines.newest(2)[:1]
