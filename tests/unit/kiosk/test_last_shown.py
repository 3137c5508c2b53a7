"""What was shown last is there after a start, on the same day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from doubles.centre import at

from linli.board.state import BoardState, Latest, Rank, Tab, Urgent
from linli.kiosk.flows.views import ActivityCard, Home
from linli.kiosk.flows.visit_views import Module
from linli.kiosk.last_shown import EVERY, LastShown

HOME = Home(
    "邻里中心",
    (ActivityCard("a-1", "平安巡逻", "南门岗亭", at("09:00"), at("11:00"), 10, 12, True),),
    modules=(Module.POINTS, Module.SHOP),
)
OTHER = Home("邻里中心")


def test_the_resting_screen_is_shown_again(tmp_path: Path) -> None:
    LastShown(tmp_path / "home.json", Home).note(HOME, at("09:00"))
    assert LastShown(tmp_path / "home.json", Home).read(at("18:00")) == HOME


def test_a_page_of_the_board_is_shown_again(tmp_path: Path) -> None:
    page = BoardState(
        place="阳光社区",
        now=at("09:00"),
        tab=Tab.RESIDENT,
        month="2026-11",
        ranks=(Rank("p-1", 1, "张*三", "3号楼", 40, 5),),
        latest=(Latest("m-1", "李*", "清扫楼道", 5, at("08:59")),),
        coming=(),
        coming_is_today=True,
        updated_at=None,
        offline=False,
        record=7,
        participants=3,
        urgent=Urgent("停水", at("12:00")),
    )
    LastShown(tmp_path / "page.json", BoardState).note(page, at("09:00"))
    assert LastShown(tmp_path / "page.json", BoardState).read(at("09:01")) == page


@pytest.mark.parametrize("days", [-1, 1, 400])
def test_what_was_shown_on_another_day_is_not(tmp_path: Path, days: int) -> None:
    LastShown(tmp_path / "home.json", Home).note(HOME, at("09:00"))
    now = at("09:00") + dt.timedelta(days=days)
    assert LastShown(tmp_path / "home.json", Home).read(now) is None


@pytest.mark.parametrize("garbage", [b"", b"\xff", b"{}", b'{"at": "now"}', b"[1]"])
def test_garbage_is_as_if_nothing_was_kept(tmp_path: Path, garbage: bytes) -> None:
    (tmp_path / "home.json").write_bytes(garbage)
    assert LastShown(tmp_path / "home.json", Home).read(at("09:00")) is None


def test_what_another_version_has_kept_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LastShown(tmp_path / "home.json", Home).note(HOME, at("09:00"))
    monkeypatch.setattr("linli.kiosk.last_shown.__version__", "999")
    assert LastShown(tmp_path / "home.json", Home).read(at("09:00")) is None


def test_it_is_written_now_and_then_only_however_many_tap(tmp_path: Path) -> None:
    last = LastShown(tmp_path / "home.json", Home)
    last.note(HOME, at("09:00"))
    last.note(OTHER, at("09:00") + EVERY / 2)
    assert last.read(at("09:00")) == HOME
    last.note(OTHER, at("09:00") + EVERY)
    assert last.read(at("09:00")) == OTHER


def test_a_clock_that_was_set_back_does_not_keep_it_from_being_written(tmp_path: Path) -> None:
    last = LastShown(tmp_path / "home.json", Home)
    last.note(HOME, at("15:00"))
    last.note(OTHER, at("09:00"))
    assert last.read(at("09:00")) == OTHER


def test_a_disk_that_takes_nothing_is_no_trouble(tmp_path: Path) -> None:
    LastShown(tmp_path / "nowhere" / "home.json", Home).note(HOME, at("09:00"))


def test_what_was_shown_just_before_the_end_is_kept_at_the_end(tmp_path: Path) -> None:
    last = LastShown(tmp_path / "home.json", Home)
    last.note(OTHER, at("09:00"))
    last.note(HOME, at("09:00") + EVERY / 2)
    last.close()
    assert LastShown(tmp_path / "home.json", Home).read(at("09:01")) == HOME


def test_what_came_and_went_between_two_writes_is_not_kept_at_the_end(tmp_path: Path) -> None:
    last = LastShown(tmp_path / "home.json", Home)
    last.note(HOME, at("09:00"))
    last.note(OTHER, at("09:00") + EVERY / 3)
    last.note(HOME, at("09:00") + EVERY / 2)
    last.close()
    assert LastShown(tmp_path / "home.json", Home).read(at("09:01")) == HOME
