"""Notices, objections, the calendar, the audit log and the accounts of staff in the console."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from linli.ledger.cadence.calendar import Calendar
from linli.ledger.cadence.running import set_calendar
from linli.ledger.journal.schema import deed
from linli.ledger.notice.objecting import Way, object_to
from linli.ledger.people.access_log import Staff, note
from linli.ledger.review.deciding import review
from linli.ledger.staff.roles import Role
from linli.ledger.standard.versions import StandardShelf
from linli.sync.periods import SHANGHAI
from tests.unit.ledger.web.site import PASSWORD, VillageSite


def post_all(site: VillageSite) -> list[str]:
    """Their ids."""
    with site.engine.begin() as connection:
        ids = list(connection.execute(select(deed.c.id)).scalars())
        standards = StandardShelf().read(connection)
        review(connection, ids, "posted", "ok", standards, site.clock.now())
    return ids


@pytest.fixture
def posted(site: VillageSite) -> str:
    """a5's patrol, posted; it is December."""
    village = site.village
    village.send(
        village.check_in("a5", "patrol", "09:00"), village.sign_out("a5", "patrol", "10:05")
    )
    (id_,) = post_all(site)
    site.clock.wall = site.clock.wall.replace(month=12, day=5, tzinfo=SHANGHAI)
    return id_


def freeze(site: VillageSite) -> None:
    leader = site.log_in(Role.LEADER)
    fields = {"month": "2026-11", "days": "5"}
    answer = leader.submit("/console/notices/freeze", fields, seen="/console/notices")
    assert "已公示，到 12月11日" in answer.text


def test_a_leader_freezes_and_seals_a_month_by_hand(site: VillageSite, posted: str) -> None:
    freeze(site)
    leader = site.log_in(Role.LEADER, "leader2", "a1")
    answer = leader.submit("/console/notices/2026-11/seal", {}, seen="/console/notices")
    assert answer.status_code == 422
    assert "的公示要到 2026-12-11 才结束" in answer.text
    site.clock.pass_(minutes=60 * 24 * 6)
    leader = site.log_in(Role.LEADER, "leader3", "a1")
    answer = leader.submit("/console/notices/2026-11/seal", {}, seen="/console/notices")
    assert "已封账" in answer.text


def test_a_months_page_shows_public_names_and_is_exported(site: VillageSite, posted: str) -> None:
    freeze(site)
    clerk = site.log_in(Role.CLERK)
    assert "张*5" in clerk.text("/console/notices/2026-11")
    assert "张*5" in clerk.get("/console/notices/2026-11?format=csv").text


def test_a_sheet_before_the_first_checkpoint_says_what_to_wait_for(
    site: VillageSite, posted: str
) -> None:
    freeze(site)
    answer = site.log_in(Role.CLERK).get("/console/notices/2026-11/sheet.pdf")
    assert answer.status_code == 409
    assert "等每周的签署完成后再下载" in answer.text


def test_a_member_cannot_freeze(site: VillageSite, posted: str) -> None:
    member = site.log_in(Role.MEMBER)
    fields = {"month": "2026-11", "days": "5"}
    assert (
        member.submit("/console/notices/freeze", fields, seen="/console/notices").status_code == 403
    )


def test_an_upheld_objection_takes_the_points_back(site: VillageSite, posted: str) -> None:
    freeze(site)
    with site.engine.begin() as connection:
        object_to(connection, posted, "a6", Way.CARD, "<b>他没来</b>", site.clock.now())
    member = site.log_in(Role.MEMBER)
    page = member.text("/console/objections")
    assert "&lt;b&gt;他没来&lt;/b&gt;" in page
    id_ = re.findall(r'name="objection" value="([^"]+)"', page)[0]
    fields = {"objection": id_, "words": "查过签到记录", "choice": "uphold"}
    assert member.submit("/console/objections", fields).status_code == 200
    assert site.village.posted("a5") == 0
    again = member.submit("/console/objections", fields)
    assert again.status_code == 409
    assert "已经答复过了" in again.text


