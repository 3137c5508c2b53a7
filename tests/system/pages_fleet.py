"""A fleet for pictures of pages: jobs of every kind at one terminal, and two roll-outs, of which
one goes on and one stopped."""

from __future__ import annotations

import datetime as dt
import itertools
import json

from doubles.pictures import picture
from sqlalchemy import Connection, Engine

from linli.ledger.fleet.jobs.giving import give
from linli.ledger.fleet.jobs.hearing import hear
from linli.ledger.fleet.jobs.results import take_result
from linli.ledger.fleet.jobs.rollouts import Plan, begin, in_waves, newest_jobs, running, step
from linli.ledger.terminals.registry import register
from linli.sync.job_messages import (
    CollectLogs,
    JobResult,
    JobStatus,
    Restart,
    Screenshot,
    SelfTest,
    ShowMessage,
    Task,
    UpdateApp,
    UpdateFirmware,
)
from linli.sync.jobs import JobState

BUSY = "yangguang-1"
NAMES = [f"yangguang-{n}" for n in range(31, 51)]
FINDINGS = (
    ("power", "notice", "开机以来出现过电压过低。", "请用原装电源和短电源线。"),
    ("disk", "well", "剩余 9.4 GB。", ""),
    ("clock", "well", "时间准确，有电池保持。", ""),
    ("reader", "well", "有应答。", ""),
    ("printer", "broken", "纸用完了。", "请装新纸卷，热敏面朝外，盖好上盖。"),
    ("locker", "absent", "本终端没有配置。", ""),
)


class PagesFleet:
    """Jobs are named j1, j2 … in the order in which they are given, roll-outs among them."""

    def __init__(self, engine: Engine, now: dt.datetime) -> None:
        self.now = now
        self._ids = map("j{}".format, itertools.count(1))
        with engine.begin() as connection:
            for number, name in enumerate(NAMES, 31):
                register(
                    connection,
                    name=name,
                    kind="terminal",
                    public_key=f"{number:064x}",
                    scope="yangguang",
                    centre="yangguang-centre",
                    now=now,
                )
            self._help_one(connection)
            self._roll_out(connection)

    def _help_one(self, connection: Connection) -> None:
        found = {"checks": [_row(*one) for one in FINDINGS]}
        lines = "\n".join(_line(self.now, n) for n in range(40))
        self._job(connection, SelfTest(), "application/json", json.dumps(found).encode())
        self._job(connection, Screenshot(), "image/png", picture())
        self._job(connection, CollectLogs(), "application/x-ndjson", lines.encode())
        self._job(connection, Restart(part="host"), state=JobState.FAILED, reason="interrupted")
        until = self.now + dt.timedelta(hours=6)
        self._job(connection, ShowMessage(zh="今天下午停电检修，请明天再来", until=until))
        self._job(connection, Restart(part="app"), state=JobState.QUEUED, reason="somebody-there")

    def _job(
        self,
        connection: Connection,
        task: Task,
        media_type: str = "",
        data: bytes = b"",
        state: JobState = JobState.SUCCEEDED,
        reason: str = "",
    ) -> None:
        self.now += dt.timedelta(minutes=1)
        until = self.now + dt.timedelta(hours=8)
        id_ = give(connection, BUSY, task, until, "郑浩", lambda: next(self._ids), self.now)
        if data:
            told = JobResult(terminal=BUSY, id=id_, at=self.now, media_type=media_type, data="")
            take_result(connection, told, data, self.now)
        self._say(connection, BUSY, id_, state, reason)

    def _say(
        self,
        connection: Connection,
        name: str,
        id_: str,
        state: JobState,
        reason: str = "",
        detail: str = "",
    ) -> None:
        told = JobStatus(
            terminal=name, id=id_, state=state, at=self.now, reason=reason, detail=detail
        )
        hear(connection, told, self.now)

    def _roll_out(self, connection: Connection) -> None:
        bad = (JobState.ROLLED_BACK, "no-window", "1.4.0 was started 3 times on trial (no-window)")
        good = (JobState.SUCCEEDED, "", "")
        for task, why, said in (
            (UpdateApp(version="1.4.0"), "修正签退时间的显示", bad),
            (UpdateFirmware(version="0.3.0"), "柜门卡住时多等一秒", good),
        ):
            plan = Plan(task, in_waves(NAMES, [1, 5]), 0, 48, why)
            id_ = begin(connection, plan, "郑浩", lambda: next(self._ids), self.now)
            self._ends(connection, id_, NAMES[0], JobState.SUCCEEDED)
            self._step(connection)
            self._ends(connection, id_, NAMES[1], JobState.IN_PROGRESS)
            self._ends(connection, id_, NAMES[2], JobState.SUCCEEDED)
            self._ends(connection, id_, NAMES[4], *said)
            self._step(connection)

    def _ends(
        self,
        connection: Connection,
        id_: str,
        name: str,
        state: JobState,
        reason: str = "",
        detail: str = "",
    ) -> None:
        found = newest_jobs(connection, id_)[name].id
        self._say(connection, name, found, state, reason, detail)

    def _step(self, connection: Connection) -> None:
        for one in running(connection):
            step(connection, one, lambda: next(self._ids), self.now)


def _row(subject: str, state: str, says: str, remedy: str) -> dict[str, object]:
    return {
        "subject": subject,
        "state": state,
        "says": {"zh_CN": says},
        "remedy": {"zh_CN": remedy},
    }


def _line(now: dt.datetime, number: int) -> str:
    at = (now - dt.timedelta(seconds=600 - number * 13)).isoformat(timespec="milliseconds")
    events = ("batch acknowledged", "reader answers again", "feed followed", "health told")
    told = {"at": at, "level": "info", "event": events[number % 4], "number": number}
    return json.dumps(told)
