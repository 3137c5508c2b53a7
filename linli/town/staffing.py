"""Who works in the simulated town: one of each role, and a panel of five."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from linli.ledger.review.panel import LEADER, MEMBER, appoint
from linli.ledger.staff.accounts import NewWorker, hire
from linli.ledger.staff.roles import ON_A_PANEL, Role
from linli.sync.messages import Kind
from linli.town import world as towns

PASSWORD = "xiang-yang-2026"
"""Everybody's, in a town that ends with its window."""
SEATS = ("社区党支部书记", "居委会委员", "业委会委员", "党员代表", "居民代表")


@dataclass(frozen=True, slots=True)
class Employed:
    """`title` is what they do, in the town's words."""

    login: str
    name: str
    role: Role
    title: str


STAFF = (
    Employed("clerk", "刘芳", Role.CLERK, "积分服务台"),
    Employed("clerk2", "何平", Role.CLERK, "积分服务台（第二签字人）"),
    Employed("leader", "陈国强", Role.LEADER, "考评小组组长"),
    Employed("member", "周丽娟", Role.MEMBER, "考评小组成员"),
    Employed("member2", "吴建军", Role.MEMBER, "考评小组成员"),
    Employed("auditor", "孙静", Role.AUDITOR, "监督员"),
    Employed("maintainer", "郑浩", Role.MAINTAINER, "设备维护"),
    Employed("admin", "马超", Role.ADMINISTRATOR, "系统管理员"),
)


def employ(connection: Connection, world: towns.World, now: dt.datetime) -> None:
    """Seat the panel and give everybody a login."""
    seats = _panel(world)
    for number, (seated, seat) in enumerate(zip(seats, SEATS, strict=False)):
        role = LEADER if number == 0 else MEMBER
        appoint(connection, towns.SCOPE, seated, role, seat, now)
    free = iter(seats)
    for one in STAFF:
        account = next(free) if one.role in ON_A_PANEL else None
        everywhere = one.role in (Role.AUDITOR, Role.MAINTAINER, Role.ADMINISTRATOR)
        scope = None if everywhere else towns.SCOPE
        new = NewWorker(one.login, one.name, one.role, scope, account)
        hire(connection, new, PASSWORD, now, must_change=False)


def _panel(world: towns.World) -> list[str]:
    """A cadre to lead it, cadres and residents beside."""
    return [*_first(world, Kind.CADRE, 3), *_first(world, Kind.RESIDENT, 2)]


def _first(world: towns.World, kind: Kind, count: int) -> Iterator[str]:
    found = (p.account for p in world.people if p.kind is kind and not p.under14)
    return (account for account, _ in zip(found, range(count), strict=False))
