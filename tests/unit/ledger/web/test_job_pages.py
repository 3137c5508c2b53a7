"""A maintainer helps a terminal from afar, and reads what came of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest
from doubles.databases import Databases, on_sqlite
from doubles.pictures import picture
from sqlalchemy import update

from linli.ledger.fleet.jobs.hearing import hear
from linli.ledger.fleet.jobs.reading import Job, jobs_of
from linli.ledger.fleet.jobs.schema import job as job_table
from linli.ledger.people.checks import NewOrg
from linli.ledger.people.tree import add_orgs
from linli.ledger.staff.accounts import NewWorker, hire
from linli.ledger.staff.roles import Role
from linli.ledger.web import job_words
from linli.sync.job_messages import (
    CollectLogs,
    JobResult,
    JobStatus,
    Screenshot,
    SelfTest,
    ShowMessage,
    digest_of_result,
    seal_result,
)
from linli.sync.jobs import OPEN, JobState
from tests.unit.ledger.village import KEY, NOW, Village
from tests.unit.ledger.web.site import Browser, VillageSite

ONE = "/console/terminals/one"
ASK, CANCEL, PAGE = f"{ONE}/jobs", f"{ONE}/jobs/cancel", f"{ONE}?name=t1"
JOB = "/console/terminals/job"
PNG = picture(8, 6)


class Helped:
    """A village whose terminal is looked after by one maintainer."""

    def __init__(self, site: VillageSite) -> None:
        self.site = site
        self.maintainer = site.log_in(Role.MAINTAINER)

    def asks(self, do: str, **fields: str) -> Job:
        answer = self.maintainer.submit(ASK, {"name": "t1", "do": do} | fields, seen=PAGE)
        assert answer.status_code == 200, answer.text
        assert "已发给 t1" in answer.text
        return self.job

    @property
    def job(self) -> Job:
        """The newest."""
        with self.site.engine.connect() as connection:
            return jobs_of(connection, "t1")[0]

    def says(self, state: JobState, reason: str = "", detail: str = "", data: bytes = b"") -> None:
        told = JobStatus(
            terminal="t1",
            id=self.job.id,
            state=state,
            at=NOW,
            reason=reason,
            detail=detail,
            result=digest_of_result(data) if data else "",
        )
        with self.site.engine.begin() as connection:
            hear(connection, told, self.site.clock.now())

    def brings(self, data: bytes, media_type: str) -> None:
        body = base64.b64encode(data).decode()
        told = JobResult(terminal="t1", id=self.job.id, at=NOW, media_type=media_type, data=body)
        url = f"/v1/terminals/t1/jobs/{self.job.id}/result"
        answer = self.site.browser().post(url, content=seal_result(told, KEY))
        assert answer.status_code == 200, answer.text
        self.says(JobState.SUCCEEDED, data=data)


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """One is enough: what the pages ask of the ledger is tried on both in `fleet`."""
    with on_sqlite(tmp_path_factory.mktemp("jobs"), Village) as made:
        yield made


@pytest.fixture
def helped(site: VillageSite) -> Helped:
    return Helped(site)


def elsewhere(site: VillageSite) -> Browser:
    """A maintainer of another community."""
    with site.engine.begin() as connection:
        add_orgs(connection, [NewOrg("lake", "street", "community", "湖畔社区")], NOW)
        worker = NewWorker("lake-m", "湖畔维护员", Role.MAINTAINER, "lake", None)
        hire(connection, worker, "lin-li-2026-xiangyang", NOW, must_change=False)
    browser = site.browser()
    browser.submit("/console/login", {"login": "lake-m", "password": "lin-li-2026-xiangyang"})
    return browser


def test_every_state_is_said_in_chinese() -> None:
    assert set(job_words.STATE) == set(JobState)
    assert {job_words.chip(state) for state in set(JobState) - set(job_words.CHIP)} == {"bad"}


def test_a_maintainer_restarts_a_program_and_reads_how_it_went(helped: Helped) -> None:
    job = helped.asks("restart-app")
    assert helped.site.poked
    assert helped.site.audited()[-1] == "ask t1: restart app"
    page = helped.maintainer.text(PAGE)
    assert "重启程序" in page
    assert "等终端来取" in page
    helped.says(JobState.QUEUED, reason="somebody-there")
    assert "有人正在用终端" in helped.maintainer.text(f"{ASK}?name=t1")
    helped.says(JobState.FAILED, reason="not-saved", detail="<b>")
    page = helped.maintainer.text(f"{JOB}?id={job.id}")
    assert "存储卡写不进去" in page
    assert "&lt;b&gt;" in page


def test_a_word_that_pages_do_not_know_stands_for_itself(helped: Helped) -> None:
    helped.asks("self-test")
    helped.says(JobState.REJECTED, reason="of-a-newer-terminal")
    assert "of-a-newer-terminal" in helped.maintainer.text(PAGE)


def test_a_job_is_canceled_once_and_its_end_is_the_terminals(helped: Helped) -> None:
    job = helped.asks("self-test")
    assert "正在取消" in helped.maintainer.submit(CANCEL, {"id": job.id}, seen=PAGE).text
    helped.says(JobState.SUCCEEDED)
    late = helped.maintainer.submit(CANCEL, {"id": job.id}, seen=PAGE)
    assert late.status_code == 409
    assert "已经结束，不能取消" in late.text
    assert "做好了" in helped.maintainer.text(PAGE)


def test_a_double_click_asks_once(helped: Helped) -> None:
    page = {"name": "t1", "do": "self-test", "once": "the-same"}
    for _ in range(2):
        helped.maintainer.submit(ASK, page, seen=PAGE)
    with helped.site.engine.connect() as connection:
        assert len(jobs_of(connection, "t1")) == 1


SLIPS = (
    ({"do": "dance"}, "请选择要做什么"),
    ({"do": "show-message", "zh": ""}, "留言请写 1 到"),
    ({"do": "show-message", "zh": "好", "message_hours": "0"}, "时间请写 1 到"),
    ({"do": "show-message", "zh": "一\n二", "message_hours": "1"}, "只能写一行"),
    ({"do": "update-app", "version": "-rf"}, "版本号请写成"),
)


def test_a_slip_is_said_at_once(helped: Helped) -> None:
    for fields, said in SLIPS:
        answer = helped.maintainer.submit(ASK, {"name": "t1"} | fields, seen=PAGE)
        assert answer.status_code == 422, fields
        assert said in answer.text


def test_a_message_holds_for_as_long_as_it_is_shown(helped: Helped) -> None:
    job = helped.asks("show-message", zh="今天停电", en="No power", message_hours="6")
    assert isinstance(job.task, ShowMessage)
    assert job.until == job.task.until
    assert "屏幕留言：今天停电" in helped.maintainer.text(PAGE)


def test_the_picture_of_a_screen_is_for_maintainers_and_each_look_is_audited(
    helped: Helped,
) -> None:
    job = helped.asks("screenshot")
    assert isinstance(job.task, Screenshot)
    helped.brings(PNG, "image/png")
    picture = f"{JOB}/picture?id={job.id}"
    assert picture in helped.maintainer.text(f"{JOB}?id={job.id}")
    answer = helped.maintainer.get(picture)
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    assert helped.site.audited()[-1] == "look at the screen of t1"
    assert helped.site.log_in(Role.AUDITOR).get(picture).status_code == 403
    other = elsewhere(helped.site)
    assert other.get(picture).status_code == 404
    assert other.get(f"{JOB}?id={job.id}").status_code == 404
    assert other.submit(CANCEL, {"id": job.id}, seen="/console/terminals").status_code == 404


def test_a_result_that_the_terminal_disowns_is_not_shown(helped: Helped) -> None:
    job = helped.asks("screenshot")
    helped.brings(PNG, "image/png")
    with helped.site.engine.begin() as connection:
        connection.execute(update(job_table).values(digest="0" * 64))
    assert "没有采用" in helped.maintainer.text(f"{JOB}?id={job.id}")
    assert helped.maintainer.get(f"{JOB}/picture?id={job.id}").status_code == 404


def test_a_self_test_is_read_in_plain_words_what_is_broken_first(helped: Helped) -> None:
    job = helped.asks("self-test")
    assert isinstance(job.task, SelfTest)
    rows = [
        {
            "subject": subject,
            "state": state,
            "says": {"zh_CN": f"{subject}说明"},
            "remedy": {"zh_CN": ""},
        }
        for subject, state in (("disk", "well"), ("printer", "broken"))
    ]
    helped.brings(json.dumps({"checks": rows}).encode(), "application/json")
    page = helped.maintainer.text(f"{JOB}?id={job.id}")
    assert page.index("printer说明") < page.index("disk说明")
    assert "打印机" in page
    assert helped.maintainer.get(f"{JOB}/file?id={job.id}").json() == {"checks": rows}


def test_a_self_test_that_is_none_is_offered_as_a_file(helped: Helped) -> None:
    for data in (b"{}", b'{"checks":[1]}', b'{"checks":[{"state":[]}]}', b"\xff"):
        job = helped.asks("self-test")
        helped.brings(data, "application/json")
        assert "结果读不懂" in helped.maintainer.text(f"{JOB}?id={job.id}"), data
        helped.site.clock.pass_(seconds=1)


def test_a_log_is_read_and_followed_while_new_lines_come(helped: Helped) -> None:
    job = helped.asks("follow-logs")
    assert isinstance(job.task, CollectLogs)
    assert job.state in OPEN
    helped.brings("一\n<b>二".encode(), "application/x-ndjson")
    helped.site.site.tail.add(job.id, 3, ["三", "四"])
    page = helped.maintainer.text(f"{JOB}?id={job.id}")
    assert "&lt;b&gt;二" in page
    assert "漏了 2 段" in page
    assert "lines?id=" in page
    assert "after=2" in page
    assert helped.site.audited()[-1] == "look at the log of t1"
    helped.site.site.tail.add(job.id, 4, ["五"])
    lines = helped.maintainer.text(f"{JOB}/lines?id={job.id}&after=2")
    assert "五" in lines
    assert "四" not in lines
    helped.site.clock.pass_(minutes=11)
    assert "hx-get" not in helped.maintainer.text(f"{JOB}/lines?id={job.id}&after=3")
