"""View states of a visit for the pictures of all screens: each view, each state, extremes."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path

from linli.kiosk.flows.news_views import Article, News, NewsKind, NewsRow, NoticeSheet, Ranking
from linli.kiosk.flows.phone import modules
from linli.kiosk.flows.shop_views import (
    Confirm,
    Ending,
    Phase,
    Redeemed,
    Redeeming,
    Shop,
    Slip,
    Vouchers,
    WareCard,
    WareKind,
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
    Rank,
    Services,
    Stands,
    Told,
    VisitView,
    Waiting,
)
from linli.sync.periods import SHANGHAI
from linli.town.goods_pictures import picture

MONTH = dt.date(2026, 11, 1)
LONG = "“邻里守望·情暖夕阳”独居老人冬季用电用气安全入户排查志愿服务"
UNIT = "城关区阳光街道社区卫生服务站第二分站"


def day(number: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(2026, 11, number, hour, 5, tzinfo=SHANGHAI)


def deed(title: str, number: int, points: int, stands: Stands) -> DeedLine:
    return DeedLine(title, title, day(number), points, stands)


PATROL = deed("平安巡逻", 24, 10, Stands.PENDING)
CLINIC = deed("义诊理发", 21, 20, Stands.POSTED)
CLEAN = deed("楼道清洁", 15, 5, Stands.SURPLUS)
FORUM = deed("民主议事", 9, 5, Stands.VOIDED)
DEEDS = (PATROL, CLINIC, CLEAN, FORUM)
RANKS = (Rank("1号楼", 3), Rank("阳光社区", 12))
POINTS = Points("张*三", 240, 120, 25, RANKS, MONTH, 50, 8, DEEDS, earlier=True)
LONG_POINTS = Points(
    UNIT,
    12860,
    4205,
    1205,
    (Rank("阳光社区党群服务中心综合楼", 128), Rank("阳光社区", 1286)),
    MONTH,
    2680,
    128,
    tuple(replace(deed, title=LONG, points=200) for deed in DEEDS),
    earlier=True,
    later=True,
)

PICTURES = Path(tempfile.gettempdir()) / "linli-sample-pictures"
PICTURES.mkdir(exist_ok=True)


def photo(which: str) -> str:
    """The path of a picture as a terminal keeps it."""
    path = PICTURES / f"{which}.jpg"
    path.write_bytes(picture(which))
    return str(path)


SOAP = WareCard("soap", "洗衣皂一组", WareKind.GOOD, 40, 12, photo("soap"), door=3, within=True)
RICE = WareCard("rice", "东北大米 5 千克", WareKind.GOOD, 120, 4, photo("rice"), within=True)
OIL = WareCard("oil", "花生油 1.8 升", WareKind.GOOD, 260, 0, photo("oil"), within=False)
HAIR = WareCard("hair", "上门理发一次", WareKind.SERVICE, 30, None, "", within=True)
BREAD = WareCard(
    "bread", "面包房满 30 减 10", WareKind.VOUCHER, 20, None, "", "阳光面包房", within=True
)
LENS = WareCard(
    "lens", "老花镜验光配镜九折", WareKind.VOUCHER, 50, None, "", "明亮眼镜店", within=True
)
WARES = (BREAD, HAIR, SOAP, LENS, RICE, OIL)
SHOP = Shop(WARES, 0, 2, only_within=False, name="张*三", balance=240, closes=dt.date(2026, 12, 15))
LONG_WARE = replace(RICE, title=LONG, points=12000, left=1286, within=False)

CODE = modules("https://jifen.chengguan.example/v/7K3M9QXT2HW4")
VOUCHER = Redeemed(
    "张*三",
    BREAD.title,
    20,
    220,
    Ending.VOUCHER,
    Slip.PRINTED,
    BREAD.merchant,
    dt.date(2026, 12, 31),
    "7K3M9QXT2HW4",
    CODE,
)
OUT = Redeemed("张*三", SOAP.title, 40, 200, Ending.OUT, Slip.NO_PAPER)

NOTICE = NoticeSheet(
    dt.date(2026, 10, 1),
    dt.date(2026, 11, 22),
    dt.date(2026, 11, 27),
    False,
    1286,
    15420,
    412,
    (("王*芳", 188), ("欧阳*娜", 260), ("阳光小学", 420)),
    "9f3a6c21b0d4e875",
)
STORY = Article(
    "三楼的灯，有人替她看着",
    "王阿姨住在三楼，儿女都在外地。每天晚上八点，对门的小李都会抬头看一眼她家的灯。\n"
    "去年冬天有一晚灯没有亮。小李敲开了门，送她去了医院，一直陪到天亮。\n"
    "“我没做什么，就是看了一眼。”小李说。\n"
    "如今这栋楼里，有十一户人家在互相看着对方的灯。",
    "王*芳",
    0,
    2,
)
NEWS = News(
    "阳光社区",
    (
        NewsRow(NewsKind.NOTICE, "notice:2026-10", "", dt.date(2026, 10, 1)),
        NewsRow(NewsKind.RANKING, "ranking:resident", "resident", None),
        NewsRow(NewsKind.RANKING, "ranking:cadre", "cadre", None),
        NewsRow(NewsKind.RANKING, "ranking:unit", "unit", None),
        NewsRow(NewsKind.STORY, "story:1", STORY.title, dt.date(2026, 11, 20), "王*芳"),
        NewsRow(NewsKind.STORY, "story:2", LONG, dt.date(2026, 11, 12), UNIT),
    ),
)
RANKED = Ranking(
    "阳光社区",
    "resident",
    MONTH,
    tuple(
        (rank, name, points)
        for rank, name, points in (
            (1, "王*芳", 188),
            (2, "欧阳*娜", 176),
            (2, "李*", 176),
            (4, "邻居 0317", 150),
            (5, "张*三", 145),
            (6, "赵*国", 130),
            (7, "孙*兰", 122),
            (8, "周*", 118),
            (9, "吴*红", 105),
            (10, "郑*", 99),
        )
    ),
)
DETAIL = DeedDetail(CLINIC, "D03")

VISITS: dict[str, tuple[VisitView, bool]] = {
    "ask_card": (AskCard(Module.POINTS), False),
    "ask_card_ware": (AskCard(Module.SHOP, SOAP.title), False),
    "points": (POINTS, False),
    "points_last": (replace(POINTS, deeds=DEEDS[:2], earlier=False, later=True), False),
    "points_long": (LONG_POINTS, True),
    "points_none": (
        replace(
            POINTS,
            deeds=(),
            count=0,
            ranks=(Rank("1号楼", None), Rank("阳光社区", None)),
            earlier=False,
        ),
        False,
    ),
    "deed": (DETAIL, False),
    "deed_pending": (replace(DETAIL, deed=PATROL), False),
    "deed_voided": (replace(DETAIL, deed=FORUM, reason="当天没有举行议事会"), False),
    "deed_surplus": (replace(DETAIL, deed=CLEAN), False),
    "deed_on_notice": (replace(DETAIL, object_until=dt.date(2026, 11, 27)), False),
    "deed_objected": (replace(DETAIL, object_until=dt.date(2026, 11, 27), objected=True), False),
    "deed_proven": (replace(DETAIL, proof=Proof.PROVEN, place=4711, size=5210), False),
    "deed_asking": (replace(DETAIL, proof=Proof.ASKING), False),
    "deed_offline": (replace(DETAIL, proof=Proof.OFFLINE), False),
    "deed_not_yet": (replace(DETAIL, proof=Proof.NOT_YET), False),
    "deed_wrong": (replace(DETAIL, proof=Proof.WRONG), False),
    "deed_long": (
        replace(DETAIL, deed=LONG_POINTS.deeds[1], object_until=dt.date(2026, 11, 27)),
        True,
    ),
    "object": (Object(CLINIC), False),
    "services": (Services("张*三", phone=True, consent=False, pin=False), False),
    "services_child": (Services("李*", phone=True, consent=None, pin=True), False),
    "services_vouchers": (
        Services("张*三", phone=True, consent=False, pin=True, vouchers=2),
        False,
    ),
    "vouchers": (
        Vouchers(
            "张*三", ((BREAD.title, dt.date(2026, 12, 31)), (LENS.title, dt.date(2026, 12, 5)))
        ),
        False,
    ),
    "vouchers_none": (Vouchers("张*三", ()), False),
    "consent": (AskConsent("张*三", agreed=False), False),
    "pad_phone": (Pad(PadFor.PHONE, 7, 12, False, 1), False),
    "pad_pin": (Pad(PadFor.PIN, 6, 6, True, 2), False),
    "pad_wrong": (Pad(PadFor.PIN, 6, 6, True, 3, PadTrouble.WRONG, 2), False),
    "pad_easy": (Pad(PadFor.NEW_PIN, 6, 6, True, 4, PadTrouble.TOO_EASY), False),
    "pad_different": (Pad(PadFor.NEW_PIN, 6, 6, True, 5, PadTrouble.DIFFERENT), False),
    "waiting": (Waiting("张*三"), False),
    "shop": (SHOP, False),
    "shop_nobody": (
        replace(
            SHOP,
            name="",
            balance=None,
            page=1,
            wares=tuple(replace(w, within=None) for w in WARES[:4]),
        ),
        False,
    ),
    "shop_offline": (replace(SHOP, offline_up_to=30, closes=None), False),
    "shop_empty": (
        replace(SHOP, wares=(), pages=1, opens=dt.date(2026, 12, 1), closes=None),
        False,
    ),
    "shop_long": (replace(SHOP, name=UNIT, balance=12860, wares=(LONG_WARE,) * 6), True),
    "ware_locker": (Confirm(SOAP, "张*三", 240, pin=False), False),
    "ware_pin": (Confirm(RICE, "张*三", 240, pin=True), False),
    "ware_dear": (Confirm(OIL, "张*三", 240, pin=True), False),
    "ware_voucher": (Confirm(BREAD, "张*三", 240, pin=False), False),
    "ware_long": (Confirm(LONG_WARE, UNIT, 12860, pin=True), True),
    "redeeming_paying": (Redeeming(SOAP.title, Phase.PAYING), False),
    "redeeming_opening": (Redeeming(SOAP.title, Phase.OPENING, 3), False),
    "redeeming_take": (Redeeming(SOAP.title, Phase.TAKE_IT, 3), False),
    "redeeming_close": (Redeeming(SOAP.title, Phase.CLOSE_IT, 3), False),
    "redeemed_voucher": (VOUCHER, False),
    "redeemed_out": (OUT, False),
    "redeemed_counter": (replace(OUT, ending=Ending.COUNTER, slip=Slip.COVER_OPEN), False),
    "redeemed_back": (replace(OUT, ending=Ending.CAME_BACK), False),
    "redeemed_staff": (replace(OUT, ending=Ending.STAFF_CALLED), False),
    "news": (NEWS, True),
    "news_none": (News("阳光社区", ()), False),
    "news_story": (STORY, False),
    "news_notice": (NOTICE, False),
    "news_sealed": (replace(NOTICE, sealed=True), False),
    "news_ranking": (RANKED, False),
}
VISITS |= {f"told_{one.name.lower()}": (Told(one, "张*三", 1), False) for one in Outcome}
VISITS |= {f"hindered_{one.name.lower()}": (Hindered(one, "张*三", 30), False) for one in Hindrance}
