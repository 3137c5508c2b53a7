"""What is an alert: for each fault when it begins and ends, how urgent it is, what it says and
what is to be done about it. Pure.

A rule's `judge` says whether the fault is there: `True`, `False`, or None where nobody can tell, as
the device is away. It is told whether the alert is open already: what begins at one value ends at
another one, so that a temperature about the limit is one alert.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from linli.ledger.alerts.observed import About, Observed
from linli.ledger.alerts.outages import AWAY_AFTER
from linli.ledger.fleet.health.problems import (
    BACKLOG,
    BACKLOG_S,
    FROZEN_S,
    HOT_C,
    RESTARTS,
    RESTARTS_WITHIN,
    WORN_PERCENT,
)
from linli.sync.health_messages import Health, MachineHealth, PartHealth, PartState
from linli.sync.periods import SHANGHAI

Judge = Callable[[Observed, dt.datetime, bool], bool | None]
Says = Callable[[Observed, dt.datetime], str]
MINUTE = dt.timedelta(minutes=1)
OUTBOX_CALM = 20
COOL_C = 72.0
CLOCK_OFF_MS = 60_000.0
FULL_SHARE, FULL_MB = 0.10, 300
"""Of the disk that is free; half as much again ends it."""
CERTIFICATE_LEFT = dt.timedelta(days=7)
MOST_NAMED = 3


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
    todo: str
    hold: dt.timedelta = dt.timedelta()
    calm: dt.timedelta = MINUTE
    about: About = About.TERMINAL
    judge: Judge | None = None
    says: Says | None = None


# --- when ------------------------------------------------------------------------------------


def _by_health(judge: Callable[[Health, dt.datetime, bool], bool]) -> Judge:
    """Of what only the device itself knows: its last word counts while it is there."""

    def judged(one: Observed, now: dt.datetime, is_open: bool) -> bool | None:
        if one.health is None or not one.fresh:
            return None
        return judge(one.health, now, is_open)

    return judged


def _by_machine(judge: Callable[[MachineHealth, bool], bool]) -> Judge:
    return _by_health(lambda health, _now, is_open: judge(health.machine, is_open))


def _offline(one: Observed, now: dt.datetime, is_open: bool) -> bool:
    if one.away_since is None:
        return False
    return is_open or now - one.away_since >= AWAY_AFTER


def _outbox(health: Health, _now: dt.datetime, is_open: bool) -> bool:
    most = OUTBOX_CALM if is_open else BACKLOG
    return health.outbox > most or health.outbox_oldest_s > BACKLOG_S


def _hot(machine: MachineHealth, is_open: bool) -> bool:
    return machine.celsius is not None and machine.celsius >= (COOL_C if is_open else HOT_C)


def _clock(machine: MachineHealth, _is_open: bool) -> bool:
    off = machine.clock_offset_ms
    return not machine.clock_good or (off is not None and abs(off) > CLOCK_OFF_MS)


def _full(machine: MachineHealth, is_open: bool) -> bool:
    free, total = machine.disk_free_mb, machine.disk_total_mb
    if free is None:
        return False
    more = 1.5 if is_open else 1.0
    return free < FULL_MB * more or (total is not None and free < total * FULL_SHARE * more)


def _worn(machine: MachineHealth, _is_open: bool) -> bool:
    return machine.disk_worn_percent is not None and machine.disk_worn_percent >= WORN_PERCENT


def _restarting(health: Health, now: dt.datetime, is_open: bool) -> bool:
    lately = sum(now - RESTARTS_WITHIN <= one.at <= now + MINUTE for one in health.restarts)
    return lately >= (1 if is_open else RESTARTS)


def _certificate(one: Observed, now: dt.datetime, _is_open: bool) -> bool:
    return one.certified_until is not None and one.certified_until - now < CERTIFICATE_LEFT


def _off_parts(health: Health) -> list[PartHealth]:
    return [one for one in health.parts if one.state is PartState.OFF]


def _readers(health: Health) -> list[PartHealth]:
    return [one for one in _off_parts(health) if one.what == "reader"]


def _others(health: Health) -> list[PartHealth]:
    return [one for one in _off_parts(health) if one.what != "reader" and not _no_paper(one)]


def _no_paper(one: PartHealth) -> bool:
    fit = one.state in (PartState.WORKING, PartState.ABSENT)
    return one.what == "printer" and one.problem.startswith("paper") and not fit


# --- in words --------------------------------------------------------------------------------

_PART = {
    "reader": "读卡器",
    "scanner": "扫码器",
    "printer": "打印机",
    "board": "控制板",
    "locker": "兑换柜",
    "display": "屏幕",
    "sound": "音箱",
}


def _with_health(says: Callable[[Health], str]) -> Says:
    return lambda one, _now: says(one.health) if one.health is not None else ""


def _named(parts: list[PartHealth]) -> str:
    names = [_plain(f"{_PART.get(one.what, one.what)} {one.name}") for one in parts]
    more = f"等 {len(names)} 个" if len(names) > MOST_NAMED else ""
    return f"{'、'.join(names[:MOST_NAMED])}{more} 没有反应"


def _plain(text: str) -> str:
    """What a device calls something goes into messages: nothing in it that breaks a line."""
    return "".join(c for c in text if c.isprintable())[:40].strip()


def _away(one: Observed, _now: dt.datetime) -> str:
    return f"从 {local(one.away_since)} 起没有消息" if one.away_since else ""


def _piled(health: Health) -> str:
    oldest = health.outbox_oldest_s / 60
    long = f"{oldest / 60:.0f} 小时" if oldest >= 120 else f"{oldest:.0f} 分钟"
    return f"{health.outbox} 条记录还没有送到账本，最早的等了 {long}"


def _free(health: Health) -> str:
    return f"只剩 {health.machine.disk_free_mb or 0:,} MB"


def _off_by(health: Health) -> str:
    off = health.machine.clock_offset_ms
    if off is None or not health.machine.clock_good:
        return "终端不知道准确的时间"
    return f"差了 {abs(off) / 1000:,.0f} 秒"


def _doors(health: Health) -> str:
    numbers = [str(number) for number in health.doors_open]
    more = f"等 {len(numbers)} 扇" if len(numbers) > MOST_NAMED else ""
    return f"{'、'.join(numbers[:MOST_NAMED])} 号门{more}开着"


def _until(one: Observed, now: dt.datetime) -> str:
    if one.certified_until is None:
        return ""
    over = one.certified_until <= now
    return f"{'已在' if over else '将在'} {local(one.certified_until)} 到期"


def local(moment: dt.datetime) -> str:
    """11-28 14:05, in Asia/Shanghai."""
    return f"{moment.astimezone(SHANGHAI):%m-%d %H:%M}"


# --- the rules -------------------------------------------------------------------------------

RULES = (
    Rule(
        Fault.OFFLINE,
        "离线",
        Urgency.TODAY,
        "先问现场是不是停电、断网。网络正常还连不上，请现场的人断电重启一次。"
        "离线时照样刷卡，记录都在终端里，不会丢。",
        calm=2 * MINUTE,
        judge=_offline,
        says=_away,
    ),
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
        Fault.READER,
        "读卡器没有反应",
        Urgency.NOW,
        "请现场的人把读卡器的插头拔下再插紧；还不行就换一个读卡器，插上就能用。",
        hold=2 * MINUTE,
        judge=_by_health(lambda health, _now, _open: bool(_readers(health))),
        says=_with_health(lambda health: _named(_readers(health))),
    ),
    Rule(
        Fault.FROZEN,
        "画面不动了",
        Urgency.NOW,
        "程序会自己重启。反复这样，就在终端页面收集日志，再远程重启主机。",
        hold=MINUTE,
        judge=_by_health(lambda health, _now, _open: (health.frame_age_s or 0.0) >= FROZEN_S),
        says=_with_health(lambda health: f"画面已有 {health.frame_age_s or 0:.0f} 秒没有动"),
    ),
    Rule(
        Fault.PAPER,
        "打印机缺纸",
        Urgency.SOON,
        "请现场的人换一卷纸。没有小票时照样兑换。",
        hold=2 * MINUTE,
        judge=_by_health(lambda health, _now, _open: any(map(_no_paper, health.parts))),
        says=lambda _one, _now: "纸用完了",
    ),
    Rule(
        Fault.PART,
        "设备没有反应",
        Urgency.TODAY,
        "请现场的人检查电源和插头；在终端页面做一次远程自检，看哪里坏了。",
        hold=5 * MINUTE,
        judge=_by_health(lambda health, _now, _open: bool(_others(health))),
        says=_with_health(lambda health: _named(_others(health))),
    ),
    Rule(
        Fault.DOOR,
        "柜门没关",
        Urgency.TODAY,
        "请现场的人关好柜门，看看里面的东西还在不在。",
        hold=5 * MINUTE,
        judge=_by_health(lambda health, _now, _open: bool(health.doors_open)),
        says=_with_health(_doors),
    ),
    Rule(
        Fault.OUTBOX,
        "记录积压",
        Urgency.TODAY,
        "网络太慢，或者账本不收：看“搁置的消息”和这台终端的页面。不要重装、不要换存储卡，记录都在里面。",
        hold=5 * MINUTE,
        judge=_by_health(_outbox),
        says=_with_health(_piled),
    ),
    Rule(
        Fault.HOT,
        "温度过高",
        Urgency.TODAY,
        "看看通风口有没有堵住、风扇转不转、太阳是不是直晒。",
        hold=5 * MINUTE,
        calm=5 * MINUTE,
        judge=_by_machine(_hot),
        says=_with_health(lambda health: f"{health.machine.celsius or 0:.0f} °C"),
    ),
    Rule(
        Fault.POWER,
        "供电不足",
        Urgency.TODAY,
        "换用原装电源和短一些的电源线，拔掉多余的 USB 设备。电压不足会弄坏存储卡。",
        hold=MINUTE,
        calm=10 * MINUTE,
        judge=_by_machine(lambda machine, _open: bool(machine.throttled_now)),
        says=_with_health(
            lambda health: (
                "电压不足" if "under-voltage" in health.machine.throttled_now else "主机被迫降速"
            )
        ),
    ),
    Rule(
        Fault.CLOCK,
        "时钟不准",
        Urgency.TODAY,
        "中心的网络要放行对时（NTP）。时间不准时照样刷卡，但记录要人工复核。",
        hold=15 * MINUTE,
        calm=5 * MINUTE,
        judge=_by_machine(_clock),
        says=_with_health(_off_by),
    ),
    Rule(
        Fault.DISK_FULL,
        "存储快满了",
        Urgency.TODAY,
        "先收集日志，再看是什么占了空间。写满以后就不能刷卡了。",
        hold=5 * MINUTE,
        judge=_by_machine(_full),
        says=_with_health(_free),
    ),
    Rule(
        Fault.DISK_WORN,
        "存储卡快用坏了",
        Urgency.SOON,
        "准备一张新存储卡，按《更换终端》的步骤换上。",
        hold=5 * MINUTE,
        judge=_by_machine(_worn),
        says=_with_health(lambda health: f"已用掉寿命的 {health.machine.disk_worn_percent or 0}%"),
    ),
    Rule(
        Fault.CERTIFICATE,
        "证书快到期",
        Urgency.TODAY,
        "证书本来会自动更新：看终端能不能用 HTTPS 打开账本、时钟准不准。到期以后就连不上了。",
        judge=_certificate,
        says=_until,
    ),
    Rule(
        Fault.RESTARTS,
        "程序反复重启",
        Urgency.NOW,
        "在终端页面看每次重启的原因；刚更新过就退回原来的版本，否则收集日志。",
        judge=_by_health(_restarting),
        says=lambda _one, _now: f"一小时里至少重启了 {RESTARTS} 次",
    ),
    Rule(
        Fault.TWICE,
        "一个身份两处在用",
        Urgency.NOW,
        "存储卡可能被复制：在终端页面查看，弄清哪一台是真的，把另一台停用。",
        judge=lambda one, _now, _open: one.twice > 0,
        says=lambda _one, _now: "两台机器用同一个名称在说话",
    ),
    Rule(
        Fault.QUARANTINED,
        "已被隔离",
        Urgency.NOW,
        "它发来的东西不正常，账本暂时不收。在终端页面看原因，查清以后再放行。",
        judge=lambda one, _now, _open: one.quarantined,
        says=lambda _one, _now: "账本暂时不收它的消息",
    ),
    Rule(
        Fault.ROLLOUT,
        "批量操作停下了",
        Urgency.TODAY,
        "失败的终端超过了容许的数目，其余的没有动。到“批量更新”看失败的原因，再决定继续还是取消。",
        about=About.ROLLOUT,
    ),
)
RULE = {rule.fault: rule for rule in RULES}
DEVICE_RULES = tuple(rule for rule in RULES if rule.judge is not None)
