"""Neighbours' stories in the console: one writes, another approves."""

from __future__ import annotations

import re

import pytest
from httpx2 import Response

from linli.ledger.people.consenting import set_consent
from linli.ledger.people.tree import NewOrg, add_orgs
from linli.ledger.schema import story
from linli.ledger.staff.roles import Role
from linli.ledger.stories.writing import Draft, write
from tests.unit.ledger.web.site import Browser, VillageSite

STORIES = "/console/stories"
WORDS = {"title": "三楼的灯", "text": "她每天看灯", "account": "a5"}


@pytest.fixture
def clerk(site: VillageSite) -> Browser:
    return site.log_in(Role.CLERK)


@pytest.fixture
def leader(site: VillageSite) -> Browser:
    return site.log_in(Role.LEADER)


def written(browser: Browser, **changed: str) -> Response:
    return browser.submit(f"{STORIES}/new", {**WORDS, **changed})


def number_of(site: VillageSite) -> str:
    return str(site.village.rows(story)[-1].number)


def put_up(browser: Browser, number: str) -> Response:
    return browser.submit(f"{STORIES}/approve", {"number": number}, seen=STORIES)


def taken_off(browser: Browser, number: str, why: str = "本人要求") -> Response:
    return browser.submit(f"{STORIES}/down", {"number": number, "why": why}, seen=STORIES)


def test_one_writes_another_approves_and_everybody_reads(
    site: VillageSite, clerk: Browser, leader: Browser
) -> None:
    assert "请另一位同事复核" in written(clerk).text
    number = number_of(site)
    assert "您写的，由别人复核" in clerk.text(STORIES)
    own = put_up(clerk, number)
    assert own.status_code == 409
    assert "请另一位同事复核" in own.text
    assert "三楼的灯" not in site.browser().text("/c/village/stories")
    assert "正在电子屏和网页上展示" in put_up(leader, number).text
    assert "三楼的灯" in site.browser().text("/c/village/stories")
    assert site.poked == 1
    assert site.audited()[-2:] == [f"write story {number}", f"approve story {number}"]


def test_approving_twice_is_approving_once(
    site: VillageSite, clerk: Browser, leader: Browser
) -> None:
    written(clerk)
    number = number_of(site)
    assert put_up(leader, number).status_code == 200
    assert put_up(leader, number).status_code == 200
    assert site.audited().count(f"approve story {number}") == 1
    late = put_up(site.log_in(Role.MEMBER), number)
    assert late.status_code == 409
    assert "已经由 leader 复核过了" in late.text


def test_saving_twice_is_one_story(site: VillageSite, clerk: Browser) -> None:
    written(clerk)
    written(clerk)
    assert len(site.village.rows(story)) == 1


def test_a_story_is_taken_down_with_a_reason(
    site: VillageSite, clerk: Browser, leader: Browser
) -> None:
    written(clerk)
    number = number_of(site)
    put_up(leader, number)
    assert taken_off(clerk, number, "").status_code == 422
    assert "已撤下" in taken_off(clerk, number).text
    assert "三楼的灯" not in site.browser().text("/c/village/stories")
    assert put_up(leader, number).status_code == 409
    assert "本人要求" in clerk.text(f"{STORIES}?state=down")


def test_without_consent_it_is_not_offered_for_approval(
    site: VillageSite, clerk: Browser, leader: Browser
) -> None:
    written(clerk)
    with site.engine.begin() as connection:
        set_consent(connection, "a5", site.village.now, agreed=False)
    page = leader.text(STORIES)
    assert "本人不同意公开姓名，不展示" in page
    assert "读过了，可以展示" not in page
    answer = put_up(leader, number_of(site))
    assert answer.status_code == 409
    assert "没有同意公开姓名" in answer.text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"title": ""}, "标题现在是 0 个字，请写 1 到 24 个字"),
        ({"text": "长" * 181}, "正文现在是 181 个字，请写 1 到 180 个字"),
        ({"text": "电话 13800001234"}, "电话或证件号码"),
        ({"account": "nobody"}, "没有账号 nobody"),
        ({"certificate": "2026-village-009"}, "没有颁过"),
        ({"activity": "nothing"}, "不是本社区"),
    ],
)
def test_what_cannot_be_kept_says_why_and_keeps_what_was_typed(
    site: VillageSite, clerk: Browser, changed: dict[str, str], says: str
) -> None:
    answer = written(clerk, **changed)
    assert answer.status_code == 422
    assert says in answer.text
    assert "三楼的灯" in answer.text or "title" in changed
    assert not site.village.rows(story)


def test_words_are_shown_as_they_are(site: VillageSite, clerk: Browser) -> None:
    written(clerk, title="<b>灯😀</b>", text="她'\"><script>alert(1)</script>𠅤")
    page = clerk.text(STORIES)
    assert "&lt;b&gt;灯😀&lt;/b&gt;" in page
    assert re.search(r"<script>alert", page) is None
    assert "𠅤" in page


def test_an_auditor_reads_and_writes_nothing(site: VillageSite, clerk: Browser) -> None:
    written(clerk)
    auditor = site.log_in(Role.AUDITOR)
    page = auditor.text(STORIES)
    assert "三楼的灯" in page
    assert "写一个故事" not in page
    assert auditor.get(f"{STORIES}/new").status_code == 403
    assert put_up(auditor, number_of(site)).status_code == 403


def test_another_communitys_story_is_left_alone(site: VillageSite, leader: Browser) -> None:
    with site.engine.begin() as connection:
        elsewhere = NewOrg("hupan", "street", "community", "湖畔社区")
        add_orgs(connection, [elsewhere], site.village.now)
        number = write(connection, "hupan", Draft("湖", "湖边"), "other", site.village.now)
    assert put_up(leader, str(number)).status_code == 404
    assert taken_off(leader, str(number)).status_code == 404
    assert put_up(leader, "x").status_code == 422
