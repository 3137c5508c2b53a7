"""The simulated town talks about its standard: it was adjusted before, a survey was answered,
another is open, and a draft waits for the panel's leader."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from linli.ledger.standard.applying import current
from linli.ledger.standard.changes import Change, Field, Placed, Value
from linli.ledger.standard.drafting import draft, newest_version, put_change
from linli.ledger.standard.publishing import publish
from linli.ledger.standard.sets import read_set
from linli.ledger.surveys.answering import answer
from linli.ledger.surveys.making import NewSurvey, make, release
from linli.ledger.surveys.questions import Answer, Kind, Question
from linli.sync.messages import Item, ItemLimit
from linli.sync.messages import Kind as HolderKind
from linli.sync.periods import SHANGHAI, business_day, period_key
from linli.town import world as towns

LEADER, CLERK = "陈国强", "刘芳"
A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be changed; the old value is what the standard says then."""

    code: str
    field: Field
    new: Value
    why: str


def _per(n: int, per: str = "month") -> ItemLimit:
    return ItemLimit(n=n, per=per)


LENDING = Placed(
    class_code="F",
    item=Item(code="F06", name="接送孩子上下学", points=5, record="declare", limit=_per(8)),
)
BEFORE: tuple[tuple[Wish, ...], ...] = (
    (
        Wish("D05", Field.LIMIT, _per(8), "闲置物资多了，四次不够"),
        Wish("D05", Field.NAME, "捐赠或转赠闲置物资", "转赠邻居也算"),
        Wish("F04", Field.LIMIT, _per(8), "车位天天共享，四次不够"),
    ),
    (
        Wish("B02", Field.POINTS, 5, "隐患排查已成习惯，分值降下来"),
        Wish("B02", Field.LIMIT, _per(8), "鼓励多查几次"),
    ),
    (
        Wish("F06", Field.ADDED, LENDING, "双职工家庭提出，议事角四十多人赞成"),
        Wish("C05", Field.LIMIT, _per(2, "year"), "一年办两次喜事简办就够示范了"),
    ),
    (
        Wish("G03", Field.LIMIT, _per(2), "重在质量，少而精"),
        Wish("D05", Field.LIMIT, _per(6), "八次多了，留给更多人"),
    ),
)
"""One month's adjustments each, the oldest first. None is of an item that the town's activities
are for."""
WANTED = (
    Wish("B05", Field.POINTS, 25, "冬季夜间值守辛苦，人手不够"),
    Wish("B05", Field.DURATION, 150, "三小时太长，老人吃不消"),
    Wish("C03", Field.LIMIT, _per(4), "文体队伍多了，两次不够"),
)
NEXT = (
    Wish("D01", Field.POINTS, 15, "入冬后独居老人更需要人上门"),
    Wish("E03", Field.DURATION, None, "清一处记一处，不必待满半小时"),
)
WINTER = (
    Question(Kind.SCALE, "夜间应急值守从 20 分加到 25 分，您赞成吗？", item="B05"),
    Question(Kind.SINGLE, "值守一次多久合适？", ("两小时", "两个半小时", "三小时"), "B05"),
    Question(Kind.SCALE, "组织文体活动每月可以记四次，您赞成吗？", item="C03"),
    Question(Kind.TEXT, "冬天值守还缺什么？"),
)
SPRING = (
    Question(Kind.MULTIPLE, "春节前您想参加什么？", ("写春联", "包饺子", "大扫除", "看望老人")),
    Question(Kind.SCALE, "探访独居老人从 10 分加到 15 分，您赞成吗？", item="D01"),
    Question(Kind.TEXT, "还有什么事该记积分？"),
)
SAID = ("值班室太冷，添个取暖器", "夜里路灯暗", "希望有热水", "两人一组才放心", "送点姜茶吧")


def adjust_before(connection: Connection, began: dt.datetime) -> None:
    """The months before the town's history, as far as this year's standard reaches."""
    for wishes, first in zip(BEFORE, _firsts(connection, business_day(began)), strict=False):
        then = dt.datetime.combine(first - 6 * A_DAY, dt.time(10), SHANGHAI)
        id_ = _drafted(connection, wishes, first, then)
        publish(connection, id_, read_set(connection, id_).seen, LEADER, then)


def ask(connection: Connection, world: towns.World, now: dt.datetime) -> None:
    """A survey that was answered and the adjustment that came of it, to take effect next month;
    one that is open and the draft it is about."""
    random_ = random.Random(world.seed)
    asked = now - dt.timedelta(days=12)
    closed = _asked(connection, "冬季值守怎么记分", WINTER, asked, asked + 9 * A_DAY)
    for person in world.people:
        if person.kind is not HolderKind.UNIT and random_.random() < 0.3:
            answer(connection, closed, person.account, _answers(random_), asked + A_DAY)
    first = _next(business_day(now))
    decided = _drafted(connection, WANTED, first, now - A_DAY)
    publish(connection, decided, read_set(connection, decided).seen, LEADER, now - A_DAY)
    _asked(connection, "春节前做点什么", SPRING, now - A_DAY, now + 9 * A_DAY)
    _drafted(connection, NEXT, _next(first), now - dt.timedelta(hours=3))


def _next(day: dt.date) -> dt.date:
    """The first of the month after."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def _firsts(connection: Connection, day: dt.date) -> Sequence[dt.date]:
    """The first days of the months up to this one that are after the standard's first."""
    start = newest_version(connection).effective_from
    firsts = [day.replace(day=1)]
    while len(firsts) < len(BEFORE):
        firsts.append((firsts[-1] - A_DAY).replace(day=1))
    return [first for first in reversed(firsts) if first > start]


def _drafted(
    connection: Connection, wishes: Sequence[Wish], first: dt.date, now: dt.datetime
) -> str:
    id_ = draft(connection, period_key(first, "month"), first, LEADER, now)
    base = newest_version(connection)
    for wish in wishes:
        old = current(base, wish.code, wish.field)
        put_change(connection, id_, Change(wish.code, wish.field, old, wish.new), wish.why)
    return id_


def _asked(
    connection: Connection,
    title: str,
    questions: Sequence[Question],
    opens: dt.datetime,
    closes: dt.datetime,
) -> str:
    new = NewSurvey(towns.SCOPE, title, business_day(opens), business_day(closes), questions)
    id_ = make(connection, new, CLERK, opens)
    release(connection, id_, opens)
    return id_


def _answers(random_: random.Random) -> dict[int, Answer]:
    """Most are for it, some leave a question out, few write."""
    found: dict[int, Answer] = {1: random_.choices((1, 2, 3, 4, 5), (4, 6, 15, 35, 40))[0]}
    found[2] = random_.choices((0, 1, 2), (3, 5, 2))[0]
    if random_.random() < 0.8:
        found[3] = random_.choices((1, 2, 3, 4, 5), (10, 15, 30, 25, 20))[0]
    if random_.random() < 0.1:
        found[4] = random_.choice(SAID)
    return found
