"""What a maintainer asks of terminals: the form's fields become a task."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from linli.ledger.web.forms import Posted
from linli.ledger.web.refusals import Refused
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

LINES, FOLLOW_S = 500, 600
LONGEST_MESSAGE, MOST_HOURS = 60, 24 * 31
_VERSION = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.+_-]{0,47}$")
_Make = Callable[[Posted, dt.datetime], Task]


def task_of(form: Posted, now: dt.datetime) -> Task:
    """Raises Refused, in words."""
    make = _TASKS.get(form.text("do"))
    if make is None:
        raise Refused(422, "请选择要做什么。")
    return make(form, now)


def hours_of(form: Posted, field: str) -> int:
    """Raises Refused."""
    hours = form.whole(field)
    if not 1 <= hours <= MOST_HOURS:
        raise Refused(422, f"时间请写 1 到 {MOST_HOURS} 小时。")
    return hours


def _message(form: Posted, now: dt.datetime) -> Task:
    zh, en = form.text("zh"), form.text("en")
    if not 0 < len(zh) <= LONGEST_MESSAGE or len(en) > 2 * LONGEST_MESSAGE:
        raise Refused(422, f"留言请写 1 到 {LONGEST_MESSAGE} 个字，英文最多一倍长。")
    if any("\n" in text for text in (zh, en)):
        raise Refused(422, "留言只能写一行。")
    until = now + dt.timedelta(hours=hours_of(form, "message_hours"))
    return ShowMessage(zh=zh, en=en, until=until)


def _version(form: Posted) -> str:
    version = form.text("version")
    if not _VERSION.match(version):
        raise Refused(422, "版本号请写成 1.4.0 这样，和发布的一样。")
    return version


_TASKS: dict[str, _Make] = {
    "restart-app": lambda _form, _now: Restart(part=Part.APP),
    "restart-host": lambda _form, _now: Restart(part=Part.HOST),
    "restart-board": lambda _form, _now: Restart(part=Part.BOARD),
    "self-test": lambda _form, _now: SelfTest(),
    "collect-logs": lambda _form, _now: CollectLogs(lines=LINES),
    "follow-logs": lambda _form, _now: CollectLogs(lines=LINES, follow_s=FOLLOW_S),
    "screenshot": lambda _form, _now: Screenshot(),
    "screenshot-clear": lambda _form, _now: Screenshot(clear=True),
    "maintain-on": lambda _form, _now: Maintain(on=True),
    "maintain-off": lambda _form, _now: Maintain(on=False),
    "show-message": _message,
    "no-message": lambda _form, now: ShowMessage(zh="", until=now + dt.timedelta(days=1)),
    "update-app": lambda form, _now: UpdateApp(version=_version(form)),
    "update-firmware": lambda form, _now: UpdateFirmware(version=_version(form)),
}
