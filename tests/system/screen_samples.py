"""View states for the pictures of all screens: each view, each trouble, and the extremes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from doubles.views import checked_in
from maintenance_samples import MAINTENANCE
from visit_samples import VISITS

from linli.kiosk.flows.afar_views import AskPicture, Notice, OutOfService
from linli.kiosk.flows.phone import modules
from linli.kiosk.flows.views import (
    ActivityCard,
    Choose,
    Home,
    Link,
    PhoneLink,
    Reader,
    Refused,
    Screen,
    Standing,
    Status,
    Trouble,
)
from linli.kiosk.flows.visit_views import Module
from linli.sync.periods import SHANGHAI

NOW = dt.datetime(2026, 11, 24, 14, 6, 12, tzinfo=SHANGHAI)
CENTRE = "阳光社区邻里中心"
WELL = Status(Link.ONLINE, Reader.READY)
LONG_TITLE = "“邻里守望·情暖夕阳”独居老人冬季用电用气安全入户排查志愿服务"
LONG_PLACE = "阳光社区党群服务中心二楼多功能活动室（老年大学东侧）"
LONG_UNIT = "城关区阳光街道社区卫生服务站第二分站"


LINK = "https://jifen.chengguan.example/me/link?t=" + "AQNqyKAAX1i7sxYfTNw_".ljust(146, "x")
"""As long as the address of a real ticket."""


@dataclass(frozen=True)
class Sample:
    """`extreme`: so long that shortening a text with … is the right answer."""

    name: str
    screen: Screen
    extreme: bool = False
    seconds: int | None = None


def at(hour: int, minute: int = 0) -> dt.datetime:
    return NOW.replace(hour=hour, minute=minute, second=0)


def activity(
    title: str, start: int, place: str, points: int, present: int = 0, *, open_now: bool = False
) -> ActivityCard:
    return ActivityCard(title, title, place, at(start), at(start + 1), points, present, open_now)


PATROL = activity("平安巡逻", 14, "南门岗亭", 10, 12, open_now=True)
CLINIC = activity("义诊理发", 15, "一楼大厅", 20, 4, open_now=True)
FORUM = activity("民主议事", 19, "议事角", 5)
CLEANING = activity("楼道清洁", 16, "6号楼", 5)
SHARING = activity("积分分享会", 20, "邻里客厅", 10)
DANCE = activity("广场舞队排练", 17, "小广场", 5)
LONG = replace(activity(LONG_TITLE, 18, LONG_PLACE, 200, 1286, open_now=True))
DAY = (PATROL, CLINIC, CLEANING, FORUM)
DOORS = tuple(Module)

DONE = checked_in(NOW)
OUT = replace(DONE, signed_out=True, sign_out_after=None, at=at(15, 12), pending=35)
AT_ONCE = replace(DONE, sign_out_after=None, title="探访独居老人", place="6号楼")
FIRST = replace(
    DONE, redeemable=0, pending=0, standing=None, done_this_month=0, done_by_class=(), name="𠅤*"
)
TOP = replace(
    OUT,
    name="欧阳*娜",
    standing=Standing("阳光社区", 1, None, None, 1.0),
    redeemable=12860,
    pending=1205,
    points=200,
    done_this_month=128,
    done_by_class=(("理论宣讲", 40), ("平安创建", 36), ("文明实践", 30), ("卫生整治", 22)),
)
OVER = replace(OUT, counted=False)
OVER_BEFORE = replace(DONE, counted=False)
UNIT = replace(AT_ONCE, name="第三小学", standing=Standing("阳光社区", 12, 40, 11, 0.4))
LONG_DONE = replace(
    DONE, name=LONG_UNIT, title=LONG_TITLE, place=LONG_PLACE, redeemable=98765, pending=12345,
    points=200, standing=Standing("阳光街道阳光社区第三网格", 1286, 12345, 1285, 0.02),
    done_by_class=TOP.done_by_class, done_this_month=128,
)  # fmt: skip
BEFORE = replace(OUT, name="李*", title="楼道清洁", points=5, trace="before")


def _refused() -> list[Sample]:
    plain = [
        Sample(which.value, Screen(Refused(which, trace="sample"), 6.0, status=WELL), seconds=6)
        for which in (
            Trouble.UNKNOWN_CARD,
            Trouble.BLOCKED_CARD,
            Trouble.REPLAYED_CARD,
            Trouble.FORGED_CARD,
            Trouble.READ_AGAIN,
            Trouble.NOT_SAVED,
            Trouble.PHONE_AT_DESK,
            Trouble.PHONE_LATER,
            Trouble.VOUCHER_AT_SHOP,
            Trouble.SCAN_WITH_PHONE,
            Trouble.NOT_OUR_CODE,
        )
    ]
    early = Refused(Trouble.TOO_EARLY, "张*三", "平安巡逻", 23, at(15, 6))
    known = {
        "too_early": early,
        "too_early_long": replace(early, name=LONG_UNIT, title=LONG_TITLE, minutes=179),
        "already_done": Refused(
            Trouble.ALREADY_DONE, "王*䶮", "探访独居老人", next_activity=CLINIC
        ),
        "already_done_long": Refused(
            Trouble.ALREADY_DONE, LONG_UNIT, LONG_TITLE, next_activity=LONG
        ),
        "nothing_open": Refused(Trouble.NOTHING_OPEN, "李*", next_activity=FORUM),
        "nothing_open_last": Refused(Trouble.NOTHING_OPEN, "李*"),
        "voucher_good": Refused(
            Trouble.VOUCHER_GOOD, title="满20减5", merchant="阳光面包", until=at(18, 0)
        ),
        "voucher_used": Refused(Trouble.VOUCHER_USED, title="满20减5", merchant="阳光面包"),
        "voucher_over": Refused(Trouble.VOUCHER_OVER),
        "closed_meanwhile": Refused(Trouble.CLOSED_MEANWHILE, "李*㛃", "平安巡逻"),
    }
    return plain + [
        Sample(name, Screen(view, 6.0, status=WELL), name.endswith("_long"), 6)
        for name, view in known.items()
    ]


def _home() -> list[Sample]:
    offline = Status(Link.OFFLINE, Reader.RECONNECTING, 0)
    starting = Status(Link.STARTING, Reader.STARTING)
    waiting = Status(Link.OFFLINE, Reader.READY, 37)
    busy = (PATROL, LONG, CLINIC, CLEANING, DANCE, FORUM, SHARING)
    return [
        Sample("home", Screen(Home(CENTRE, DAY[:3], modules=DOORS), status=WELL)),
        Sample("home_full", Screen(Home(CENTRE, busy, modules=DOORS), status=WELL), extreme=True),
        Sample("home_one", Screen(Home(CENTRE, (FORUM,), modules=DOORS[:2]), status=waiting)),
        Sample("home_empty", Screen(Home(CENTRE, modules=DOORS), status=WELL)),
        Sample("home_cut_off", Screen(Home(CENTRE, DAY, modules=DOORS), status=offline)),
        Sample("home_starting", Screen(Home(CENTRE, DAY, modules=DOORS), status=starting)),
    ]


def _afar() -> list[Sample]:
    """What somebody wants on the screen from afar."""
    short = Notice("明天上午8点到10点停电，请改日再来。", "No power tomorrow from 8 to 10.", at(18))
    chinese = replace(short, en="")
    long = Notice(
        "因电梯检修，本周三至周五义诊理发改在一楼大厅举行，需要上门服务的老人请提前一天到服务台登记，"
        "联系电话见大厅公告栏，给您带来不便敬请谅解。",
        "The lift is being repaired: from Wednesday to Friday the clinic and the hairdresser are "
        "in the hall on the ground floor. Please tell the service desk a day ahead.",
        at(18),
    )
    homes = {
        "home_notice": Home(CENTRE, DAY[:3], modules=DOORS, notice=short),
        "home_notice_empty": Home(CENTRE, modules=DOORS, notice=chinese),
        "home_notice_long": Home(CENTRE, DAY, modules=DOORS, notice=long),
    }
    called = OutOfService(CENTRE, "街道运维 8800-1234")
    return [
        *(Sample(n, Screen(v, status=WELL), n == "home_notice_long") for n, v in homes.items()),
        Sample("out_of_service", Screen(called, status=WELL)),
        Sample("out_of_service_plain", Screen(OutOfService(CENTRE), status=WELL)),
        Sample("ask_picture", Screen(AskPicture(20), 20.0, status=WELL), seconds=20),
    ]


def _success() -> list[Sample]:
    views = {
        "success": DONE,
        "success_at_once": AT_ONCE,
        "success_signed_out": OUT,
        "success_first": FIRST,
        "success_top": TOP,
        "success_limit": OVER,
        "success_limit_before": OVER_BEFORE,
        "success_unit": UNIT,
        "success_long": LONG_DONE,
    }
    found = [
        Sample(name, Screen(view, 5.0, status=WELL), name == "success_long", 5)
        for name, view in views.items()
    ]
    also = Screen(DONE, 5.0, also=BEFORE, status=WELL)
    refused_also = Screen(
        Refused(Trouble.UNKNOWN_CARD, trace="sample"), 6.0, also=DONE, status=WELL
    )
    return [
        *found,
        Sample("success_also", also, seconds=5),
        Sample("unknown_card_also", refused_also, seconds=6),
    ]


def _choose() -> list[Sample]:
    asked = {
        "choose": (PATROL, CLINIC),
        "choose_three": (PATROL, CLINIC, LONG),
        "choose_five": (PATROL, CLINIC, CLEANING, DANCE, FORUM),
        "choose_eight": (PATROL, CLINIC, CLEANING, DANCE, FORUM, SHARING, LONG, LONG),
    }
    return [
        Sample(
            name,
            Screen(Choose("张*三", options, "sample"), 30.0, status=WELL),
            LONG in options,
            30,
        )
        for name, options in asked.items()
    ]


def _phone() -> list[Sample]:
    """Each screen that offers to see one's points, and the code that links a phone."""
    short, long = (PhoneLink(name, modules(LINK), "sample") for name in ("张*三", LONG_UNIT))
    offers = {
        "offer_success": DONE,
        "offer_at_once": AT_ONCE,
        "offer_limit": OVER_BEFORE,
        "offer_long": LONG_DONE,
        "offer_already_done": Refused(Trouble.ALREADY_DONE, "王*䶮", "探访独居老人"),
    }
    codes = [
        Sample(name, Screen(view, 30.0, status=WELL), view is long, 30)
        for name, view in (("phone", short), ("phone_long", long))
    ]
    return codes + [
        Sample(name, Screen(replace(view, more=True), 8.0, status=WELL), view is LONG_DONE, 8)
        for name, view in offers.items()
    ]


def _visits() -> list[Sample]:
    return [
        Sample(f"visit_{name}", Screen(view, 30.0, status=WELL), extreme, 30)
        for name, (view, extreme) in VISITS.items()
    ]


def _maintenance() -> list[Sample]:
    return [
        Sample(f"maintenance_{name}", Screen(view, 60.0, status=WELL), seconds=60)
        for name, view in MAINTENANCE.items()
    ]


SAMPLES: tuple[Sample, ...] = (
    *_home(),
    *_afar(),
    *_choose(),
    *_success(),
    *_refused(),
    *_phone(),
    *_visits(),
    *_maintenance(),
)