def test_the_calendar_page_shows_what_waits_and_why(site: VillageSite, posted: str) -> None:
    with site.engine.begin() as connection:
        set_calendar(connection, Calendar("village", "2026-11", 5, 5))
    page = site.log_in(Role.CLERK).text("/console/calendar")
    assert "月度公示" in page
    assert "2026 年 11 月" in page


def test_an_administrator_sets_a_calendar(site: VillageSite) -> None:
    admin = site.log_in(Role.ADMINISTRATOR)
    fields = {"scope": "village", "first_month": "2026-11", "freeze_day": "７", "notice_days": "5"}
    fields["window_days"] = "10"
    assert "每月 7 日" in admin.submit("/console/calendar", fields).text
    fields["freeze_day"] = "31"
    answer = admin.submit("/console/calendar", fields)
    assert answer.status_code == 422
    assert "都在 1 到 28 之间" in answer.text


def test_the_audit_log_shows_who_did_what(site: VillageSite) -> None:
    site.log_in(Role.CLERK)
    auditor = site.log_in(Role.AUDITOR)
    page = auditor.text("/console/audit")
    assert "clerk同志" in page
    assert "登录" in page
    assert "clerk同志" not in auditor.text("/console/audit?who=auditor")
    assert auditor.get("/console/audit?format=xlsx").content[:2] == b"PK"


def test_an_administrator_hires_somebody_who_changes_the_password_first(site: VillageSite) -> None:
    admin = site.log_in(Role.ADMINISTRATOR)
    fields = {"login": "Liufang", "name": "刘芳", "role": "clerk", "scope": "village"}
    page = admin.submit("/console/staff/hire", fields, seen="/console/staff").text
    password = re.findall(r'class="figure">([^<]+)<', page)[0]
    new = site.browser()
    answer = new.submit("/console/login", {"login": "liufang", "password": password})
    assert answer.url.path == "/console/password"


def test_nobody_ends_the_last_administrator(site: VillageSite) -> None:
    admin = site.log_in(Role.ADMINISTRATOR)
    fields = {"login": "administrator"}
    answer = admin.submit("/console/staff/end", fields, seen="/console/staff")
    assert answer.status_code == 422
    assert "最后一位系统管理员" in answer.text


def test_a_panel_gets_and_loses_a_member(site: VillageSite) -> None:
    admin = site.log_in(Role.ADMINISTRATOR)
    fields = {"account": "a4", "role": "member", "stands_for": "居民代表"}
    page = admin.submit("/console/staff/panel", fields, seen="/console/staff").text
    assert "张*4" in page
    fields = {"account": "a4"}
    page = admin.submit("/console/staff/panel/dismiss", fields, seen="/console/staff").text
    assert "张*4" not in page


@pytest.mark.parametrize("role", [Role.CLERK, Role.LEADER, Role.AUDITOR, Role.MAINTAINER])
def test_only_administrators_keep_accounts(site: VillageSite, role: Role) -> None:
    browser = site.log_in(role)
    assert browser.get("/console/staff").status_code == 403
    fields = {"login": "x1y2z3", "name": "x", "role": "administrator"}
    answer = browser.submit("/console/staff/hire", fields, seen="/console")
    assert answer.status_code == 403
    assert "x1y2z3" not in site.logins()


def test_a_name_is_shown_as_it_is_whatever_is_in_it(site: VillageSite) -> None:
    admin = site.log_in(Role.ADMINISTRATOR)
    fields = {"login": "odd", "name": "<script>𠅤😀", "role": "auditor"}
    admin.submit("/console/staff/hire", fields, seen="/console/staff")
    page = admin.text("/console/staff")
    assert "&lt;script&gt;𠅤😀" in page
    assert "<script>𠅤" not in page


def test_an_export_holds_no_formula(site: VillageSite) -> None:
    site.hire(Role.CLERK, "evil")
    with site.engine.begin() as connection:
        note(connection, Staff("=cmd|' /C calc'!A1", "clerk"), "x", None, "y", site.clock.now())
    text = site.log_in(Role.AUDITOR).get("/console/audit?format=csv").text
    assert "'=cmd" in text
    assert PASSWORD not in text
