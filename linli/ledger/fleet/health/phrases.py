"""What is wrong with a terminal and what to do about it, in words for whoever looks after two
hundred of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from linli.ledger.fleet.health.problems import Kind, Problem


@dataclass(frozen=True, slots=True)
class Told:
    """`title` is a few words, `remedy` a sentence or two."""

    title: str
    remedy: str


TITLES = {
    Kind.OFFLINE: "离线",
    Kind.SILENT: "连着网，但没有消息",
    Kind.TWICE: "一个身份两处在用",
    Kind.QUARANTINED: "隔离中",
    Kind.READER: "读卡器没有反应",
    Kind.FROZEN: "画面停住不动",
    Kind.RESTARTING: "反复重启",
    Kind.POWER: "电源电压不足",
    Kind.HOT: "温度过高",
    Kind.DISK: "磁盘快满",
    Kind.DOOR: "柜门开着",
    Kind.LOCKER: "兑换柜没有反应",
    Kind.BOARD: "控制板没有反应",
    Kind.PAPER: "打印机没纸",
    Kind.PRINTER: "打印机有故障",
    Kind.CLOCK: "时钟不准",
    Kind.BACKLOG: "记录积压",
    Kind.SCANNER: "扫码器没有反应",
    Kind.DISPLAY: "屏幕没有接上",
    Kind.SOUND: "没有声音",
    Kind.WORN: "存储卡快用坏",
}
REMEDIES = {
    Kind.OFFLINE: "先问中心：停电、断网了吗？都没有，断电十秒再通电。离线时照常刷卡，记录不丢。",
    Kind.SILENT: "远程重启程序；还不行，重启主机。",
    Kind.TWICE: "打开它的页面，按说明到现场看有几台。",
    Kind.QUARANTINED: "它的消息多到不正常，说什么都不入账。打开它的页面，查清以后解除。",
    Kind.READER: "请中心的人拔插一次读卡器的线；还不行，远程自检，再换读卡器。",
    Kind.FROZEN: "一般一分钟内会自己重启；没有的话，远程重启主机。",
    Kind.RESTARTING: "打开它的页面看原因，收集一份日志；刚更新过的，退回上一版。",
    Kind.POWER: "换原装电源和短一点的电源线：电压不足会写坏存储卡。",
    Kind.HOT: "请中心的人看通风口是否被挡、风扇转不转。",
    Kind.DISK: "收集一份日志看是什么占了地方；存储卡太小就换大的。写满以后就不能刷卡了。",
    Kind.DOOR: "请中心的人看一眼柜子，把门关上。",
    Kind.LOCKER: "请中心的人看锁控板的电源和数据线。修好以前，柜子不能兑换。",
    Kind.BOARD: "请中心的人拔插控制板的 USB 线；还不行，断电十秒。",
    Kind.PAPER: "请中心的人换一卷热敏纸。没纸也能兑换，只是没有小票。",
    Kind.PRINTER: "请中心的人看盖子是否合上、有没有卡纸、电源亮不亮。",
    Kind.CLOCK: "看中心的网络让不让校时（NTP）。时钟准以前的刷卡，审核时会标出来。",
    Kind.BACKLOG: "网络太慢，或者账本没有确认。看“搁置的消息”。"
    "记录都在终端里，没有丢：不要重装，也不要换存储卡。",
    Kind.SCANNER: "请中心的人拔插一次扫码器的线。",
    Kind.DISPLAY: "请中心的人看屏幕的电源和 HDMI 线。",
    Kind.SOUND: "看音量设置，再请中心的人看音箱的线。",
    Kind.WORN: "尽快换一张新的存储卡，换以前先收齐记录。",
}
WORDS = {
    "paper-low": "纸快用完",
    "cover-open": "盖子开着",
    "cutter-jammed": "切刀卡住",
    "never": "登记以后从没连上过",
}
NEVER = "从没连上过"
NEVER_REMEDY = "登记以后还没有连上过。请中心的人看它是否通电、联网。"


def told(problem: Problem) -> Told:
    """Of one problem."""
    kind, title = problem.kind, TITLES[problem.kind]
    remedy = REMEDIES[kind]
    if kind is Kind.OFFLINE and problem.word == "never":
        return Told(NEVER, NEVER_REMEDY)
    if kind is Kind.DOOR:
        title = f"{problem.subject} 号柜门开着"
    elif kind is Kind.PAPER and problem.word == "paper-low":
        title = "打印纸快用完"
    elif kind is Kind.PRINTER and problem.word in WORDS:
        title = f"打印机{WORDS[problem.word]}"
    return Told(title, remedy)


def lasting(span: dt.timedelta) -> str:
    """How long, by its largest unit: 3 分钟, 2 小时, 5 天."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return "不到 1 分钟"


PARTS = {
    "reader": "读卡器",
    "scanner": "扫码器",
    "printer": "打印机",
    "board": "控制板",
    "locker": "兑换柜",
    "display": "屏幕",
    "sound": "音箱",
}
PART_STATES = {"working": "正常", "warning": "要注意", "off": "不能用", "absent": "没有装"}
REASONS = {
    "frozen": "画面停住，被自动重启",
    "no-window": "启动时没有出画面，被自动重启",
    "not-confirmed": "新版本试用没有通过，被结束",
    "asked": "有人要求重启",
    "": "断电或主机重启",
}
STRAINS = {
    "under-voltage": "电压不足",
    "capped": "频率受限",
    "throttled": "正在降速",
    "soft-limit": "接近温度上限",
}
HAPPENED = {
    "online": "连上了",
    "offline": "断开了",
    "started": "程序重新启动",
    "version": "换了版本",
    "firmware": "控制板换了固件",
}


def why(reason: str) -> str:
    """Of a program's end, as its supervisor names it."""
    if reason in REASONS:
        return REASONS[reason]
    word, _, number = reason.partition(" ")
    return {"signal": f"程序被系统终止（信号 {number}）", "exit": f"程序出错退出（{number}）"}.get(
        word, reason
    )


def happened(what: str, subject: str, detail: str) -> str:
    """One line of a terminal's history."""
    if what in ("began", "ended"):
        kind, _, which = subject.partition(":")
        if kind not in TITLES:
            return subject
        title = told(Problem(Kind(kind), which, detail)).title
        return title if what == "began" else f"恢复：{title}"
    said = HAPPENED.get(what, what)
    if what == "started":
        return f"{said}：{why(subject)}"
    return f"{said}：{detail} → {subject}" if subject else said
