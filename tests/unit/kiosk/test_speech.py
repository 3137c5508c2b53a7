"""What is said aloud for each view, and what never is."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import get_args

import pytest
from doubles.views import checked_in

from linli.devices.sound.base import Cue
from linli.kiosk.flows.shop_views import (
    Confirm,
    Ending,
    Phase,
    Redeemed,
    Redeeming,
    Shop,
    Slip,
    WareCard,
    WareKind,
)
from linli.kiosk.flows.speech import SAID, said_of, spoken
from linli.kiosk.flows.speech_ahead import sentences_ahead
from linli.kiosk.flows.views import (
    ActivityCard,
    Choose,
    Home,
    PhoneLink,
    Refused,
    Screen,
    Status,
    Trouble,
    View,
)
from linli.kiosk.flows.visit_views import (
    AskCard,
    AskConsent,
    DeedDetail,
    DeedLine,
    Hindered,
    Hindrance,
    Module,
    Object,
    Outcome,
    Pad,
    PadFor,
    PadTrouble,
    Points,
    Proof,
    Services,
    Stands,
    Told,
    Waiting,
)
from linli.kiosk.theme.words import Words
from linli.sync.periods import SHANGHAI

NOW = dt.datetime(2026, 11, 24, 14, 6, tzinfo=SHANGHAI)
CHINESE, ENGLISH = Words("zh_CN"), Words("en")
NAME, TITLE, CODE = "欧阳*娜", "平安巡逻", "7K3M-9QXT-2H"
LATER = checked_in(NOW)
AT_ONCE = replace(LATER, sign_out_after=None)
OUT = replace(AT_ONCE, signed_out=True)
FORUM = ActivityCard("", TITLE, "议事角", NOW.replace(hour=19, minute=0), NOW, 5, 0, False)
DEED = DeedLine("d", TITLE, NOW, 10, Stands.POSTED)
DETAIL = DeedDetail(DEED, "")
WARE = WareCard("w", "洗衣液", WareKind.GOOD, 40, 12, "", door=3)
SLIPPED = Redeemed(NAME, "洗衣液", 40, 200, Ending.OUT, Slip.PRINTED, code=CODE)
SILENT = {
    Home(NAME),
    Points(NAME, 240, 120, 25, (), NOW.date(), 50, 8, ()),
    Services(NAME, True, True, True),
    Shop((WARE,), 0, 1, False, NAME, 240),
    DETAIL,
}


def said(view: View, words: Words = CHINESE) -> str:
    utterance = said_of(view, words)
    return utterance.text if utterance is not None else ""


def pad(for_: PadFor, trouble: PadTrouble | None = None, turn: int = 0) -> Pad:
    return Pad(for_, 6, 6, True, turn, trouble)


SENTENCES: list[tuple[View, str]] = [
    (LATER, "签到成功，十五点零六分以后请再刷一次卡签退。"),
    (AT_ONCE, "签到成功，加十分。"),
    (OUT, "签退成功，加十分。"),
    (replace(OUT, points=2), "签退成功，加两分。"),
    (replace(OUT, counted=False), "签退成功，这次不加分。"),
    (replace(AT_ONCE, counted=False), "签到成功，这次不加分。"),
    (Choose(NAME, (FORUM,), "t"), "请选一项活动。"),
    (PhoneLink(NAME, (), "t"), "请用手机扫一扫屏幕上的码。"),
    (Refused(Trouble.UNKNOWN_CARD), "这张卡还没有启用，请到积分服务台。"),
    (Refused(Trouble.BLOCKED_CARD), "这张卡不能用，请到积分服务台。"),
    (Refused(Trouble.REPLAYED_CARD), "这张卡不能用，请到积分服务台。"),
    (Refused(Trouble.FORGED_CARD), "这张卡不能用，请到积分服务台。"),
    (Refused(Trouble.READ_AGAIN), "请把卡放平，再刷一次。"),
    (Refused(Trouble.NOTHING_OPEN), "今天没有活动了。"),
    (
        Refused(Trouble.NOTHING_OPEN, NAME, next_activity=FORUM),
        "现在没有活动，下一场十九点整开始。",
    ),
    (
        Refused(Trouble.TOO_EARLY, NAME, TITLE, 23, NOW),
        "还没到签退时间，请过二十三分钟再刷。",
    ),
    (Refused(Trouble.TOO_EARLY, NAME, TITLE, 2, NOW), "还没到签退时间，请过两分钟再刷。"),
    (Refused(Trouble.ALREADY_DONE, NAME, TITLE), "已经记上了，不用再刷。"),
    (Refused(Trouble.CLOSED_MEANWHILE, NAME, TITLE), "签到刚刚结束，请再刷一次卡。"),
    (Refused(Trouble.NOT_SAVED), "没有记上，请告诉工作人员。"),
    (Refused(Trouble.PHONE_AT_DESK), "请到积分服务台办理。"),
    (Refused(Trouble.PHONE_LATER), "现在不能办，请过一会再试。"),
    (Refused(Trouble.VOUCHER_AT_SHOP), "这是商家的优惠券，请给店家扫。"),
    (Refused(Trouble.VOUCHER_GOOD), "这张券可以用。"),
    (Refused(Trouble.VOUCHER_USED), "这张券已经用过了。"),
    (Refused(Trouble.VOUCHER_OVER), "这张券已经失效。"),
    (Refused(Trouble.SCAN_WITH_PHONE), "这个码请用手机扫。"),
    (Refused(Trouble.NOT_OUR_CODE), "这个码不是这里的。"),
    (AskCard(Module.SHOP, "洗衣液"), "请刷便民服务卡"),
    (replace(DETAIL, proof=Proof.PROVEN), "查到了，这一笔在公开记录里。"),
    (replace(DETAIL, proof=Proof.WRONG), "对不上，请告诉工作人员。"),
    (Object(DEED), "请选是哪里不对。"),
    (AskConsent(NAME, False), "请选一选，名字能不能公开。"),
    (pad(PadFor.PHONE), "请输入手机号。"),
    (pad(PadFor.PIN), "请输入密码，用手挡一挡。"),
    (pad(PadFor.OLD_PIN), "请输入现在的密码。"),
    (pad(PadFor.NEW_PIN), "请设一个六位密码。"),
    (pad(PadFor.NEW_PIN_AGAIN), "请把密码再输一次。"),
    (pad(PadFor.PIN, PadTrouble.WRONG), "不对，请再输一次。"),
    (pad(PadFor.NEW_PIN, PadTrouble.DIFFERENT), "两次不一样，请再设一次。"),
    (pad(PadFor.NEW_PIN, PadTrouble.TOO_EASY), "太容易猜到了，请换一个。"),
    (Told(Outcome.OBJECTED, NAME), "异议收到了。"),
    (Told(Outcome.CONSENTED, NAME), "记下了。"),
    (Told(Outcome.WITHDREW, NAME), "记下了。"),
    (Told(Outcome.PIN_SET, NAME), "密码设好了。"),
    (Told(Outcome.LOSS_TAKEN, NAME, 1), "卡已经停用。"),
    (Hindered(Hindrance.NO_NETWORK), "现在没有网络，请过一会再试。"),
    (Hindered(Hindrance.TOO_FEW, NAME, 30), "没有办成，请看屏幕。"),
    (Hindered(Hindrance.SOLD_OUT, NAME), "刚刚换完了。"),
    (Hindered(Hindrance.WINDOW_CLOSED, NAME), "现在不是兑换的时候。"),
    (Waiting(NAME), "请稍等"),
    (Confirm(WARE, NAME, 240, True), "请在屏幕上确认。"),
    (Redeeming("洗衣液", Phase.PAYING), "请稍等"),
    (Redeeming("洗衣液", Phase.OPENING, 3), "请稍等"),
    (Redeeming("洗衣液", Phase.TAKE_IT, 2), "二号柜门开了，请取走。"),
    (Redeeming("洗衣液", Phase.CLOSE_IT, 3), "请把柜门关好。"),
    (SLIPPED, "兑换成功。请取走小票。"),
    (replace(SLIPPED, slip=Slip.NO_PRINTER), "兑换成功。"),
    (
        replace(SLIPPED, ending=Ending.COUNTER, slip=Slip.NO_PAPER),
        "兑换成功，请到服务台领取。",
    ),
    (replace(SLIPPED, ending=Ending.VOUCHER), "兑换成功，券码在屏幕上。请取走小票。"),
    (replace(SLIPPED, ending=Ending.CAME_BACK), "柜门没有打开，积分退回来了。"),
    (replace(SLIPPED, ending=Ending.STAFF_CALLED), "请等一等工作人员，积分不会少。"),
]


@pytest.mark.parametrize(("view", "sentence"), SENTENCES)
def test_each_view_says_its_sentence(view: View, sentence: str) -> None:
    assert said(view) == sentence


def test_every_view_has_a_decision() -> None:
    assert set(SAID) == set(get_args(View))


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["zh_CN", "en"])
def test_every_trouble_hindrance_outcome_and_ending_says_something(words: Words) -> None:
    views: list[View] = [
        *(Refused(which) for which in Trouble),
        *(Hindered(which) for which in Hindrance),
        *(Told(which) for which in Outcome),
        *(replace(SLIPPED, ending=which) for which in Ending),
        *(Redeeming("", which, 1) for which in Phase),
        *(pad(which, trouble) for which in PadFor for trouble in (None, *PadTrouble)),
    ]
    assert all(said(view, words) for view in views)


@pytest.mark.parametrize("view", sorted(SILENT, key=repr))
def test_what_is_only_looked_at_says_nothing(view: View) -> None:
    assert said_of(view, CHINESE) is None


@pytest.mark.parametrize("view", [view for view, _ in SENTENCES])
def test_no_name_no_title_no_code_and_no_figure_is_said(view: View) -> None:
    sentence = said(view)
    assert not re.search(r"[0-9A-Za-z*]", sentence)
    assert not any(word in sentence for word in (NAME, TITLE, CODE, "洗衣液"))


def test_a_balance_is_never_said() -> None:
    rich = replace(OUT, redeemable=88_888, pending=777, done_this_month=66)
    assert said(rich) == said(OUT)
    assert said(replace(SLIPPED, left=99_999)) == said(SLIPPED)
    assert said(Hindered(Hindrance.LEASE_TOO_SMALL, NAME, 30)) == said(
        Hindered(Hindrance.LEASE_TOO_SMALL)
    )


def test_success_and_refusal_have_each_their_cue() -> None:
    for view, cue in (
        (OUT, Cue.SUCCESS),
        (Refused(Trouble.READ_AGAIN), Cue.TROUBLE),
        (Refused(Trouble.ALREADY_DONE), Cue.SUCCESS),
        (Hindered(Hindrance.NO_NETWORK), Cue.TROUBLE),
        (SLIPPED, Cue.SUCCESS),
        (replace(SLIPPED, ending=Ending.CAME_BACK), Cue.TROUBLE),
        (AskCard(Module.POINTS), None),
    ):
        utterance = said_of(view, CHINESE)
        assert utterance is not None
        assert utterance.cue is cue


def test_english_is_said_where_it_is_the_language() -> None:
    utterance = said_of(replace(OUT, points=1), ENGLISH)
    assert utterance is not None
    assert (utterance.text, utterance.language) == ("Signed out: plus 1 point.", "en")


def follows(view: View, before: View | None) -> str:
    earlier = Screen(before) if before is not None else None
    utterance = spoken(Screen(view), earlier, CHINESE)
    return utterance.text if utterance is not None else ""


def test_the_first_screen_speaks() -> None:
    assert follows(OUT, None) == said(OUT)


def test_a_screen_that_only_changed_its_status_says_nothing_again() -> None:
    before = Screen(OUT, status=Status(waiting=1))
    assert spoken(Screen(OUT, status=Status(waiting=2)), before, CHINESE) is None


def test_the_next_person_with_the_same_success_is_told_it_too() -> None:
    assert follows(replace(OUT, trace="next"), OUT) == said(OUT)


def test_figures_that_come_in_later_are_not_said_again() -> None:
    assert follows(replace(OUT, redeemable=500), OUT) == ""


def test_a_card_that_is_not_read_twice_is_told_twice() -> None:
    first, second = (Refused(Trouble.READ_AGAIN, trace=trace) for trace in "ab")
    assert follows(second, first) == said(second)


def test_waiting_is_said_once() -> None:
    assert follows(Redeeming("", Phase.OPENING, 3), Redeeming("", Phase.PAYING)) == ""
    assert follows(Waiting("b"), Waiting("a")) == ""


def test_a_pad_that_is_shown_anew_says_why() -> None:
    again = pad(PadFor.PIN, PadTrouble.WRONG, turn=1)
    assert follows(again, pad(PadFor.PIN)) == "不对，请再输一次。"
    assert follows(replace(again, turn=2), again) == "不对，请再输一次。"
    assert follows(replace(again, tries=2), again) == ""


def test_a_proof_is_told_when_it_comes() -> None:
    assert follows(replace(DETAIL, proof=Proof.PROVEN), replace(DETAIL, proof=Proof.ASKING))
    shown = replace(DETAIL, proof=Proof.PROVEN)
    assert follows(replace(shown, objected=True), shown) == ""


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["zh_CN", "en"])
def test_all_that_holds_no_time_is_ready_before_anybody_taps(words: Words) -> None:
    ready = {utterance.text for utterance in sentences_ahead(words)}
    timed = {LATER, *(view for view, _ in SENTENCES if isinstance(view, Refused) and view.name)}
    odd = {replace(OUT, points=2)}
    missing = {said(view, words) for view, _ in SENTENCES if view not in timed | odd} - ready
    assert not missing
    assert len(ready) < 120
