"""The fleet's list as it is asked for: which devices, in which state, with which problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fastapi import Request

from linli.ledger.fleet.health.listing import ORDER, Device
from linli.ledger.fleet.health.phrases import NEVER, NEVER_REMEDY, TITLES, lasting, told
from linli.ledger.fleet.health.problems import Kind, Problem
from linli.ledger.web.listing import has
from linli.ledger.web.rendering import fingerprint, moment
from linli.ledger.web.words import DEVICE

STATES = {
    "online": "在线",
    "offline": "离线",
    "maintained": "正在维护",
    "trial": "正在试新版本",
    "silent": "还没有收到过记录",
    "parked": "有搁置的消息",
    "twice": TITLES[Kind.TWICE],
    "quarantined": TITLES[Kind.QUARANTINED],
    "retired": "已停用",
}
HEAD = (
    "名称",
    "种类",
    "社区",
    "地点",
    "状态",
    "从",
    "问题",
    "版本",
    "排队",
    "公钥开头",
    "登记",
    "最近收到",
    "收齐到第几条",
    "搁置",
    "证书到",
    "停用",
)
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is to be done, and where; a device may have it twice, as two open doors."""

    kind: Kind
    title: str
    remedy: str
    where: Sequence[tuple[Device, Problem]]
    devices: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Empty where it makes no difference."""

    q: str = ""
    kind: str = ""
    community: str = ""
    state: str = ""
    version: str = ""
    problem: str = ""

    @classmethod
    def of(cls, request: Request) -> Asked:
        given = request.query_params
        return cls(**{name: given.get(name, "") for name in cls.__dataclass_fields__})

    @property
    def anything(self) -> bool:
        return self != Asked()

    def takes(self, one: Device) -> bool:
        of = one.of
        return (
            self.kind in ("", of.kind)
            and self.community in ("", of.scope)
            and self.state in ("", *states(one))
            and self.version in ("", one.vitals.version if one.vitals else "?")
            and (not self.problem or any(self.problem == p.kind for p in one.problems))
            and has(self.q, of.name, of.centre)
        )


def states(one: Device) -> Iterator[str]:
    """What may be sought of a device; silent is one that was never heard."""
    of, vitals = one.of, one.vitals
    holds = {
        "online": one.online,
        "offline": not one.online and of.retired_at is None,
        "maintained": one.maintained,
        "trial": vitals is not None and bool(vitals.trial),
        "silent": of.heard_at is None,
        "parked": of.parked > 0,
        "twice": of.alarms > 0,
        "quarantined": of.quarantined_at is not None and of.retired_at is None,
        "retired": of.retired_at is not None,
    }
    return (state for state, is_so in holds.items() if is_so)


def ordered(devices: Iterable[Device]) -> list[Device]:
    """By name; those out of service last."""
    return sorted(devices, key=lambda one: one.of.retired_at is not None)


def needing(devices: Iterable[Device]) -> list[Need]:
    """What needs somebody, the most pressing first, and in each the longest first."""
    needs: dict[tuple[int, str], list[tuple[Device, Problem]]] = {}
    for one in devices:
        for problem in one.pressing:
            key = ORDER[problem.kind], told(problem).remedy
            needs.setdefault(key, []).append((one, problem))
    return [_need(remedy, needs[order, remedy]) for order, remedy in sorted(needs)]


def _need(remedy: str, found: list[tuple[Device, Problem]]) -> Need:
    found.sort(key=lambda pair: (pair[1].since or LONG_AGO, pair[0].of.name))
    kind = found[0][1].kind
    title = NEVER if remedy == NEVER_REMEDY else TITLES[kind]
    names = {one.of.name for one, _ in found}
    return Need(kind, title, remedy, found, len(names))


def versions(devices: Iterable[Device]) -> list[str]:
    return sorted({one.vitals.version for one in devices if one.vitals is not None}, reverse=True)


def state_words(one: Device, now: dt.datetime) -> str:
    """在线, 离线 3 小时, …"""
    if one.of.retired_at is not None:
        return "已停用"
    if one.presence is None:
        return "从没连上过"
    if one.presence.online:
        return "正在维护" if one.maintained else "在线"
    return f"离线 {lasting(now - one.presence.since)}"


def lines(
    devices: Iterable[Device], named: dict[str, str], now: dt.datetime
) -> Iterator[Sequence[object]]:
    """For a file, under HEAD; `named` are the communities."""
    for one in devices:
        of, vitals = one.of, one.vitals
        yield (
            of.name,
            DEVICE[of.kind],
            named.get(of.scope, of.scope),
            of.centre,
            state_words(one, now),
            moment(one.presence.since) if one.presence else "",
            "；".join(told(problem).title for problem in one.problems),
            vitals.version if vitals else "",
            vitals.outbox if vitals else "",
            fingerprint(of.public_key),
            moment(of.registered_at),
            moment(of.heard_at),
            of.watermark,
            of.parked,
            moment(of.certified_until),
            moment(of.retired_at),
        )
