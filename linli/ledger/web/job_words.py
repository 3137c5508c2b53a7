"""What pages call jobs at terminals: what is asked, how it stands, and why it ended so."""

from __future__ import annotations

from collections import Counter

from linli.ledger.fleet.jobs.reading import Job, Rollout
from linli.ledger.fleet.jobs.rollouts import RolloutState
from linli.sync.job_messages import (
    CollectLogs,
    Maintain,
    Part,
    Restart,
    Screenshot,
    SelfTest,
    ShowMessage,
    Task,
    UpdateApp,
    UpdateFirmware,
)
from linli.sync.jobs import JobState

PART = {Part.APP: "重启程序", Part.HOST: "重启主机", Part.BOARD: "重启控制板"}
STATE = {
    JobState.QUEUED: "等终端来取",
    JobState.IN_PROGRESS: "正在做",
    JobState.SUCCEEDED: "做好了",
    JobState.FAILED: "没有做成",
    JobState.TIMED_OUT: "超过时间",
    JobState.REJECTED: "终端做不了",
    JobState.CANCELED: "已取消",
    JobState.ROLLED_BACK: "没有成功，已恢复原样",
}
CHIP = {
    JobState.QUEUED: "",
    JobState.IN_PROGRESS: "warn",
    JobState.SUCCEEDED: "good",
    JobState.CANCELED: "",
}
"""All others are bad."""
REASON = {
    "waits-for-clock": "终端的时钟还没有校准，校准以后再看要不要做",
    "somebody-there": "有人正在用终端，等没人的时候做",
    "expired": "终端收到的时候，已经过了有效时间",
    "deadline": "做了太久，还没有做完",
    "away": "有效时间过了，终端一直没有消息：多半是断网或者没有通电",
    "silent": "开始以后，终端一直没有消息：多半是断网或者没有通电",
    "retired": "终端已经停用",
    "canceled": "",
    "unknown-task": "终端的程序版本太旧，不认识这项操作",
    "not-saved": "终端的存储卡写不进去，多半是满了或者坏了",
    "no-access": "终端没有权限或者打不开文件",
    "fault": "终端的程序出了错，请收集日志",
    "interrupted": "做到一半中断了（停电，或者程序重启）",
    "too-large": "内容太大",
    "not-uploaded": "结果一直传不上来，多半是网络不好",
    "not-taken": "结果没有收下，对不上",
    "no-host-restart": "这台终端没有装好重启主机要用的服务",
    "no-releases": "这台终端没有设置从哪里取新版本",
    "no-root": "这台终端没有核对新版本用的根文件",
    "no-https": "取新版本的地址要用 https",
    "no-launcher": "这台终端不是用安装包启动的，换不了版本",
    "no-board": "这台终端没有接控制板",
    "board": "控制板没有照做，请看接线",
    "older": "这个版本比正在用的还旧",
    "not-signed": "新版本的签名不对，没有安装",
    "damaged": "下载的新版本不完整，没有安装",
    "malformed": "新版本的文件格式不对，没有安装",
    "wrong-machine": "没有发布适合这种机器的版本",
    "not-offered": "发布的不是这个版本，请核对版本号",
    "not-reached": "连不上发布新版本的服务器",
    "no-room": "存储空间不够，装不下新版本",
    "disk": "读写存储卡出错",
    "refused": "这个版本之前试用没有通过，终端不再装它",
    "standing-unreadable": "终端记录版本的文件读不出来",
    "not-installed": "新版本没有装上",
    "not-running": "装上了，但没有换到新版本",
    "did-not-start": "新版本启动不了",
    "fell": "新版本启动后自己退出",
    "hung": "新版本启动后画面不动了",
    "no-window": "新版本没有显示出画面",
    "not-confirmed": "新版本试用没有通过",
    "board-silent": "控制板没有应答",
    "board-refuses": "控制板没有接受新固件",
    "reverted": "新固件没有通过自检，控制板已换回原来的",
    "left": "更新到一半停下了",
}
DETAIL = {"blurred": "个人信息已模糊", "agreed": "现场的人同意看清"}
"""How a screen was shown."""
UPDATE_EXPIRED = "发布信息过期了，请重新签发"
"""`expired` where an update failed, rather than where a job came too late."""
ROLLOUT = {
    RolloutState.RUNNING: ("正在进行", "warn"),
    RolloutState.HELD: ("已暂停", "warn"),
    RolloutState.STOPPED: ("失败太多，自己停下了", "bad"),
    RolloutState.CANCELED: ("已取消", ""),
    RolloutState.OVER: ("已完成", "good"),
}
SUBJECT = {
    "settings": "设置",
    "power": "电源",
    "disk": "存储",
    "database": "数据库",
    "fonts": "字体",
    "clock": "时钟",
    "network": "网络",
    "broker": "消息服务",
    "ledger": "账本",
    "display": "屏幕",
    "plugged-in": "USB 设备",
    "reader": "读卡器",
    "locker": "兑换柜",
    "printer": "打印机",
    "sound": "音箱",
}
FOUND = {
    "well": ("正常", "good"),
    "absent": ("未配置", ""),
    "untried": ("没有测试", ""),
    "notice": ("请留意", "warn"),
    "broken": ("要处理", "bad"),
}


def task(asked: Task) -> str:
    match asked:
        case Restart(part=part):
            return PART[part]
        case SelfTest():
            return "自检"
        case CollectLogs(follow_s=0):
            return "收集日志"
        case CollectLogs(follow_s=follow_s):
            return f"看实时日志（{follow_s // 60} 分钟）"
        case Screenshot(clear=clear):
            return "清晰截屏（先问现场）" if clear else "截屏"
        case ShowMessage(zh=zh):
            return f"屏幕留言：{zh}" if zh else "收起屏幕留言"
        case Maintain(on=on):
            return "进入维护模式" if on else "结束维护模式"
        case UpdateApp(version=version):
            return f"更新程序到 {version}"
        case UpdateFirmware(version=version):
            return f"更新控制板固件到 {version}"


def state(job: Job) -> str:
    if job.leaving:
        return "正在取消"
    return STATE[job.state]


def chip(state: JobState) -> str:
    return CHIP.get(state, "bad")


def counted(of: Rollout, wave: list[str]) -> list[tuple[str, str, int]]:
    """How many of a wave stand how: words, the chip's kind, and their number, the worst first."""
    jobs = [of.jobs.get(name) for name in of.in_order(wave)]
    told = [("还没轮到", "") if job is None else (state(job), chip(job.state)) for job in jobs]
    return [(*one, number) for one, number in Counter(told).items()]


def why(job: Job) -> str:
    """In plain words; a word that this program does not know stands for itself."""
    if job.reason == "expired" and job.state is JobState.FAILED:
        return UPDATE_EXPIRED
    return REASON.get(job.reason, job.reason)


def detail(job: Job) -> str:
    return DETAIL.get(job.detail, job.detail)
