"""Surveys in the console: made, opened, and read when they are closed."""

from __future__ import annotations

from httpx2 import Response

from linli.ledger.people.checks import NewOrg
from linli.ledger.people.tree import add_orgs
from linli.ledger.staff.roles import Role
from linli.ledger.surveys.answering import answer
from linli.ledger.surveys.making import make
from linli.ledger.surveys.schema import survey, survey_question
from tests.unit.ledger.surveys.conftest import about
from tests.unit.ledger.village import PEOPLE
from tests.unit.ledger.web.site import Browser, VillageSite

SURVEYS = "/console/surveys"
ID = "2026-11-1"
TYPED = {
    "title": "应急值守该加分吗？",
    "scope": "village",
    "opens": "2026-11-24",
    "closes": "2026-11-30",
    "words:1": "加到 25 分，您赞成吗？",
    "kind:1": "scale",
    "item:1": "B05",
    "words:2": "什么时候最缺人？",
    "kind:2": "single",
    "choices:2": "白天\r\n夜里\r\n",
    "words:3": "",
    "kind:3": "scale",
}
A_DAY = 24 * 60


def made(browser: Browser, **fields: str) -> Response:
    return browser.submit(f"{SURVEYS}/new", {**TYPED, **fields})


def opened(browser: Browser, id_: str = ID) -> Response:
    return browser.submit(f"{SURVEYS}/{id_}/release", {}, seen=f"{SURVEYS}/new")


def answered(site: VillageSite, people: tuple[str, ...] = PEOPLE) -> None:
    with site.engine.begin() as connection:
        for account in people:
            answer(connection, ID, account, {1: 5, 2: 1}, site.clock.now())


def test_a_survey_is_made_and_opened(site: VillageSite) -> None:
    leader = site.log_in(Role.LEADER)
    page = made(leader).text
    assert "问卷已保存" in page
    assert "还没开放" in page
    assert [q.words for q in site.village.rows(survey_question)] == [
        "加到 25 分，您赞成吗？",
        "什么时候最缺人？",
    ]
    page = opened(leader).text
    assert "正在填写" in page
    assert f"http://testserver/me/surveys/{ID}" in page
    assert "修改</a>" not in page
    assert opened(leader, "2026-11-9").status_code == 404


def test_more_questions_come_without_losing_what_was_typed(site: VillageSite) -> None:
    leader = site.log_in(Role.LEADER)
    page = made(leader, more="1").text
    assert 'value="加到 25 分，您赞成吗？"' in page
    assert "第 5 题" in page
    assert not site.village.rows(survey)


def test_a_survey_that_nobody_could_answer_comes_back_as_it_was_typed(site: VillageSite) -> None:
    answer_ = made(site.log_in(Role.LEADER), **{"choices:2": "只有一个"})
    assert answer_.status_code == 422
    assert "第 2 题要有 2 到 12 个选项" in answer_.text
    assert 'value="应急值守该加分吗？"' in answer_.text


def test_it_can_be_changed_until_it_is_opened(site: VillageSite) -> None:
    leader = site.log_in(Role.LEADER)
    made(leader)
    edit = f"{SURVEYS}/{ID}/edit"
    assert 'value="什么时候最缺人？"' in leader.text(edit)
    assert "值守问卷" in leader.submit(edit, {**TYPED, "title": "值守问卷"}).text
    opened(leader)
    late = leader.submit(edit, {**TYPED, "title": "改不了"})
    assert late.status_code == 409
    assert "已经开放" in late.text


def test_results_come_after_the_close_and_can_be_exported(site: VillageSite) -> None:
    leader = site.log_in(Role.LEADER)
    made(leader)
    opened(leader)
    answered(site)
    page = leader.text(f"{SURVEYS}/{ID}")
    assert "6 份" in page
    assert "夜里</span>" not in page
    site.clock.pass_(minutes=7 * A_DAY)
    leader = site.log_in(Role.LEADER, "leader2", "a1")
    page = leader.text(f"{SURVEYS}/{ID}")
    assert "6 人，100%" in page
    exported = leader.get(f"{SURVEYS}/{ID}?format=csv").text
    assert "2,什么时候最缺人？,单选,,夜里,6,6" in exported


def test_a_few_answers_are_only_counted(site: VillageSite) -> None:
    leader = site.log_in(Role.LEADER)
    made(leader)
    opened(leader)
    answered(site, PEOPLE[:4])
    site.clock.pass_(minutes=7 * A_DAY)
    reader = site.log_in(Role.AUDITOR)
    assert "少于 5 人，为保护隐私不公布分布" in reader.text(f"{SURVEYS}/{ID}")
    exported = reader.get(f"{SURVEYS}/{ID}?format=csv").text
    assert "夜里" not in exported
    assert "2,什么时候最缺人？,单选,,,,4" in exported


def test_the_list_is_filtered_and_exported(site: VillageSite) -> None:
    leader = site.log_in(Role.LEADER)
    made(leader)
    assert "应急值守该加分吗？" in leader.text(f"{SURVEYS}?state=draft")
    assert "没有问卷" in leader.text(f"{SURVEYS}?state=open")
    assert "应急值守该加分吗？" in leader.get(f"{SURVEYS}?format=csv").text


def test_a_formula_in_a_title_is_text_in_an_export(site: VillageSite) -> None:
    leader = site.log_in(Role.LEADER)
    made(leader, title="=cmd|calc")
    assert "'=cmd|calc" in leader.get(f"{SURVEYS}?format=csv").text


def test_a_community_makes_no_survey_for_others(site: VillageSite) -> None:
    leader = site.log_in(Role.LEADER)
    assert made(leader, scope="street").status_code == 403
    with site.engine.begin() as connection:
        add_orgs(connection, [NewOrg("lake", "street", "community", "湖畔社区")], site.clock.now())
        make(connection, about(scope="lake"), "周主任", site.clock.now())
    assert opened(leader).status_code == 403
    assert leader.get(f"{SURVEYS}/{ID}/edit").status_code == 403


def test_a_clerk_reads_surveys_and_makes_none(site: VillageSite) -> None:
    made(site.log_in(Role.LEADER))
    clerk = site.log_in(Role.CLERK)
    assert "新建问卷" not in clerk.text(SURVEYS)
    assert "应急值守该加分吗？" in clerk.text(f"{SURVEYS}/{ID}")
    assert clerk.get(f"{SURVEYS}/new").status_code == 403
    answer_ = clerk.submit(f"{SURVEYS}/{ID}/release", {}, seen="/console")
    assert answer_.status_code == 403


def test_a_survey_thrown_away_is_gone_and_all_is_in_the_audit_log(site: VillageSite) -> None:
    leader = site.log_in(Role.LEADER)
    made(leader)
    path = f"{SURVEYS}/{ID}/discard"
    assert "问卷已作废" in leader.submit(path, {}, seen=f"{SURVEYS}/{ID}").text
    assert leader.get(f"{SURVEYS}/{ID}").status_code == 404
    assert {f"make survey {ID}", f"discard survey {ID}"} <= set(site.audited())
