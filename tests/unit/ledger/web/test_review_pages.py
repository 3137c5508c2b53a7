"""The weekly review as its members and onlookers use it."""

from __future__ import annotations

import re

from httpx2 import Response

from linli.ledger.staff.roles import Role
from tests.unit.ledger.web.site import Browser, VillageSite

SEEN = re.compile(r'name="(seen:[^"]+)" value="([0-9a-f]+)"')


def patrol_of(site: VillageSite, who: str) -> None:
    village = site.village
    village.send(village.check_in(who, "patrol", "09:00"), village.sign_out(who, "patrol", "10:05"))


def marks(page: str) -> dict[str, str]:
    return dict(SEEN.findall(page))


def decide(browser: Browser, choice: str, reason: str = "") -> Response:
    """All that the queue offers."""
    seen = marks(browser.text("/console/review"))
    deeds = [name.removeprefix("seen:") for name in seen]
    fields = {**seen, "deed": deeds, "choice": choice, "reason": reason}
    return browser.submit("/console/review", fields)


def test_the_queue_says_who_did_what_when_and_where(site: VillageSite) -> None:
    patrol_of(site, "a5")
    page = site.log_in(Role.MEMBER).text("/console/review")
    assert all(word in page for word in ("张*5", "patrol", "09:00–10:05", "南门", "+10"))


def test_two_members_of_one_opinion_post_a_deed(site: VillageSite) -> None:
    patrol_of(site, "a5")
    assert "等其他成员" in decide(site.log_in(Role.LEADER), "post").text
    assert site.village.posted("a5") == 0
    assert "认定 1 件" in decide(site.log_in(Role.MEMBER), "post").text
    assert site.village.posted("a5") == 10
    assert site.poked == 2


def test_nobody_is_offered_their_own_deed(site: VillageSite) -> None:
    patrol_of(site, "a2")
    page = site.log_in(Role.MEMBER).text("/console/review")
    assert "您自己的事，由别人审" in page
    assert marks(page) == {}


def test_a_deed_that_changed_since_it_was_shown_is_looked_at_again(site: VillageSite) -> None:
    patrol_of(site, "a5")
    member = site.log_in(Role.MEMBER)
    seen = dict.fromkeys(marks(member.text("/console/review")), "0" * 16)
    deeds = [name.removeprefix("seen:") for name in seen]
    answer = member.submit("/console/review", {**seen, "deed": deeds, "choice": "post"})
    assert answer.status_code == 409
    assert "请刷新页面，重新看过再决定" in answer.text
    assert site.village.posted("a5") == 0


def test_two_members_who_decide_at_once_are_both_heard_once(site: VillageSite) -> None:
    patrol_of(site, "a5")
    leader, member = site.log_in(Role.LEADER), site.log_in(Role.MEMBER)
    third = site.log_in(Role.MEMBER, "third", "a3")
    late = marks(third.text("/console/review"))
    decide(leader, "post")
    decide(member, "post")
    deeds = [name.removeprefix("seen:") for name in late]
    answer = third.submit(
        "/console/review", {**late, "deed": deeds, "choice": "void", "reason": "x"}
    )
    assert answer.status_code == 409
    assert "已经审完" in answer.text
    assert site.village.posted("a5") == 10


def test_voiding_without_a_reason_is_asked_for_one(site: VillageSite) -> None:
    patrol_of(site, "a5")
    answer = decide(site.log_in(Role.MEMBER), "void")
    assert answer.status_code == 422
    assert "请填写理由" in answer.text


def test_choosing_nothing_says_so(site: VillageSite) -> None:
    patrol_of(site, "a5")
    answer = site.log_in(Role.MEMBER).submit("/console/review", {"choice": "post"})
    assert answer.status_code == 422
    assert "还没有选择" in answer.text


def test_a_returned_deed_comes_back_when_it_is_completed(site: VillageSite) -> None:
    patrol_of(site, "a5")
    decide(site.log_in(Role.LEADER), "return", "请补照片")
    decide(site.log_in(Role.MEMBER), "return", "请补照片")
    clerk = site.log_in(Role.CLERK)
    page = clerk.text("/console/returned")
    assert "请补照片" in page
    deed = re.findall(r'name="deed" value="([^"]+)"', page)[0]
    assert clerk.submit("/console/returned", {"deed": deed, "what": "照片已交"}).status_code == 200
    assert "已补充" in site.log_in(Role.MEMBER, "third", "a3").text("/console/review")


def test_an_auditor_reads_and_decides_nothing(site: VillageSite) -> None:
    patrol_of(site, "a5")
    auditor = site.log_in(Role.AUDITOR)
    page = auditor.text("/console/review")
    assert "张*5" in page
    assert marks(page) == {}
    fields = {"deed": "x", "choice": "post"}
    assert auditor.submit("/console/review", fields, seen="/console").status_code == 403


def test_a_clerk_does_not_see_the_queue(site: VillageSite) -> None:
    answer = site.log_in(Role.CLERK).get("/console/review")
    assert answer.status_code == 403
    assert "只对考评小组和监督员开放" in answer.text


def test_a_deeds_page_has_what_was_said_of_it(site: VillageSite) -> None:
    patrol_of(site, "a5")
    leader = site.log_in(Role.LEADER)
    decide(leader, "void", "没有到场")
    deed = next(iter(marks(leader.text("/console/review")))).removeprefix("seen:")
    page = site.log_in(Role.MEMBER).text(f"/console/review/deed?id={deed}")
    assert "没有到场" in page
    assert "居民代表" in page


def test_the_queue_is_exported_whole(site: VillageSite) -> None:
    patrol_of(site, "a5")
    member = site.log_in(Role.MEMBER)
    assert "张*5" in member.get("/console/review?format=csv").text
    assert member.get("/console/review?format=xlsx").content[:2] == b"PK"


def test_the_minutes_of_a_week_are_a_pdf(site: VillageSite) -> None:
    patrol_of(site, "a5")
    decide(site.log_in(Role.LEADER), "post")
    member = site.log_in(Role.MEMBER)
    decide(member, "post")
    assert "2026 年第 48 周" in member.text("/console/review/weeks")
    assert member.get("/console/review/minutes/2026-W48").content.startswith(b"%PDF")
    assert member.get("/console/review/minutes/2026-W01").status_code == 404


def test_every_opinion_is_in_the_audit_log(site: VillageSite) -> None:
    patrol_of(site, "a5")
    decide(site.log_in(Role.MEMBER), "post")
    assert any(what.startswith("review ") and what.endswith(": post") for what in site.audited())
