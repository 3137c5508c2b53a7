"""Getting into the console, and what keeps others out."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pyotp
from doubles.clock import HandClock
from httpx2 import Response
from sqlalchemy import update

from linli.ledger.staff.accounts import end, reset_password
from linli.ledger.staff.roles import Role
from linli.ledger.staff.schema import staff
from tests.unit.ledger.web.site import PASSWORD, VillageSite


def enter(site: VillageSite, login: str, password: str = PASSWORD, code: str = "") -> Response:
    fields = {"login": login, "password": password, "code": code}
    return site.browser().submit("/console/login", fields)


def test_nobody_sees_a_page_before_the_login(site: VillageSite) -> None:
    answer = site.browser().get("/console/review")
    assert answer.url.path == "/console/login"


def test_a_login_leads_to_the_page_that_was_wanted(site: VillageSite) -> None:
    site.hire(Role.MEMBER)
    browser = site.browser()
    fields = {"login": "member", "password": PASSWORD}
    answer = browser.submit("/console/login?next=/console/review", fields)
    assert answer.url.path == "/console/review"


def test_a_login_leads_to_no_other_site(site: VillageSite) -> None:
    site.hire(Role.MEMBER)
    fields = {"login": "member", "password": PASSWORD}
    for elsewhere in ("//evil.example/console", "/console//evil", "https://evil.example"):
        answer = site.browser().submit(f"/console/login?next={elsewhere}", fields)
        assert answer.url.host == "testserver"
        assert answer.url.path == "/console"


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(site: VillageSite) -> None:
    site.hire(Role.CLERK)
    wrong, unknown = enter(site, "clerk", "not-the-password"), enter(site, "nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert "账号、密码或动态码不对" in wrong.text
    assert "账号、密码或动态码不对" in unknown.text


def test_after_five_failures_the_right_password_has_to_wait_too(site: VillageSite) -> None:
    site.hire(Role.CLERK)
    for _ in range(5):
        enter(site, "clerk", "not-the-password")
    assert "错误次数太多" in enter(site, "clerk").text
    site.clock.pass_(seconds=31)
    assert enter(site, "clerk").url.path == "/console"


def test_an_administrator_needs_a_code_that_is_good_once(site: VillageSite) -> None:
    site.hire(Role.ADMINISTRATOR)
    site.clock.pass_(minutes=1)
    code = site.code.at(site.clock.now())
    assert enter(site, "administrator").status_code == 401
    assert enter(site, "administrator", code=code).url.path == "/console"
    assert enter(site, "administrator", code=code).status_code == 401


def test_an_administrator_without_codes_sets_them_up_first(site: VillageSite) -> None:
    site.hire(Role.ADMINISTRATOR)
    with site.engine.begin() as connection:
        reset_password(connection, "administrator", PASSWORD, site.clock.now())
    answer = enter(site, "administrator")
    assert answer.url.path == "/console/password"


def test_a_session_ends_after_an_idle_hour(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    site.clock.pass_(minutes=59)
    assert clerk.get("/console").url.path == "/console"
    site.clock.pass_(minutes=61)
    assert clerk.get("/console").url.path == "/console/login"


def test_who_leaves_is_out_at_once(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    with site.engine.begin() as connection:
        end(connection, "clerk", site.clock.now())
    assert clerk.get("/console").url.path == "/console/login"
    assert enter(site, "clerk").status_code == 401


def test_logging_out_ends_the_session_itself(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    cookie = clerk.cookies["staff"]
    assert clerk.submit("/console/logout", {}, seen="/console").url.path == "/console/login"
    thief = site.browser()
    thief.cookies["staff"] = cookie
    assert thief.get("/console").url.path == "/console/login"


def test_a_changed_password_is_the_only_one_that_works(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    new = "xin-mi-ma-2027"
    fields = {"old": PASSWORD, "new": new, "again": new}
    assert clerk.submit("/console/password", fields).url.path == "/console/login"
    assert enter(site, "clerk").status_code == 401
    assert enter(site, "clerk", new).url.path == "/console"


def test_an_easy_password_is_refused(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    for easy in ("short", "aaaaaaaaaaaa", "clerk-clerk-clerk"):
        fields = {"old": PASSWORD, "new": easy, "again": easy}
        assert clerk.submit("/console/password", fields).status_code == 422


def test_a_form_of_another_browser_is_not_taken(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    answer = clerk.post("/console/logout", data={"csrf": "0" * 64})
    assert answer.status_code == 409
    assert "刷新页面" in answer.text
    assert clerk.get("/console").url.path == "/console"


def test_a_form_from_another_site_is_not_taken(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    headers = {"sec-fetch-site": "cross-site"}
    assert clerk.post("/console/logout", data={}, headers=headers).status_code == 403


def test_a_form_without_a_known_size_is_not_read(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    endless = (b"csrf=" + b"0" * 1000 for _ in range(3))
    assert clerk.post("/console/logout", content=endless).status_code == 413


def test_pages_let_nothing_of_others_run_in_them(site: VillageSite) -> None:
    headers = site.browser().get("/console/login").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_a_page_that_is_not_there_says_so_in_chinese(site: VillageSite) -> None:
    answer = site.browser().get("/nowhere")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


def test_one_time_codes_are_of_the_phones_time_whatever_the_towns_clock_says(
    site: VillageSite,
) -> None:
    phone = HandClock()
    phone.wall = site.clock.now() - dt.timedelta(hours=5)
    site.app.state.site = replace(site.site, phones_time=phone)
    site.hire(Role.ADMINISTRATOR)
    with site.engine.begin() as connection:
        connection.execute(update(staff).values(totp=None))
    admin = site.browser()
    admin.submit("/console/login", {"login": "administrator", "password": PASSWORD})
    page = admin.text("/console/code")
    secret = re.findall(r'name="secret" value="([^"]+)"', page)[0]
    fields = {"secret": secret, "code": pyotp.TOTP(secret).at(phone.now())}
    assert admin.submit("/console/code", fields).url.path == "/console"
