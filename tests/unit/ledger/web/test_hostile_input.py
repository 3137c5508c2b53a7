"""What no page of ours sends, but somebody may: each is answered in words, and changes nothing."""

from __future__ import annotations

import pytest

from linli.ledger.documents.model import DocumentError
from linli.ledger.people.checks import NewOrg
from linli.ledger.people.tree import add_orgs
from linli.ledger.staff.accounts import LONGEST_NAME, NewWorker, hire
from linli.ledger.staff.roles import Role
from linli.ledger.surveys.making import NewSurvey, make
from linli.ledger.surveys.questions import Kind, Question
from linli.ledger.web.forms import LARGEST_NUMBER
from linli.ledger.web.public import community as public_community
from linli.ledger.web.rendering import download
from tests.unit.ledger.web.counter import Counter
from tests.unit.ledger.web.desk import enrol
from tests.unit.ledger.web.residents import Residents
from tests.unit.ledger.web.site import PASSWORD, Browser, VillageSite


@pytest.mark.parametrize("unseen", ["\x00", "\x07", "\x9f"])
def test_a_character_that_nobody_sees_is_not_taken(site: VillageSite, unseen: str) -> None:
    answer = enrol(site.log_in(Role.CLERK), name=f"王{unseen}建国")
    assert answer.status_code == 422
    assert "看不见的控制字符" in answer.text


def test_half_a_character_is_not_taken(site: VillageSite) -> None:
    """A form may say that it is written in UTF-7, which can hold one."""
    browser = site.browser()
    browser.get("/console/login")
    head = {"content-type": "multipart/form-data; boundary=b; charset=utf-7"}
    field = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    page = browser.text("/console/login")
    token = page.split('name="csrf" value="')[1].split('"')[0]
    body = field.format("csrf", token) + field.format("login", "+2AA-") + "--b--\r\n"
    answer = browser.post("/console/login", content=body.encode(), headers=head)
    assert answer.status_code in (401, 422)


@pytest.mark.parametrize("number", [LARGEST_NUMBER + 1, 10**30, -(10**30)])
def test_a_number_that_no_ledger_keeps_is_not_taken(site: VillageSite, number: int) -> None:
    admin = site.log_in(Role.ADMINISTRATOR)
    fields = {"quorum": str(number)}
    answer = admin.submit("/console/staff/panel/quorum", fields, seen="/console/staff")
    assert answer.status_code == 422
    assert "太大了" in answer.text


def test_an_address_with_what_no_ledger_keeps_is_no_failure_of_the_ledger(
    site: VillageSite,
) -> None:
    assert site.browser().get("/c/%00").status_code in (404, 422)


def test_a_photo_has_no_place_beyond_all_numbers(site: VillageSite) -> None:
    auditor = site.log_in(Role.AUDITOR)
    assert auditor.get(f"/console/evidence/1/{10**30}").status_code == 422


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "２０２６-11"])
def test_a_month_outside_of_all_calendars_is_no_month(site: VillageSite, month: str) -> None:
    till = Counter(site).till()
    assert till.get("/merchant/months", params={"month": month}).status_code == 422


@pytest.mark.parametrize(("month", "days"), [("9999-12", 5), ("2026-10", 10**8)])
def test_a_notice_hangs_neither_at_the_end_of_time_nor_until_then(
    site: VillageSite, month: str, days: int
) -> None:
    leader = site.log_in(Role.LEADER)
    fields = {"month": month, "days": str(days)}
    answer = leader.submit("/console/notices/freeze", fields, seen="/console/notices")
    assert answer.status_code == 422


@pytest.mark.parametrize("month", ["9999-11", "0001-01", "2026-W4"])
def test_a_calendar_that_would_stop_the_others_is_not_kept(site: VillageSite, month: str) -> None:
    admin = site.log_in(Role.ADMINISTRATOR)
    fields = {"scope": "village", "first_month": month, "freeze_day": "5", "notice_days": "5"}
    fields["window_days"] = "14"
    assert admin.submit("/console/calendar", fields).status_code == 422
    assert admin.get("/console/calendar").status_code == 200


def test_a_reason_that_the_log_does_not_keep_is_sent_back(site: VillageSite) -> None:
    member = site.log_in(Role.MEMBER)
    fields = {"deed": "patrol.a1", "choice": "void", "reason": "长" * 201}
    answer = member.submit("/console/review", fields)
    assert answer.status_code == 422
    assert "200 个字" in answer.text


def test_the_longest_name_and_login_can_sign(site: VillageSite) -> None:
    new = NewWorker("l" * 32, "名" * LONGEST_NAME, Role.CLERK, "village")
    with site.engine.begin() as connection:
        hire(connection, new, PASSWORD, site.clock.now(), must_change=False)
    fields = {"login": new.login, "password": PASSWORD, "code": ""}
    assert site.browser().submit("/console/login", fields).url.path == "/console"


def test_a_file_has_a_name_that_every_header_takes(site: VillageSite) -> None:
    clerk = site.log_in(Role.CLERK)
    answer = clerk.get("/console/awards", params={"year": '年"; x="', "format": "csv"})
    assert answer.headers["content-disposition"].count('"') == 2
    assert download(b"", "../../é.csv", "text/csv").headers["content-disposition"].isascii()


def test_a_draft_is_not_shown_to_another_community(site: VillageSite) -> None:
    now = site.clock.now()
    with site.engine.begin() as connection:
        add_orgs(connection, [NewOrg("lake", "street", "community", "湖畔社区")], now)
        asked = [Question(Kind.SCALE, "加一分好不好？")]
        day = now.date()
        id_ = make(connection, NewSurvey("lake", "草稿", day, day, asked), "李明", now)
    assert site.log_in(Role.CLERK).get(f"/console/surveys/{id_}").status_code == 404


def test_what_nobody_foresaw_is_a_page_of_ours(
    site: VillageSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(public_community, "around", fail)
    browser = Browser(site.app, raise_server_exceptions=False)
    answer = browser.get("/c/village")
    assert answer.status_code == 500
    assert "没有办成" in answer.text
    assert "secret" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_machine_without_fonts_says_so(
    site: VillageSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise DocumentError("the fonts of documents are missing: install fonts-noto-cjk")

    monkeypatch.setattr(public_community, "around", fail)
    answer = site.browser().get("/c/village")
    assert answer.status_code == 503
    assert "缺少字体" in answer.text


@pytest.mark.parametrize("secret", ["", "A" * 9, "!" * 32, "A" * 5000])
def test_codes_are_set_up_with_a_secret_of_the_page(site: VillageSite, secret: str) -> None:
    clerk = site.log_in(Role.CLERK)
    answer = clerk.submit("/console/code", {"secret": secret, "code": "123456"})
    assert answer.status_code == 422


@pytest.mark.parametrize("year", ["", "1", "1e400", "２０２５"])
def test_nobody_is_proposed_for_a_year_that_is_none(site: VillageSite, year: str) -> None:
    leader = site.log_in(Role.LEADER)
    answer = leader.submit("/console/awards/propose", {"year": year}, seen="/console/awards")
    assert answer.status_code == 409
    assert "不是年份" in answer.text


def test_two_phones_do_not_have_one_key(site: VillageSite) -> None:
    residents = Residents(site)
    answers = []
    for account in ("a1", "a2"):
        ticket = residents.ticket(account)
        fields = {"t": ticket, "key": "k" * 43}
        browser = residents.browser()
        answers.append(browser.submit("/me/link", fields, seen=f"/me/link?t={ticket}"))
    assert [one.status_code for one in answers] == [200, 409]
