"""Documents to try: a month of any length, a meeting, a merchant's month."""

from __future__ import annotations

import datetime as dt

from linli.ledger.documents.model import (
    Adjustment,
    Award,
    Certificate,
    Change,
    Decision,
    DeskDeed,
    Document,
    Member,
    Minutes,
    Notice,
    Place,
    PostedDeed,
    Poster,
    Proof,
    Ranking,
    Settlement,
    Survey,
    Totals,
    Verdict,
    Voucher,
    Worth,
)
from linli.sync.messages import Kind

DAY = dt.date(2026, 10, 3)
PROOF = Proof("9f3ac01b77d24e55" * 4, "https://jf.linli.example/n/2026-10/yangguang")
TOTALS = Totals(deeds=1286, points=12860, people=423, units=18, voided=12)
HOSTILE = (
    "#panic()",
    '#import "x": *',
    "*粗* _斜_ $x^2$ `码`",
    "<b>粗</b> &amp;",
    "张😀三👨‍👩‍👧",
    "一二三四五六七八九十" * 4,
    "a" * 60,
    "@label // 注 /* 释",
    "\\u{41} ~ -- ... ''",
    "\u202e反着写\u202c",
    "#(1+1) [x] {y}",
    "行一\n行二\t三",
    '{"data": "\\"}',
)


def places(count: int, points: tuple[int, ...] = ()) -> tuple[Place, ...]:
    given = points or tuple(9000 - 7 * at for at in range(count))
    return tuple(
        Place(1 + sum(other > mine for other in given), f"邻居{at}号", mine)
        for at, mine in enumerate(given)
    )


def rankings(cadres: int = 3, units: int = 3, residents: int = 3) -> tuple[Ranking, ...]:
    counts = ((Kind.CADRE, cadres), (Kind.UNIT, units), (Kind.RESIDENT, residents))
    return tuple(Ranking(kind, places(count)) for kind, count in counts)


def posted(count: int) -> tuple[PostedDeed, ...]:
    return tuple(PostedDeed(f"热心邻居{at:04d}", "平安巡逻", DAY, 10) for at in range(count))


def by_hand(count: int) -> tuple[DeskDeed, ...]:
    return tuple(
        DeskDeed(f"补录{at:04d}", "担任宣讲员", DAY, 20, "周*敏", "卡片挂失补办中")
        for at in range(count)
    )


def notice(
    deeds: tuple[PostedDeed, ...] = (),
    desk_deeds: tuple[DeskDeed, ...] = (),
    ranked: tuple[Ranking, ...] | None = None,
    community: str = "阳光社区",
    objections: tuple[str, ...] = ("到社区积分服务台当面提出",),
    proof: Proof = PROOF,
    month: str = "2026-10",
) -> Notice:
    return Notice(
        community=community,
        month=month,
        opens=dt.date(2026, 11, 1),
        closes=dt.date(2026, 11, 7),
        objections=objections,
        issuer="阳光社区评审小组",
        rankings=rankings() if ranked is None else ranked,
        deeds=deeds,
        desk_deeds=desk_deeds,
        totals=TOTALS,
        proof=proof,
    )


def poster(ranked: tuple[Ranking, ...] | None = None, community: str = "阳光社区") -> Poster:
    return Poster(
        community=community,
        month="2026-10",
        opens=dt.date(2026, 11, 1),
        closes=dt.date(2026, 11, 7),
        rankings=rankings() if ranked is None else ranked,
        totals=TOTALS,
        proof=PROOF,
    )


def decision(
    name: str = "王*芳",
    verdict: Verdict = Verdict.POSTED,
    reason: str = "",
    recused: tuple[str, ...] = (),
) -> Decision:
    return Decision(name, "平安巡逻", DAY, 10, verdict, reason, recused)


def minutes(
    decisions: tuple[Decision, ...] = (), week: str = "2026-W44", quorum: int = 2
) -> Minutes:
    return Minutes(
        community="阳光社区",
        week=week,
        held_on=dt.date(2026, 11, 2),
        place="邻里中心议事厅",
        quorum=quorum,
        members=(
            Member("周志敏", "组长", True),
            Member("李建华", "居民代表", True),
            Member("陈静", "监督委员", False),
        ),
        decisions=decisions,
    )


def certificate(
    name: str = "王小芳", award: Award = Award.STAR, citation: str = "", issuer: str = "阳光社区"
) -> Certificate:
    return Certificate(
        award=award,
        name=name,
        year=2026,
        community="阳光社区",
        issuer=issuer,
        issued_on=dt.date(2027, 1, 15),
        number="YG-2026-0007",
        points=1286,
        citation=citation,
    )


RAISED = Change(
    "B05", "应急值守", Worth(20, "每月 4 次"), Worth(25), "夜间值守多", Survey(186, 31, 12)
)
ADDED = Change("C06", "文明养猫劝导", None, Worth(5, "每月 2 次"), "居民提议")
DROPPED = Change("D05", "捐赠闲置物资", Worth(5), None, "改由街道登记", Survey(0, 0, 0))


def adjustment(changes: tuple[Change, ...] = (RAISED, ADDED, DROPPED)) -> Adjustment:
    return Adjustment(
        community="阳光社区",
        version="2026-12",
        month="2026-12",
        effective_on=dt.date(2026, 12, 1),
        issuer="阳光社区评审小组",
        issued_on=dt.date(2026, 11, 25),
        changes=changes,
    )


def vouchers(count: int) -> tuple[Voucher, ...]:
    return tuple(Voucher(f"Q2610{at:05d}", "牛肉面一碗", DAY, 40, 800, 350) for at in range(count))


def settlement(redeemed: tuple[Voucher, ...] = (), merchant: str = "老街面馆") -> Settlement:
    return Settlement(
        community="阳光社区",
        merchant=merchant,
        merchant_number="M0017",
        month="2026-10",
        made_on=dt.date(2026, 11, 8),
        number="JS-2026-10-0017",
        vouchers=redeemed,
    )


def one_of_each() -> tuple[Document, ...]:
    return (
        notice(posted(60), by_hand(5)),
        poster(),
        minutes((decision(), decision(verdict=Verdict.VOIDED, reason="签退太早"))),
        certificate(),
        adjustment(),
        settlement(vouchers(14)),
    )


def of_hostile_text() -> tuple[Document, ...]:
    """Every document with such text in each place that a person fills in."""
    ranked = tuple(
        Ranking(kind, tuple(Place(1, text, 99_999) for text in HOSTILE[:10])) for kind in Kind
    )
    last = tuple(Ranking(kind, tuple(Place(1, text, 5) for text in HOSTILE[10:])) for kind in Kind)
    return (
        notice(
            tuple(PostedDeed(text, text, DAY, 10) for text in HOSTILE),
            tuple(DeskDeed(text, text, DAY, 10, text, text) for text in HOSTILE),
            (*ranked, *last),
            community=HOSTILE[5],
            objections=HOSTILE,
        ),
        poster((*ranked, *last), community=HOSTILE[5]),
        minutes(
            tuple(decision(text, verdict, text, (text,)) for text in HOSTILE for verdict in Verdict)
        ),
        *(certificate(text, citation=text, issuer=text) for text in HOSTILE),
        adjustment(
            tuple(Change(text, text, Worth(5, text), Worth(5, text), text) for text in HOSTILE)
        ),
        settlement(tuple(Voucher(text, text, DAY, 1, 1, 1) for text in HOSTILE), HOSTILE[5]),
    )
