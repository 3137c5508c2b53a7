"""States of the board for its pictures: full, fresh, cut off, and the extremes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from linli.board.state import (
    BoardState,
    Coming,
    Latest,
    Noticed,
    Placed,
    Rank,
    Tab,
    Tale,
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

SAMPLES = (
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
    Sample("offline", replace(FULL, offline=True)),
    Sample("empty", EMPTY),
    Sample("empty_offline", replace(EMPTY, offline=True)),
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
