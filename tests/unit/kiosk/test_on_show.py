"""What stands on the screen until somebody takes it away."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from doubles.clock import HandClock

from linli.kiosk.flows.afar_views import Notice
from linli.kiosk.jobs.posting import Maintainer, MessagePoster
from linli.kiosk.on_show import FILE, OnShow
from linli.sync.job_messages import Maintain, ShowMessage
from linli.sync.jobs import JobState


def message(clock: HandClock, zh: str, en: str = "") -> ShowMessage:
    return ShowMessage(zh=zh, en=en, until=(clock.now() + dt.timedelta(hours=1)).astimezone(dt.UTC))


def test_a_notice_stands_over_restarts_until_its_time_is_over(
    tmp_path: Path, clock: HandClock
) -> None:
    done = MessagePoster(OnShow(tmp_path / FILE)).begin(
        "j", message(clock, "明天\n停电", "No power")
    )
    assert done.state is JobState.SUCCEEDED
    after = OnShow(tmp_path / FILE)
    until = clock.now() + dt.timedelta(hours=1)
    assert after.notice(clock.now()) == Notice("明天 停电", "No power", until)
    clock.pass_(minutes=60)
    assert after.notice(clock.now()) is None


def test_empty_words_take_the_notice_away(tmp_path: Path, clock: HandClock) -> None:
    on_show = OnShow(tmp_path / FILE)
    poster = MessagePoster(on_show)
    poster.begin("j", message(clock, "停电"))
    poster.begin("j-2", message(clock, " "))
    assert on_show.notice(clock.now()) is None


def test_a_terminal_stays_out_of_service_over_restarts_until_it_is_put_back(tmp_path: Path) -> None:
    Maintainer(OnShow(tmp_path / FILE)).begin("j", Maintain(on=True))
    again = OnShow(tmp_path / FILE)
    assert again.out_of_service
    # Once more, as after a power cut.
    Maintainer(again).look("j", Maintain(on=True))
    Maintainer(again).begin("j-2", Maintain(on=False))
    assert not OnShow(tmp_path / FILE).out_of_service


def test_what_the_disk_does_not_take_does_not_stand_there(tmp_path: Path, clock: HandClock) -> None:
    on_show = OnShow(tmp_path / "data" / FILE)
    (tmp_path / "data").touch()
    with pytest.raises(FileExistsError):
        MessagePoster(on_show).begin("j", message(clock, "停电"))
    with pytest.raises(FileExistsError):
        on_show.serve(again=False)
    assert (on_show.notice(clock.now()), on_show.out_of_service) == (None, False)


def test_a_torn_file_leaves_the_terminal_in_service(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b'{"out_of_ser')
    assert not OnShow(tmp_path / FILE).out_of_service
