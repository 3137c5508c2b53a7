"""What screens and board say about a view, apart from how it is drawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from doubles.views import checked_in

from linli.kiosk.board import phrases as board
from linli.kiosk.board.layout import FULLEST, bar_lengths, eased
from linli.kiosk.board.state import Latest, Rank
from linli.kiosk.flows.views import Refused, Standing, Trouble
from linli.kiosk.screens import phrases
from linli.kiosk.screens.phrases import Given
from linli.kiosk.screens.trouble_phrases import trouble
from linli.kiosk.theme.words import Words
from linli.sync.periods import SHANGHAI

NOW = dt.datetime(2026, 11, 24, 14, 6, tzinfo=SHANGHAI)
CHINESE = Words("zh_CN")
DONE = checked_in(NOW)


def test_points_are_only_promised_until_the_sign_out() -> None:
    said = phrases.success(DONE, CHINESE)
    assert (said.given, said.points, said.chip) == (Given.PROMISED, "+10", "签退后得")
    assert said.hint == "结束时请在 ⟦15:06⟧ 以后再刷一次卡签退"


def test_points_of_a_finished_deed_are_under_review() -> None:
    said = phrases.success(replace(DONE, signed_out=True, sign_out_after=None), CHINESE)
    assert (said.given, said.chip) == (Given.GIVEN, "待审核")
    assert said.headline == "张*三，签退成功"


def test_beyond_the_limit_no_points_are_shown() -> None:
    said = phrases.success(replace(DONE, counted=False, sign_out_after=None), CHINESE)
    assert (said.given, said.points) == (Given.NONE, "+0")
    assert "不加分" in said.hint


def test_the_top_has_nobody_to_catch_up_with() -> None:
    top = replace(DONE, standing=Standing("阳光社区", 1, None, None, 1.0))
    figure = phrases.success(top, CHINESE).figures[1]
    assert figure.notes[0] == "本月第一，了不起"
    assert (figure.before, figure.number, figure.after) == ("第 ", "1", " 名")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_trouble_says_what_it_is_and_what_to_do(language: str) -> None:
    words = Words(language)
    said = [trouble(Refused(which), words) for which in Trouble]
    assert len({text.headline for text in said}) == len(Trouble)
    assert all(text.sentence and text.drawing for text in said)


def test_too_early_says_how_long_and_from_when() -> None:
    after = NOW.replace(minute=29)
    view = Refused(Trouble.TOO_EARLY, "张*三", minutes=23, sign_out_after=after)
    said = trouble(view, CHINESE)
    assert said.sentence == "还要等 ⟦23⟧ 分钟，⟦14:29⟧ 以后再刷一次卡"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "现在"), (9, "9 分钟前"), (180, "3 小时前"), (24 * 60, "昨天"), (49 * 60, "2 天前")],
)
def test_how_long_ago(minutes: int, said: str) -> None:
    assert board.ago(NOW - dt.timedelta(minutes=minutes), NOW, CHINESE) == said


def test_somebody_who_only_came_in_has_no_points_yet() -> None:
    assert board.won(Latest("m", "李*", "楼道清洁", None, NOW), CHINESE) == "已签到"


def test_bars_grow_with_points_and_leave_the_rail_in_sight() -> None:
    best = Rank("a", 1, "", "", 90, 10)
    assert bar_lengths(best, 100) == pytest.approx((FULLEST * 0.9, FULLEST))
    assert bar_lengths(Rank("b", 2, "", "", 0, 0), 0) == (0.0, 0.0)
    assert eased(0) == 0
    assert eased(1) == 1
