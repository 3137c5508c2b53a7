"""What is an alert: for each fault how long it must be there, how urgent it is, and what is to be
done about it. When it is there say `judges`, what it says of its device `phrases`. Pure.

What the fleet's list shows too bears the list's own words, so that a maintainer reads one name and
one remedy for one thing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from linli.ledger.alerts import judges, phrases
from linli.ledger.alerts.judges import MINUTE, Judge, by_health, by_machine
from linli.ledger.alerts.observed import About
from linli.ledger.alerts.phrases import Says, always, silent_parts, with_health
from linli.ledger.fleet.health.phrases import REMEDIES, TITLES
from linli.ledger.fleet.health.problems import RESTARTS, Kind


class Urgency(IntEnum):
    """`NOW`: people are sent away. `TODAY`: it still works, not for long. `SOON`: when somebody
    passes by."""

    SOON = 1
    TODAY = 2
    NOW = 3


class Fault(StrEnum):
    OFFLINE = "offline"
    CENTRE_OFFLINE = "centre-offline"
    DISTRICT_OFFLINE = "district-offline"
    BROKER = "broker"
    READER = "reader"
    FROZEN = "frozen"
    PAPER = "paper"
    PART = "part"
    DOOR = "door"
    OUTBOX = "outbox"
    HOT = "hot"
    POWER = "power"
    CLOCK = "clock"
    DISK_FULL = "disk-full"
    DISK_WORN = "disk-worn"
    CERTIFICATE = "certificate"
    RESTARTS = "restarts"
    TWICE = "twice"
    QUARANTINED = "quarantined"
    ROLLOUT = "rollout"


@dataclass(frozen=True, slots=True)
class Rule:
    """`hold` is how long the fault must be there, `calm` how long it must be gone. `judge` and
    `says` are None for what is not seen at one device."""

    fault: Fault
    title: str
    urgency: Urgency
    remedy: str
    hold: dt.timedelta = dt.timedelta()
    calm: dt.timedelta = MINUTE
    about: About = About.TERMINAL
    judge: Judge | None = None
    says: Says | None = None


def _listed(
    fault: Fault,
    kind: Kind,
    urgency: Urgency,
    judge: Judge,
    says: Says,
    hold: dt.timedelta = dt.timedelta(),
    calm: dt.timedelta = MINUTE,
) -> Rule:
    """A rule of what the fleet's list shows as `kind`."""
    title, remedy = TITLES[kind], REMEDIES[kind]
    return Rule(fault, title, urgency, remedy, hold, calm, judge=judge, says=says)


