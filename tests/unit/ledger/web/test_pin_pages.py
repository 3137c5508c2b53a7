"""A PIN is set at the desk by the person, and on their phone; nobody else ever sees it."""

from __future__ import annotations

import re

import pytest

from linli.ledger.people.pins import PinError, prove_pin, state_of
from linli.ledger.schema import audit_log
from linli.ledger.staff.roles import Role
from tests.unit.ledger.web.desk import act
from tests.unit.ledger.web.residents import Residents
from tests.unit.ledger.web.site import Browser, VillageSite

PIN, OTHER = "739201", "480215"
SEEN = "本人持身份证到场"
FIELD = re.compile(r'<input id="(?:pin|again|old)"[^>]*>')


@pytest.fixture
def clerk(site: VillageSite) -> Browser:
    return site.log_in(Role.CLERK)


def right(site: VillageSite, pin: str, account: str = "a1") -> bool:
    try:
        return bool(prove_pin(site.engine, account, [pin], site.clock.now()))
    except PinError:
        return False


def typed(clerk: Browser, pin: str = PIN, again: str = PIN, why: str = SEEN) -> str:
    return act(clerk, "a1", "pin", pin=pin, again=again, why=why).text


def test_the_person_types_it_twice_at_the_desk(site: VillageSite, clerk: Browser) -> None:
    assert "兑换密码已设好" in typed(clerk)
    assert right(site, PIN)
    assert site.audited() == ["log in", "choose PIN"]
    assert site.village.rows(audit_log)[-1].why == SEEN


@pytest.mark.parametrize("where", ["desk", "phone"])
def test_no_browser_shows_or_keeps_what_is_typed(
    site: VillageSite, clerk: Browser, where: str
) -> None:
    typed(clerk)
    phone = Residents(site).linked("a1")
    page = {
        "desk": lambda: clerk.text("/console/people/holder/pin?account=a1"),
        "phone": lambda: phone.text("/me/pin"),
    }[where]()
    fields = FIELD.findall(page)
    assert len(fields) == {"desk": 2, "phone": 3}[where]
    assert all('type="password"' in one and 'autocomplete="off"' in one for one in fields)
    assert not any("value=" in one for one in fields)


def test_two_different_ones_are_not_kept(site: VillageSite, clerk: Browser) -> None:
    assert "两次输入的密码不一样" in typed(clerk, again=OTHER)
    with site.engine.connect() as connection:
        assert state_of(connection, "a1") is None


def test_an_easy_one_is_refused_in_words(clerk: Browser) -> None:
    assert "太容易被猜到" in typed(clerk, "123456", "123456")


def test_a_clerk_says_how_they_knew_the_person(clerk: Browser) -> None:
    assert "请写明原因" in typed(clerk, why="")


def test_a_locked_one_is_unlocked_at_the_desk(site: VillageSite, clerk: Browser) -> None:
    typed(clerk)
    for _ in range(5):
        assert not right(site, OTHER)
    assert not right(site, PIN)
    page = "/console/people/holder/pin?account=a1"
    assert "已锁住" in clerk.text(page)
    fields = {"account": "a1", "why": SEEN}
    assert "已解锁" in clerk.submit("/console/people/holder/pin/unlock", fields, seen=page).text
    assert right(site, PIN)
    assert site.audited() == ["log in", "choose PIN", "unlock PIN"]


def test_a_phone_chooses_one_and_changes_it_with_the_old_one(site: VillageSite) -> None:
    phone = Residents(site).linked("a1")
    assert "已设好" in phone.submit("/me/pin", {"pin": PIN, "again": PIN}).text
    fields = {"pin": OTHER, "again": OTHER}
    assert "请先输入原来的密码" in phone.submit("/me/pin", fields).text
    assert "还可以试 3 次" in phone.submit("/me/pin", {**fields, "old": "111222"}).text
    assert "已设好" in phone.submit("/me/pin", {**fields, "old": PIN}).text
    assert right(site, OTHER)
    assert site.audited() == ["choose PIN"] * 2


def test_a_phone_says_that_two_are_not_the_same(site: VillageSite) -> None:
    phone = Residents(site).linked("a1")
    answer = phone.submit("/me/pin", {"pin": PIN, "again": OTHER})
    assert answer.status_code == 422
