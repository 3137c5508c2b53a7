"""A resident's phone is linked by the code of a tap, and let go again."""

from __future__ import annotations

import re

import pytest

from linli.ledger.audit.verify import verify
from linli.ledger.ingest.stopping import stop_card
from linli.ledger.phones.linking import UNUSED_FOR
from linli.ledger.phones.refusals import PhoneRefusal
from linli.ledger.phones.tickets import issue_at_desk
from linli.ledger.staff.attempts import FREE_AT_AN_ADDRESS
from linli.ledger.web.app import make_app
from linli.ledger.web.site import Site
from linli.ledger.web.words import PHONE_REFUSAL
from linli.sync.messages import Trust
from tests.unit.ledger.phones.handsets import CLERK
from tests.unit.ledger.web.residents import Residents, scan
from tests.unit.ledger.web.site import RING, Browser, VillageSite


@pytest.fixture
def residents(site: VillageSite) -> Residents:
    return Residents(site)


def test_a_phone_that_is_not_linked_is_told_how(residents: Residents) -> None:
    answer = residents.browser().get("/me/phones")
    assert answer.url.path == "/me/welcome"
    assert "刷一下卡" in answer.text


def test_the_code_asks_whose_it_is_and_one_touch_links(residents: Residents) -> None:
    browser, ticket = residents.browser(), residents.ticket()
    asked = browser.text(f"/me/link?t={ticket}")
    assert "张*1" in asked
    assert "阳光社区" in asked
    assert browser.get("/me").url.path == "/me/welcome"
    answer = scan(browser, ticket)
    assert answer.url.path == "/me"
    assert "张*1，您好" in answer.text
    assert verify(residents.site.engine) is None


def test_the_link_is_kept_where_no_script_and_no_other_site_reaches_it(
    residents: Residents,
) -> None:
    """On a public address by HTTPS alone."""
    site = residents.site
    secure = Site(site.engine, site.clock, RING, public_url="https://points.example")
    browser = Browser(make_app(site.engine, site.clock, secure), base_url="https://testserver")
    ticket = residents.ticket()
    page = browser.text(f"/me/link?t={ticket}")
    fields = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', page)) | {"t": ticket}
    answer = browser.post("/me/link", data=fields, follow_redirects=False)
    (cookie,) = (c for c in answer.headers.get_list("set-cookie") if c.startswith("phone="))
    assert {"HttpOnly", "Secure", "SameSite=lax"} <= set(cookie.split("; "))


def test_a_code_scanned_by_a_second_phone_is_used_up(residents: Residents) -> None:
    first, ticket = residents.browser(), residents.ticket()
    scan(first, ticket)
    late = residents.browser().get(f"/me/link?t={ticket}")
    assert late.status_code == 409
    assert "已经用过" in late.text
    assert first.get(f"/me/link?t={ticket}").url.path == "/me"


def test_two_phones_that_opened_the_same_code_are_not_both_linked(residents: Residents) -> None:
    first, second, ticket = residents.browser(), residents.browser(), residents.ticket()
    page = second.text(f"/me/link?t={ticket}")
    scan(first, ticket)
    fields = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', page)) | {"t": ticket}
    assert second.post("/me/link", data=fields).status_code == 409
    assert second.get("/me").url.path == "/me/welcome"


def test_the_button_touched_twice_links_once(residents: Residents) -> None:
    browser, ticket = residents.browser(), residents.ticket()
    page = browser.text(f"/me/link?t={ticket}")
    fields = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', page)) | {"t": ticket}
    answers = [browser.post("/me/link", data=fields, follow_redirects=False) for _ in range(2)]
    browser.cookies.delete("phone")
    answers.append(browser.post("/me/link", data=fields, follow_redirects=False))
    assert answers[0].headers["location"] == answers[2].headers["location"] == "/me"
    assert residents.phones.devices() == ["华为手机 · 微信"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"trust": Trust.LOW}, "当面办理"),
        ({"card": "card-a1"}, "当面办理"),
        ({"card": "safe-a2"}, "对不上"),
        ({"clock_good": False}, "还没有对准"),
    ],
)
def test_a_ticket_that_is_not_taken_says_why_in_chinese(
    residents: Residents, more: dict[str, object], says: str
) -> None:
    answer = residents.browser().get(f"/me/link?t={residents.ticket(**more)}")
    assert answer.status_code == 409
    assert says in answer.text


