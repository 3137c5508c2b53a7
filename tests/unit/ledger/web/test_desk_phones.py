"""A clerk gives codes to people whom they have seen, and lets go of lost phones."""

from __future__ import annotations

import re

import pytest
from httpx2 import Response

from linli.ledger.audit.verify import verify
from linli.ledger.people.leaving import leave
from linli.ledger.staff.roles import Role
from tests.unit.ledger.web.residents import Residents, scan
from tests.unit.ledger.web.site import Browser, VillageSite

PHONES = "/console/people/holder/phones"
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@pytest.fixture
def clerk(site: VillageSite) -> Browser:
    return site.log_in(Role.CLERK)


def of(account: str) -> str:
    return f"{PHONES}?account={account}"


def ask(clerk: Browser, account: str = "a3", why: str = "本人持身份证到场") -> Response:
    fields = {"account": account, "why": why}
    return clerk.submit(
        f"{PHONES}/code",
        fields,
        seen=of(account),
    )


def test_a_code_of_the_desk_links_the_phone_of_who_stood_there(
    site: VillageSite, clerk: Browser
) -> None:
    answer = ask(clerk)
    code = CODE.findall(answer.text)[0]
    phone = Residents(site).browser()
    assert "张*3，您好" in scan(phone, code).text
    assert "link a phone" in site.audited()
    assert "手机" in clerk.text(of("a3"))
    assert verify(site.engine) is None


def test_without_a_reason_no_code_is_given(clerk: Browser) -> None:
    answer = ask(clerk, why=" ")
    assert answer.status_code == 422
    assert "写明原因" in answer.text


def test_the_same_form_sent_twice_gives_one_code(site: VillageSite, clerk: Browser) -> None:
    page = clerk.text(of("a3"))
    fields = dict(re.findall(r'name="(csrf|once|account)" value="([^"]+)"', page))
    answers = [clerk.post(f"{PHONES}/code", data={**fields, "why": "本人到场"}) for _ in range(2)]
    assert len(CODE.findall(answers[0].text)) == 1
    assert CODE.findall(answers[1].text) == []
    assert answers[1].url.path == PHONES
    assert site.audited().count("link a phone") == 1


def test_an_account_that_is_not_of_the_community_is_not_found(clerk: Browser) -> None:
    answer = clerk.get(of("a999"))
    assert answer.status_code == 404
    assert "没有账户" in answer.text


def test_for_somebody_who_left_no_code_is_given(site: VillageSite, clerk: Browser) -> None:
    page = clerk.text(of("a3"))
    fields = dict(re.findall(r'name="(csrf|once|account)" value="([^"]+)"', page))
    with site.engine.begin() as connection:
        leave(connection, "a3", site.clock.now())
    answer = clerk.post(f"{PHONES}/code", data={**fields, "why": "本人到场"})
    assert answer.status_code == 409
    assert "已经停用" in answer.text


def test_all_phones_of_somebody_who_lost_one_are_let_go(site: VillageSite, clerk: Browser) -> None:
    residents = Residents(site)
    phones = [residents.linked("a1") for _ in range(2)]
    fields = {"account": "a1", "why": "手机丢失"}
    answer = clerk.submit(
        f"{PHONES}/revoke",
        fields,
        seen=of("a1"),
    )
    assert "已解除 2 部手机" in answer.text
    assert [phone.get("/me").url.path for phone in phones] == ["/me/welcome"] * 2


@pytest.mark.parametrize("role", [Role.MEMBER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_it_is_the_desks_work_alone(site: VillageSite, role: Role) -> None:
    assert site.log_in(role).get(of("a1")).status_code == 403
