"""What screens and board say about a view, apart from how it is drawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from doubles.views import board_with_nobody, checked_in

from linli.board import phrases as board
from linli.board.state import (
    Alterations,
    Altered,
    Latest,
    Noticed,
    Rank,
    Tale,
    Urgent,
)
from linli.kiosk.board.layout import FULLEST, ORBIT, ORBIT_STEPS, bar_lengths, eased, orbit
from linli.kiosk.flows.shop_views import Confirm, WareCard, WareKind
from linli.kiosk.flows.views import Refused, Standing, Trouble
from linli.kiosk.flows.visit_views import DeedDetail, DeedLine, Hindered, Hindrance, Stands
from linli.kiosk.screens import phrases
from linli.kiosk.screens.phrases import Given
from linli.kiosk.screens.trouble_phrases import trouble
from linli.kiosk.screens.visit.hindrance_phrases import hindered
from linli.kiosk.screens.visit.point_phrases import deed, deed_day
from linli.kiosk.screens.visit.shop_phrases import confirm
from linli.kiosk.theme.words import Words
from linli.sync.periods import SHANGHAI

NOW = dt.datetime(2026, 11, 24, 14, 6, tzinfo=SHANGHAI)
CHINESE = Words("zh_CN")
DONE = checked_in(NOW)
BOARD = board_with_nobody(NOW)


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


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "刚刚"), (59, "刚刚"), (60, "最近"), (3000, "最近")]
)
def test_what_is_an_hour_old_is_not_just_now(minutes: int, said: str) -> None:
    latest = Latest("m-1", "李*", "清扫楼道", 5, NOW - dt.timedelta(minutes=minutes))
    state = replace(board_with_nobody(NOW), latest=(latest,))
    assert board.latest_title(state, CHINESE) == said
    assert board.latest_title(board_with_nobody(NOW), CHINESE) == "刚刚"


def test_somebody_who_only_came_in_has_no_points_yet() -> None:
    assert board.won(Latest("m", "李*", "楼道清洁", None, NOW), CHINESE) == "已签到"


def test_bars_grow_with_points_and_leave_the_rail_in_sight() -> None:
    best = Rank("a", 1, "", "", 90, 10)
    assert bar_lengths(best, 100) == pytest.approx((FULLEST * 0.9, FULLEST))
    assert bar_lengths(Rank("b", 2, "", "", 0, 0), 0) == (0.0, 0.0)
    assert eased(0) == 0
    assert eased(1) == 1


HANGING = Noticed(
    month="2026-10",
    opens=dt.date(2026, 11, 22),
    closes=dt.date(2026, 11, 27),
    is_sealed=False,
    deeds=1286,
    points=15420,
    people=412,
    units=18,
    top=(),
    ways=("card", "phone", "desk", "pigeon"),
    root="9f3a6c21b0d4e875",
    leaves=4820,
)


@pytest.mark.parametrize(
    ("day", "says"),
    [(24, "还有 3 天"), (26, "还有 1 天"), (27, "今天截止"), (28, "公示期满")],
)
def test_a_notice_says_how_long_somebody_may_object(day: int, says: str) -> None:
    assert board.notice_left(HANGING, dt.date(2026, 11, day), CHINESE) == says


def test_a_notice_says_how_to_object_by_the_ways_the_board_knows() -> None:
    today = dt.date(2026, 11, 24)
    how = board.notice_how(HANGING, today, CHINESE)[0]
    assert how == "可提异议至11月27日：终端刷卡 · 手机 · 积分服务台"
    assert board.notice_line(HANGING, today, CHINESE)[0] == "共认定 1,286 件，有异议请刷卡提出"
    at_desk = replace(HANGING, ways=("desk",))
    assert board.notice_line(at_desk, today, CHINESE)[0].endswith("有异议请到服务台")


def test_a_sealed_month_says_that_its_points_may_be_spent() -> None:
    sealed = replace(HANGING, is_sealed=True)
    today = dt.date(2026, 11, 28)
    assert board.notice_left(sealed, today, CHINESE) == "积分可兑换"
    assert "兑换" in board.notice_how(sealed, today, CHINESE)[0]
    assert board.notice_line(sealed, today, CHINESE)[0] == "共认定 1,286 件，15,420 分"


def test_what_is_objected_to_is_answered_before_points_count() -> None:
    over = board.notice_how(HANGING, dt.date(2026, 11, 28), CHINESE)[0]
    assert over == "公示期满，异议全部答复后积分即可兑换"


def test_the_record_can_be_compared_by_eye() -> None:
    whole = board.fingerprint(HANGING, CHINESE)[0]
    assert whole == "记录指纹 9f3a 6c21 b0d4 e875 · 共 4,820 条 · 人人可核验"
    assert board.fingerprint(replace(HANGING, root=""), CHINESE) == ("记录人人可核验",)


@pytest.mark.parametrize(
    ("honour", "says"),
    [("star", "2026 年积分之星"), ("neighbour", "2026 年社区好邻居"), ("", "邻里讲述")],
)
def test_a_story_says_what_it_is_told_for(honour: str, says: str) -> None:
    assert board.honour(Tale("1", "t", "x", "王*芳", honour, "2026"), CHINESE) == says


def test_a_board_without_the_network_says_since_when() -> None:
    since = {
        None: "没有网络",
        NOW.replace(hour=13, minute=5): "从 13:05 起没有网络",
        NOW - dt.timedelta(days=2): "从 11月22日 · 14:06 起没有网络",
    }
    for moment, said in since.items():
        state = replace(BOARD, offline=True, offline_since=moment)
        assert board.cut_off(state, CHINESE) == said
    assert board.cut_off(BOARD, CHINESE) == ""


def test_a_change_of_the_standard_says_from_which_day() -> None:
    day = NOW.date()
    ahead = Alterations(day + dt.timedelta(days=7), (), 1, 1)
    said = [
        board.alterations_title(ahead, today, CHINESE)
        for today in (day, ahead.since, ahead.since + dt.timedelta(days=1))
    ]
    assert said == ["从 12月1日 起", "从今天起", "12月1日起"]


@pytest.mark.parametrize(
    ("old", "new", "mark"),
    [(None, 5, "新增"), (5, None, "取消"), (5, 10, "上调"), (10, 5, "下调")],
)
def test_what_becomes_of_an_item_is_one_word(old: int | None, new: int | None, mark: str) -> None:
    assert board.altered_mark(Altered("B01", "巡逻", old, new), CHINESE) == mark


def test_a_message_says_until_when() -> None:
    urgent = Urgent("停水", NOW.replace(hour=18))
    assert board.urgent_until(urgent, NOW.date(), CHINESE) == "到 18:06"
    yesterday = NOW.date() - dt.timedelta(days=1)
    assert board.urgent_until(urgent, yesterday, CHINESE) == "到 11月24日 · 18:06"


def test_the_picture_comes_back_to_where_it_was_and_never_stays() -> None:
    places = [orbit(turn) for turn in range(ORBIT_STEPS + 1)]
    assert places[0] == places[-1] == (0, 0)
    assert all(one != other for one, other in pairwise(places))
    assert all(abs(part) <= 2 * ORBIT for place in places for part in place)


@pytest.mark.parametrize(
    ("timed", "said"), [(True, "11月27日 星期五 · 23:59"), (False, "11月27日 星期五")]
)
def test_a_deed_that_no_card_witnessed_has_a_day_and_no_hour(timed: bool, said: str) -> None:
    done = dt.datetime(2026, 11, 27, 23, 59, 59, tzinfo=SHANGHAI)
    line = DeedLine("d-1", "调解邻里纠纷", done, 20, Stands.PENDING, timed)
    assert deed_day(line, Words("zh_CN")) == said


@pytest.mark.parametrize(
    ("left", "balance", "then"),
    [(0, 100, "已经换完了。"), (0, 10, "已经换完了。"), (3, 10, "还差 30 分。")],
)
def test_what_cannot_be_had_says_why_in_the_place_of_what_would_follow(
    left: int, balance: int, then: str
) -> None:
    soap = WareCard("soap", "洗衣皂", WareKind.GOOD, 40, left, "")
    said = confirm(Confirm(soap, "张*三", balance, pin=True), CHINESE)
    assert (said.may, said.then) == (False, then)
    assert said.sum == f"您有 ⟦{balance} 分⟧"


def test_what_can_be_had_says_what_follows() -> None:
    soap = WareCard("soap", "洗衣皂", WareKind.GOOD, 40, 3, "", door=2)
    said = confirm(Confirm(soap, "张*三", 100, pin=False), CHINESE)
    assert (said.may, said.then) == (True, "兑换柜 2 号门会打开。")


def test_a_rejected_deed_is_not_said_to_be_in_the_record_one_day() -> None:
    line = DeedLine("d-1", "民主议事", NOW, 5, Stands.VOIDED, True)
    rejected = deed(DeedDetail(line, "D03", "当天没有举行议事会"), CHINESE)
    waiting = deed(DeedDetail(replace(line, stands=Stands.PENDING), "D03", ""), CHINESE)
    assert (rejected.proof, waiting.proof) == ("这一条不计分", "还没有记入公开账本")


def test_without_the_network_and_without_a_lease_no_number_is_promised() -> None:
    none = hindered(Hindered(Hindrance.LEASE_TOO_SMALL, "张*三", 0), CHINESE).sentence
    some = hindered(Hindered(Hindrance.LEASE_TOO_SMALL, "张*三", 30), CHINESE).sentence
    assert "0" not in none
    assert "30 分" in some
