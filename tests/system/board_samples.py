"""States of the board for its pictures: full, fresh, cut off, and the extremes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from linli.board.state import (
    Alterations,
    Altered,
    BoardState,
    Coming,
    Latest,
    Noticed,
    Placed,
    Rank,
    Shop,
    Sold,
    Tab,
    Tale,
    Urgent,
)
from linli.sync.periods import SHANGHAI

NOW = dt.datetime(2026, 11, 24, 14, 6, 12, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Sample:
    name: str
    state: BoardState
    extreme: bool = False


def rank(n: int, name: str, building: str, posted: int, pending: int) -> Rank:
    return Rank(f"r{n}", n, name, building, posted, pending)


NEIGHBOURS = (
    rank(1, "王*芳", "3号楼", 170, 18),
    rank(2, "陈*", "6号楼", 152, 28),
    rank(3, "张*三", "6号楼", 166, 9),
    rank(4, "热心邻居0421", "12号楼", 152, 5),
    rank(5, "刘*䶮", "9号楼", 140, 15),
    rank(6, "欧阳*娜", "2号楼", 121, 29),
    rank(7, "周*英", "6号楼", 138, 0),
    rank(8, "𠅤*", "4号楼", 115, 20),
    rank(9, "郑*平", "7号楼", 119, 4),
    rank(10, "孙*㛃", "3号楼", 0, 114),
)
LATEST = (
    Latest("m1", "张*三", "平安巡逻", 10, NOW - dt.timedelta(seconds=20)),
    Latest("m2", "李*", "楼道清洁", None, NOW - dt.timedelta(minutes=2)),
    Latest("m3", "欧阳*娜", "义诊理发", 20, NOW - dt.timedelta(minutes=9)),
    Latest("m4", "热心邻居0421", "民主议事", 5, NOW - dt.timedelta(hours=3)),
)
COMING = (
    Coming("背街小巷整治", NOW.replace(hour=15, minute=0), "北门", 20),
    Coming("民主议事", NOW.replace(hour=19, minute=0), "议事角", 5),
    Coming("积分分享会", NOW.replace(hour=20, minute=30), "邻里客厅", 10),
)
FULL = BoardState(
    place="阳光社区",
    now=NOW,
    tab=Tab.RESIDENT,
    month="2026-11",
    ranks=NEIGHBOURS,
    latest=LATEST,
    coming=COMING,
    coming_is_today=True,
    updated_at=NOW - dt.timedelta(seconds=20),
    offline=False,
    record=48213,
    participants=326,
)
LONG_TITLE = "“邻里守望·情暖夕阳”独居老人冬季用电用气安全入户排查"
UNITS = tuple(
    replace(row, account=f"u{row.rank}", name=name, building="")
    for row, name in zip(
        NEIGHBOURS,
        (
            "城关供电所",
            "社区卫生服务站",
            "农商银行阳光支行",
            "第三小学",
            "阳光便民超市",
            "惠邻物业公司",
            "邮政阳光网点",
            "新华书店阳光店",
        ),
        strict=False,
    )
)
LONG_UNITS = (
    replace(UNITS[0], name="城关区阳光街道社区卫生服务站第二分站", posted=98765, pending=1234),
    *UNITS[1:],
)
EMPTY = replace(FULL, ranks=(), latest=(), coming=(), updated_at=None, record=0, participants=0)
NOTICE = Noticed(
    month="2026-10",
    opens=dt.date(2026, 11, 22),
    closes=dt.date(2026, 11, 27),
    is_sealed=False,
    deeds=1286,
    points=15420,
    people=412,
    units=18,
    top=(
        Placed(Tab.RESIDENT, 1, "王*芳", 188),
        Placed(Tab.RESIDENT, 2, "热心邻居0421", 180),
        Placed(Tab.RESIDENT, 2, "𠅤*", 180),
        Placed(Tab.CADRE, 1, "欧阳*娜", 240),
        Placed(Tab.CADRE, 2, "刘*䶮", 225),
        Placed(Tab.CADRE, 3, "陈*", 215),
        Placed(Tab.UNIT, 1, "城关供电所", 460),
        Placed(Tab.UNIT, 2, "第三小学", 380),
        Placed(Tab.UNIT, 3, "社区卫生服务站", 355),
    ),
    ways=("card", "phone", "desk"),
    root="9f3a6c21b0d4e875",
    leaves=48213,
)
TALE = Tale(
    id="7",
    title="三楼那盏灯",
    text="独居的赵奶奶晚上怕黑，王阿姨每天下班先上三楼，替她看看灯、量量血压，再回自己家做饭。"
    "三年里，她没有落下过一天。去年冬天停电，她提着充电灯守到十一点。她说：“邻居住得近，就是一家人。”",
    name="王*芳",
    honour="neighbour",
    year="2026",
)
LONG_TALE = Tale(
    id="8",
    title="“邻里守望·情暖夕阳”入户排查的四十三个夜晚㛃",
    text=("独居老人冬季用电用气安全入户排查，一共走了四十三个晚上，敲了六百一十二扇门。" * 5)[:180],
    name="城关区阳光街道社区卫生服务站第二分站",
    honour="star",
    year="2026",
)
HANGING = replace(FULL, notice=NOTICE)
ON_NOTICE = replace(HANGING, tab=Tab.NOTICE, ranks=(), participants=0)
TOLD = replace(FULL, tab=Tab.STORY, ranks=(), participants=0, tale=TALE)

TOMORROW = tuple(
    replace(one, starts_at=one.starts_at + dt.timedelta(days=1))
    for one in (*COMING, Coming("“安全用电”入户宣传", NOW.replace(hour=21, minute=0), "3号楼", 10))
)
ALTERATIONS = Alterations(
    dt.date(2026, 12, 1),
    (
        Altered("B04", "清扫楼道、清理小广告", 10, 15),
        Altered("C07", "独居老人冬季入户探望", None, 20),
        Altered("A05", "参加积分分享会", 10, 5),
        Altered("E03", "旧衣捐赠", 5, None),
        Altered("D01", "参加义诊、义剪", 10, 20),
    ),
    1,
    2,
)
SHOP = Shop(
    NOW + dt.timedelta(days=6),
    (
        Sold("soap", "good", "洗衣皂一组", 10, 12, ""),
        Sold("rice", "good", "大米 5 斤", 30, 24, ""),
        Sold("oil", "good", "食用油 1.8 升", 60, 3, ""),
        Sold("repair", "service", "小家电修理一次", 25, None, ""),
        Sold("bread", "voucher", "面包满 20 减 5", 10, None, "阳光面包房"),
        Sold("book", "voucher", "图书八折", 15, None, "新华书店阳光店"),
    ),
    1,
    2,
)
BUILDINGS = tuple(
    Rank(f"b{n}", n, name, "", posted, pending, people)
    for n, (name, posted, pending, people) in enumerate(
        (
            ("6号楼", 1420, 180, 58),
            ("3号楼", 1312, 96, 61),
            ("12号楼", 1077, 130, 44),
            ("2号楼", 980, 15, 40),
            ("9号楼", 610, 60, 22),
        ),
        start=1,
    )
)
WATER = Urgent("今晚 22:00 至明早 6:00 全小区停水，请各家提前储水", NOW.replace(hour=18))
SAMPLES = (
    Sample("week", replace(FULL, per="week", notice=NOTICE)),
    Sample("buildings", replace(FULL, tab=Tab.BUILDING, per="year", ranks=BUILDINGS)),
    Sample(
        "deeds",
        replace(
            FULL,
            tab=Tab.DEEDS,
            ranks=(),
            deeds=(*LATEST, *(replace(one, id=f"{one.id}b") for one in LATEST)),
            first=NEIGHBOURS[:3],
        ),
    ),
    Sample("activities", replace(HANGING, tab=Tab.TOMORROW, ranks=(), tomorrow=TOMORROW)),
    Sample("standard", replace(FULL, tab=Tab.STANDARD, ranks=(), alterations=ALTERATIONS)),
    Sample("shop", replace(HANGING, tab=Tab.SHOP, ranks=(), shop=SHOP)),
    Sample(
        "shop_long",
        replace(
            HANGING,
            tab=Tab.SHOP,
            ranks=(),
            shop=replace(
                SHOP,
                items=tuple(
                    replace(one, name=LONG_TITLE, merchant=one.merchant and LONG_UNITS[0].name)
                    for one in SHOP.items
                ),
            ),
        ),
        extreme=True,
    ),
    Sample("urgent", replace(FULL, urgent=WATER)),
    Sample("urgent_short", replace(FULL, urgent=Urgent("停水", NOW + dt.timedelta(days=1)))),
    Sample(
        "urgent_long",
        replace(
            FULL,
            urgent=replace(
                WATER,
                text=("北区燃气管道抢修，请立即关闭燃气阀门，开窗通风，不要开关电器，" * 3)[:60],
            ),
        ),
    ),
    Sample("night", replace(FULL, darkness=0.6, now=NOW.replace(hour=23))),
    Sample("hanging", HANGING),
    Sample("notice", ON_NOTICE),
    Sample("notice_last_day", replace(ON_NOTICE, now=NOW + dt.timedelta(days=3))),
    Sample("notice_over", replace(ON_NOTICE, now=NOW + dt.timedelta(days=4))),
    Sample("notice_sealed", replace(ON_NOTICE, notice=replace(NOTICE, is_sealed=True))),
    Sample(
        "notice_empty",
        replace(
            ON_NOTICE,
            notice=replace(NOTICE, top=(), deeds=0, points=0, people=0, units=0, root="", leaves=0),
        ),
    ),
    Sample(
        "notice_long",
        replace(
            ON_NOTICE,
            place="城关区阳光街道阳光社区",
            offline=True,
            notice=replace(
                NOTICE,
                deeds=1234567,
                points=12345678,
                top=(Placed(Tab.UNIT, 1, "城关区阳光街道社区卫生服务站第二分站", 98765),),
            ),
        ),
        extreme=True,
    ),
    Sample("story", TOLD),
    Sample("story_session", replace(TOLD, tale=replace(TALE, name="", honour="", year=""))),
    Sample("story_star", replace(TOLD, notice=NOTICE, tale=replace(TALE, honour="star"))),
    Sample("story_long", replace(TOLD, tale=LONG_TALE, offline=True), extreme=True),
    Sample("full", FULL),
    Sample("units", replace(FULL, tab=Tab.UNIT, ranks=UNITS)),
    Sample("few", replace(FULL, tab=Tab.CADRE, ranks=NEIGHBOURS[:4], latest=LATEST[:1])),
    Sample("tomorrow", replace(FULL, coming=COMING[:2], coming_is_today=False)),
    Sample("offline", replace(FULL, offline=True, offline_since=NOW.replace(hour=13, minute=58))),
    Sample("empty", EMPTY),
    Sample(
        "empty_offline",
        replace(EMPTY, offline=True, offline_since=NOW - dt.timedelta(days=2)),
    ),
    Sample(
        "long",
        replace(
            FULL,
            place="城关区阳光街道阳光社区",
            tab=Tab.UNIT,
            ranks=LONG_UNITS,
            latest=(replace(LATEST[0], name=LONG_UNITS[0].name, title=LONG_TITLE), *LATEST[1:]),
            coming=(replace(COMING[0], title=LONG_TITLE, points=200), *COMING[1:]),
            participants=12860,
            offline=True,
        ),
        extreme=True,
    ),
)