def test_every_refusal_has_its_sentence() -> None:
    assert PHONE_REFUSAL.keys() == set(PhoneRefusal)


def test_an_old_code_is_explained_and_costs_no_patience(residents: Residents) -> None:
    ticket = residents.ticket()
    residents.site.clock.pass_(minutes=11)
    browser = residents.browser()
    for _ in range(8):
        assert "只有十分钟" in browser.get(f"/me/link?t={ticket}").text
    assert scan(browser, residents.ticket()).url.path == "/me"


def test_who_tries_out_codes_has_to_wait(residents: Residents) -> None:
    browser = residents.browser()
    for _ in range(FREE_AT_AN_ADDRESS):
        assert browser.get("/me/link?t=AAAA-AAAA-AAAA").status_code == 409
    answer = browser.get(f"/me/link?t={residents.ticket()}")
    assert answer.status_code == 429
    assert "错误次数太多" in answer.text
    residents.site.clock.pass_(seconds=31)
    assert scan(browser, residents.ticket()).url.path == "/me"


def test_without_a_code_there_is_the_page_to_type_one(residents: Residents) -> None:
    browser = residents.browser()
    for _ in range(8):
        assert browser.get("/me/link").url.path == "/me/welcome"
    assert scan(browser, residents.ticket()).url.path == "/me"


def test_a_code_of_the_desk_is_typed(residents: Residents) -> None:
    with residents.site.engine.begin() as connection:
        now = residents.site.clock.now()
        code = issue_at_desk(connection, "a3", CLERK, "本人到场", now, lambda _: 0x1234567890ABC)
    assert scan(residents.browser(), f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()).url.path == "/me"


def test_a_phone_that_changes_hands_is_the_new_owners(residents: Residents) -> None:
    browser = residents.linked("a1")
    ticket = residents.ticket("a2")
    assert "现在关联的是 张*1" in browser.text(f"/me/link?t={ticket}")
    assert "张*2，您好" in scan(browser, ticket).text
    assert residents.phones.devices("a1") == []


def test_letting_go_of_this_phone_ends_its_link_itself(residents: Residents) -> None:
    browser = residents.linked()
    stolen = browser.cookies["phone"]
    answer = browser.submit("/me/logout", {}, seen="/me/phones")
    assert answer.url.path == "/me/welcome"
    assert "已解除" in answer.text
    thief = residents.browser()
    thief.cookies["phone"] = stolen
    assert thief.get("/me").url.path == "/me/welcome"


def test_another_phone_is_let_go_from_this_one(residents: Residents) -> None:
    lost = residents.linked()
    residents.site.clock.pass_(minutes=1)
    kept = residents.linked()
    page = kept.text("/me/phones")
    assert page.count("正在用") == 1
    theirs = re.findall(r'name="phone" value="([^"]+)"', page)[1]
    assert "已解除" in kept.submit("/me/phones", {"phone": theirs}).text
    assert lost.get("/me").url.path == "/me/welcome"
    assert kept.get("/me").url.path == "/me"


def test_a_phone_of_somebody_else_is_not_let_go(residents: Residents) -> None:
    theirs = residents.linked("a2")
    id_ = re.findall(r'name="phone" value="([^"]+)"', theirs.text("/me/phones"))[0]
    residents.linked("a1").submit("/me/phones", {"phone": id_})
    assert theirs.get("/me").url.path == "/me"


def test_a_stopped_card_closes_the_pages_at_once(residents: Residents) -> None:
    browser = residents.linked()
    with residents.site.engine.begin() as connection:
        stop_card(connection, "safe-a1", residents.site.clock.now())
    assert browser.get("/me").url.path == "/me/welcome"


def test_use_keeps_a_link_and_half_a_year_without_ends_it(residents: Residents) -> None:
    browser = residents.linked()
    for _ in range(3):
        residents.site.clock.wall += UNUSED_FOR * 0.9
        assert browser.get("/me").url.path == "/me"
    residents.site.clock.wall += UNUSED_FOR
    assert browser.get("/me").url.path == "/me/welcome"


def test_residents_and_staff_do_not_stand_in_for_each_other(residents: Residents) -> None:
    assert residents.linked().get("/console").url.path == "/console/login"


def test_a_page_that_is_not_there_leads_home(residents: Residents) -> None:
    answer = residents.linked().get("/me/nowhere")
    assert answer.status_code == 404
    assert 'href="/me"' in answer.text
