"""Somebody has a maintainer's computer, with the console open: what they cannot do, and how it is
taken from them."""

from __future__ import annotations

import pytest

from linli.ledger.fleet.jobs.schema import job, rollout
from linli.ledger.fleet.settings.wishes import wished
from linli.ledger.shop.schema import retired_terminal
from linli.ledger.staff.accounts import change_password, reset_password
from linli.ledger.staff.roles import Role
from tests.unit.ledger.web.site import PASSWORD, Browser, VillageSite

ONE = "/console/terminals/one"
NEW = "/console/rollouts/new"
PAGE, RETIRE, SET = f"{ONE}?name=t1", f"{ONE}/retire", f"{ONE}/settings"
LAST = {"name": "t1", "why": "-", "lost": "yes", "again": "t1"}
ELSEWHERE = {"name": "t1", "seen": "0", "seen_all": "0", "why": "-", "broker_host": "evil.example"}


@pytest.fixture
def thief(site: VillageSite) -> Browser:
    return site.log_in(Role.MAINTAINER)


@pytest.mark.parametrize("typed", [{}, {"password": "guessed-by-a-thief"}])
def test_no_terminal_is_retired_without_the_password(
    site: VillageSite, thief: Browser, typed: dict[str, str]
) -> None:
    answer = thief.submit(RETIRE, LAST | typed, seen=PAGE)
    assert answer.status_code == 403
    assert "再输入一遍您自己的登录密码" in answer.text
    assert site.village.rows(retired_terminal) == []


def test_no_terminal_is_led_to_another_broker_without_the_password(
    site: VillageSite, thief: Browser
) -> None:
    assert thief.submit(SET, ELSEWHERE, seen=PAGE).status_code == 403
    with site.engine.connect() as connection:
        assert wished(connection, "t1").version == 0
    told = {**ELSEWHERE, "broker_host": "", "volume": "30"}
    assert thief.submit(SET, told, seen=PAGE).status_code == 200, "a slip there mends itself"


def test_nothing_is_rolled_out_without_the_password(site: VillageSite, thief: Browser) -> None:
    told = {"do": "update-app", "version": "1.4.0", "scope": "village", "waves": "1", "why": "-"}
    answer = thief.submit(NEW, told | {"tolerated": "0", "hours": "48"})
    assert answer.status_code == 403
    assert "再输入一遍您自己的登录密码" in answer.text
    assert site.village.rows(rollout) == []


@pytest.mark.parametrize("task", ["update-app", "update-firmware"])
def test_no_single_terminal_is_updated_without_the_password(
    site: VillageSite, thief: Browser, task: str
) -> None:
    told = {"do": task, "version": "1.4.0", "name": "t1", "why": "-"}
    assert thief.submit(f"{ONE}/jobs", told, seen=PAGE).status_code == 403
    assert site.village.rows(job) == []


def test_with_the_password_it_is_led_to_another_broker(site: VillageSite, thief: Browser) -> None:
    answer = thief.submit(SET, ELSEWHERE | {"password": PASSWORD}, seen=PAGE)
    assert "设置已发出" in answer.text


def test_the_password_is_not_guessed_there_either(site: VillageSite, thief: Browser) -> None:
    for _ in range(5):
        thief.submit(RETIRE, LAST | {"password": "guessed-by-a-thief"}, seen=PAGE)
    answer = thief.submit(RETIRE, LAST | {"password": PASSWORD}, seen=PAGE)
    assert "错误次数太多" in answer.text
    assert site.village.rows(retired_terminal) == []


def test_a_new_password_puts_every_open_console_before_the_door(
    site: VillageSite, thief: Browser
) -> None:
    now = site.clock.now()
    with site.engine.begin() as connection:
        change_password(connection, "maintainer", PASSWORD, "another-lin-li-2026", now)
    assert thief.get("/console/terminals").url.path == "/console/login"


def test_an_administrator_takes_the_console_from_whoever_has_it(
    site: VillageSite, thief: Browser
) -> None:
    with site.engine.begin() as connection:
        reset_password(connection, "maintainer", "a-first-lin-li-2026", site.clock.now())
    assert thief.get("/console/terminals").url.path == "/console/login"


def test_a_maintainers_console_shows_nobodys_name_or_number(
    site: VillageSite, thief: Browser
) -> None:
    for path in ("/console/people", "/console/people/by-phone", "/console/audit", "/console/staff"):
        assert thief.get(path).status_code == 403
