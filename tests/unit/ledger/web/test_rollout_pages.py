"""A maintainer rolls something out in waves, reads why one failed, and decides what then."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import event

from linli.ledger.fleet.jobs.hearing import hear
from linli.ledger.fleet.jobs.reading import Rollout, rollouts
from linli.ledger.fleet.jobs.rollouts import Plan, RolloutState, begin, running, step
from linli.ledger.fleet.jobs.watch import new_id
from linli.ledger.people.checks import NewOrg
from linli.ledger.people.tree import add_orgs
from linli.ledger.staff.accounts import NewWorker, hire
from linli.ledger.staff.roles import Role
from linli.ledger.terminals.registry import register
from linli.ledger.web import job_words
from linli.sync.job_messages import JobStatus, SelfTest, UpdateApp
from linli.sync.jobs import JobState
from tests.unit.ledger.village import NOW
from tests.unit.ledger.web.site import PASSWORD, Browser, VillageSite

LIST, NEW = "/console/rollouts", "/console/rollouts/new"
GIVEN = {
    "do": "update-app",
    "version": "1.4.0",
    "scope": "village",
    "waves": "1、其余",
    "first": "t2",
    "tolerated": "0",
    "hours": "48",
    "why": "修正显示",
    "password": PASSWORD,
}


class Fleet:
    """t1, t2 and t3 in the village, t4 at the lake."""

    def __init__(self, site: VillageSite) -> None:
        self.site, self.engine = site, site.engine
        with self.engine.begin() as connection:
            add_orgs(connection, [NewOrg("lake", "street", "community", "湖畔社区")], NOW)
            for number, name in enumerate(("t2", "t3", "t4"), 2):
                register(
                    connection,
                    name=name,
                    kind="terminal",
                    public_key=f"{number:064x}",
                    scope="lake" if name == "t4" else "village",
                    centre="centre",
                    now=NOW,
                )

    def maintainer(self, login: str, scope: str | None) -> Browser:
        with self.engine.begin() as connection:
            worker = NewWorker(login, f"{login}同志", Role.MAINTAINER, scope, None)
            hire(connection, worker, PASSWORD, NOW, must_change=False)
        browser = self.site.browser()
        browser.submit("/console/login", {"login": login, "password": PASSWORD})
        return browser

    @property
    def newest(self) -> Rollout:
        with self.engine.connect() as connection:
            return rollouts(connection, None)[0]

    def end(self, name: str, state: JobState, reason: str = "") -> None:
        told = JobStatus(
            terminal=name, id=self.newest.jobs[name].id, state=state, at=NOW, reason=reason
        )
        with self.engine.begin() as connection:
            hear(connection, told, NOW)
            for one in running(connection):
                step(connection, one, new_id, NOW)


@pytest.fixture
def fleet(site: VillageSite) -> Fleet:
    return Fleet(site)


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found is not None
    return found.group(1)


def test_every_state_of_a_roll_out_is_said_in_chinese() -> None:
    assert set(job_words.ROLLOUT) == set(RolloutState)


def test_a_roll_out_that_fails_stops_and_the_page_says_why(fleet: Fleet) -> None:
    browser = fleet.maintainer("one", "village")
    answer = browser.submit(NEW, GIVEN)
    assert "第 1 批 1 台已发出" in answer.text
    assert fleet.site.audited()[-1] == "roll out update-app 1.4.0 to 3"
    made = fleet.newest
    assert (made.task, made.waves) == (UpdateApp(version="1.4.0"), [["t2"], ["t1", "t3"]])
    fleet.end("t2", JobState.ROLLED_BACK, "no-window")
    page = browser.text(f"{LIST}/one?id={made.id}")
    assert "失败太多，自己停下了" in page
    assert "没有显示出画面" in page
    assert "继续，接受这 1 台失败" in page
    assert "1 台没有做成" in browser.text(f"{LIST}?q=1.4&state=stopped")
    assert "没有找到" in browser.text(f"{LIST}?state=over")
    assert "t2,没有成功，已恢复原样,新版本没有显示出画面" in browser.text(f"{LIST}?format=csv")
    fields = {"id": made.id, "seen": seen(page)}
    browser.submit(f"{LIST}/go-on", fields, seen=NEW)
    assert fleet.newest.state is RolloutState.RUNNING
    assert fleet.newest.wave == 2


def test_the_second_of_two_maintainers_is_told_that_what_they_saw_has_changed(
    fleet: Fleet,
) -> None:
    one, two = fleet.maintainer("one", "village"), fleet.maintainer("two", None)
    one.submit(NEW, GIVEN)
    id_ = fleet.newest.id
    fields = {"id": id_, "seen": seen(two.text(f"{LIST}/one?id={id_}"))}
    assert "已暂停" in one.submit(f"{LIST}/hold", fields, seen=NEW).text
    answer = two.submit(f"{LIST}/cancel", fields, seen=NEW)
    assert answer.status_code == 409
    assert "别人刚刚动过" in answer.text
    assert fleet.newest.state is RolloutState.HELD
    fields["seen"] = seen(two.text(f"{LIST}/one?id={id_}"))
    assert "已取消" in two.submit(f"{LIST}/cancel", fields, seen=NEW).text
    assert two.submit(f"{LIST}/go-on", fields | {"seen": "3"}, seen=NEW).status_code == 409


def test_a_maintainer_sees_and_chooses_only_what_they_look_after(fleet: Fleet) -> None:
    whole, village = fleet.maintainer("whole", None), fleet.maintainer("part", "village")
    assert "t4" in whole.text(NEW)
    assert "t4" not in village.text(NEW)
    refused = village.submit(NEW, GIVEN | {"first": "t4"})
    assert refused.status_code == 422
    assert "没有在用的终端" in refused.text
    answer = whole.submit(NEW, GIVEN | {"terminal": "t4"})
    assert "已发出" in answer.text
    id_ = fleet.newest.id
    assert fleet.newest.waves == [["t2"], ["t4", "t1", "t3"]]
    assert "更新程序到 1.4.0" not in village.text(LIST)
    assert village.get(f"{LIST}/one?id={id_}").status_code == 404
    fields = {"id": id_, "seen": "1"}
    assert village.submit(f"{LIST}/cancel", fields, seen=NEW).status_code == 404
    assert "更新程序到 1.4.0" in village.text("/console/terminals/one?name=t2")


def test_a_slip_in_the_plan_is_said_at_once(fleet: Fleet) -> None:
    browser = fleet.maintainer("one", "village")
    for fields, said in (
        ({"waves": "一台"}, "分批请写每批的台数"),
        ({"hours": "0"}, "时间请写 1 到"),
        ({"tolerated": "-1"}, "允许失败的台数请写"),
        ({"why": ""}, "写明为什么要做"),
        ({"scope": "", "first": ""}, "请选 1 到"),
        ({"version": ""}, "版本号请写成"),
    ):
        answer = browser.submit(NEW, GIVEN | fields)
        assert answer.status_code == 422, fields
        assert said in answer.text


def test_of_many_roll_outs_the_jobs_of_a_page_alone_are_read(fleet: Fleet) -> None:
    browser = fleet.maintainer("one", "village")
    with fleet.engine.begin() as connection:
        for number in range(22):
            plan = Plan(SelfTest(), [["t1"]], 0, 1, f"nr-{number}")
            begin(connection, plan, "m", new_id, NOW + dt.timedelta(seconds=number))
    read: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "FROM job " in statement.replace("\n", " "):
            read.append(statement)

    event.listen(fleet.engine, "before_cursor_execute", note)
    page = browser.text(LIST)
    event.remove(fleet.engine, "before_cursor_execute", note)
    assert "nr-21" in page
    assert "nr-1<" not in page
    assert len(read) == 20