DISTRICT_RULES = (
    Rule(
        Fault.CENTRE_OFFLINE,
        "整个中心离线",
        Urgency.NOW,
        "多半是停电或宽带断了：给中心打电话，宽带报修。不用逐台查看。",
        calm=2 * MINUTE,
        about=About.CENTRE,
    ),
    Rule(
        Fault.DISTRICT_OFFLINE,
        "全区大面积离线",
        Urgency.NOW,
        "多半是机房的网络或消息服务器出了问题：先查机房，不用去各个中心。",
        calm=2 * MINUTE,
        about=About.DISTRICT,
    ),
    Rule(
        Fault.BROKER,
        "账本连不上消息服务器",
        Urgency.NOW,
        "到机房查看消息服务器（Mosquitto）是否在运行、磁盘是否已满。终端的记录都在，恢复后自动补送。",
        hold=2 * MINUTE,
        about=About.DISTRICT,
    ),
    Rule(
        Fault.ROLLOUT,
        "批量操作停下了",
        Urgency.TODAY,
        "失败的终端超过了容许的数目，其余的没有动。到“批量更新”看失败的原因，再决定继续还是取消。",
        about=About.ROLLOUT,
    ),
)
DEVICE_RULES = (
    _listed(
        Fault.OFFLINE,
        Kind.OFFLINE,
        Urgency.TODAY,
        judges.offline,
        phrases.away,
        calm=2 * MINUTE,
    ),
    _listed(
        Fault.READER,
        Kind.READER,
        Urgency.NOW,
        by_health(lambda health, _now, _open: bool(judges.dead_readers(health))),
        silent_parts(judges.dead_readers),
        hold=2 * MINUTE,
    ),
    _listed(
        Fault.FROZEN,
        Kind.FROZEN,
        Urgency.NOW,
        by_health(judges.frozen),
        with_health(phrases.frame),
        hold=MINUTE,
    ),
    _listed(
        Fault.PAPER,
        Kind.PAPER,
        Urgency.SOON,
        by_health(lambda health, _now, _open: bool(judges.papers(health))),
        with_health(phrases.paper),
        hold=2 * MINUTE,
    ),
    Rule(
        Fault.PART,
        "设备没有反应",
        Urgency.TODAY,
        "请中心的人检查电源和插头；在终端页面做一次远程自检，看哪里坏了。",
        hold=5 * MINUTE,
        judge=by_health(lambda health, _now, _open: bool(judges.other_dead_parts(health))),
        says=silent_parts(judges.other_dead_parts),
    ),
    _listed(
        Fault.DOOR,
        Kind.DOOR,
        Urgency.TODAY,
        by_health(lambda health, _now, _open: bool(health.doors_open)),
        with_health(phrases.doors),
        hold=5 * MINUTE,
    ),
    _listed(
        Fault.OUTBOX,
        Kind.BACKLOG,
        Urgency.TODAY,
        by_health(judges.piled_up),
        with_health(phrases.backlog),
        hold=5 * MINUTE,
    ),
    _listed(
        Fault.HOT,
        Kind.HOT,
        Urgency.TODAY,
        by_machine(judges.hot),
        with_health(phrases.heat),
        hold=5 * MINUTE,
        calm=5 * MINUTE,
    ),
    _listed(
        Fault.POWER,
        Kind.POWER,
        Urgency.TODAY,
        by_machine(judges.strained),
        always("主机说电压不足"),
        hold=MINUTE,
        calm=10 * MINUTE,
    ),
    _listed(
        Fault.CLOCK,
        Kind.CLOCK,
        Urgency.TODAY,
        by_machine(judges.clock_off),
        with_health(phrases.clock),
        hold=15 * MINUTE,
        calm=5 * MINUTE,
    ),
    _listed(
        Fault.DISK_FULL,
        Kind.DISK,
        Urgency.TODAY,
        by_machine(judges.full),
        with_health(phrases.disk),
        hold=5 * MINUTE,
    ),
    _listed(
        Fault.DISK_WORN,
        Kind.WORN,
        Urgency.SOON,
        by_machine(judges.worn),
        with_health(phrases.wear),
        hold=5 * MINUTE,
    ),
    Rule(
        Fault.CERTIFICATE,
        "证书快到期",
        Urgency.TODAY,
        "证书本来会自动更新：看终端能不能用 HTTPS 打开账本、时钟准不准。到期以后就连不上了。",
        judge=judges.certificate_ends,
        says=phrases.certified,
    ),
    _listed(
        Fault.RESTARTS,
        Kind.RESTARTING,
        Urgency.NOW,
        by_health(judges.restarting),
        always(f"一小时里至少重启了 {RESTARTS} 次"),
    ),
    _listed(
        Fault.TWICE,
        Kind.TWICE,
        Urgency.NOW,
        lambda one, _now, _open: one.twice > 0,
        always("两台机器用同一个名称在说话"),
    ),
    _listed(
        Fault.QUARANTINED,
        Kind.QUARANTINED,
        Urgency.NOW,
        lambda one, _now, _open: one.quarantined,
        always("账本暂时不收它的消息"),
    ),
)
RULES = DISTRICT_RULES + DEVICE_RULES
RULE = {rule.fault: rule for rule in RULES}
