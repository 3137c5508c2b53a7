"""Views that are drawn out of sight after the first frame, so that no tap is the first to open a
font or make a widget. Nobody sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from linli.kiosk.flows.phone import modules
from linli.kiosk.flows.shop_views import Confirm, Phase, Redeeming, Shop, WareCard, WareKind
from linli.kiosk.flows.views import (
    ActivityCard,
    Choose,
    PhoneLink,
    Refused,
    Screen,
    Standing,
    Success,
    Trouble,
    View,
)
from linli.kiosk.flows.visit_views import (
    AskCard,
    Module,
    Outcome,
    Pad,
    PadFor,
    Services,
    Told,
    Waiting,
)


def views_to_warm(now: dt.datetime) -> Iterator[Screen]:
    done = Success(
        signed_out=False,
        name="张*三",
        title="平安巡逻",
        place="南门岗亭",
        at=now,
        points=10,
        counted=True,
        sign_out_after=None,
        redeemable=240,
        pending=25,
        standing=Standing("阳光社区", 3, 5, 2, 0.8),
        done_this_month=7,
        done_by_class=(("平安创建", 4), ("卫生整治", 3)),
        trace="",
        more=True,
    )
    card = ActivityCard("", "平安巡逻", "南门岗亭", now, now, 10, 12, True)
    yield Screen(done, 5.0)
    yield Screen(done, 5.0, also=done)
    yield Screen(Refused(Trouble.TOO_EARLY, "张*三", "平安巡逻", 23, now), 6.0)
    yield Screen(Refused(Trouble.NOTHING_OPEN, "张*三", next_activity=card), 6.0)
    yield Screen(PhoneLink("张*三", modules("https://"), ""), 30.0)
    yield Screen(Choose("张*三", (card, card), ""), 30.0)
    for view in _visit():
        yield Screen(view, 30.0)


def _visit() -> Iterator[View]:
    """What a visit opens first, and what comes while somebody waits for something to happen."""
    good = WareCard("", "洗衣皂一组", WareKind.GOOD, 40, 12, "", within=True)
    service = WareCard("", "上门理发一次", WareKind.SERVICE, 30, None, "", within=True)
    voucher = WareCard("", "馒头一袋", WareKind.VOUCHER, 20, None, "", within=True)
    yield Shop((good, service, voucher, good), 0, 2, only_within=False, name="张*三", balance=240)
    yield Confirm(voucher, "张*三", 240, pin=False)
    yield Redeeming(good.title, Phase.PAYING)
    yield Redeeming(good.title, Phase.TAKE_IT, 3)
    yield Services("张*三", phone=True, consent=True, pin=True)
    yield Pad(PadFor.PIN, 6, 6, hidden=True, turn=0)
    yield Told(Outcome.PIN_SET, "张*三")
    yield AskCard(Module.POINTS)
    yield Waiting("张*三")
