"""The role matrix: who may open what, of every page there is. A page that is added is added to
`every_route`, or a test fails here."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

import pytest
from doubles.databases import on_sqlite
from fastapi.routing import APIRoute

from linli.ledger.staff.roles import RIGHTS, Right, Role
from linli.ledger.web.console.navigation import MENU
from linli.ledger.web.pages import ROUTES
from tests.unit.ledger.village import Village
from tests.unit.ledger.web.counter import Counter
from tests.unit.ledger.web.every_route import BY_RIGHTS, EVERYBODY, ONESELF, PROGRAMS, routes_in
from tests.unit.ledger.web.site import CSRF, Browser, VillageSite, first

EVERY = [
    (method, route.path)
    for routes in ROUTES
    for route in routes.routes
    if isinstance(route, APIRoute)
    for method in route.methods
]
CONSOLE = [(*one, set(rights)) for rights, text in BY_RIGHTS.items() for one in routes_in(text)]
OPEN = {*routes_in(EVERYBODY)}
HOMES = {"/console": "/console/login", "/me": "/me/welcome", "/merchant": "/merchant/login"}
"""Of the pages that belong to somebody, and the doors to them."""
IN_ADDRESSES = {"month": "2026-11", "scope": "village", "week": "2026-W48"}
"""Of the rest of a path's parts, 1 is as good as any."""


class Everybody:
    """A village and browsers of all who may be there."""

    def __init__(self, village: Village) -> None:
        site = VillageSite(village)
        self.app = site.app
        counter = Counter(site)
        self.staff = {role: site.log_in(role) for role in Role}
        self.inside = {
            "/console": self.staff[Role.CLERK],
            "/me": counter.resident("a1"),
            "/merchant": counter.till(),
        }
        self.nobody = site.browser()
        for browser in (*self.staff.values(), *self.inside.values(), self.nobody):
            browser.follow_redirects = False


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everybody]:
    """One for all routes: none of them gets what it would need to change something."""
    with on_sqlite(tmp_path_factory.mktemp("everybody"), Village) as made:
        engine = made.settled()
        yield Everybody(Village(engine, settled=True))
        made.close(engine)


def _home(path: str) -> str:
    return f"/{path.split('/')[1]}"


def _address(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda part: IN_ADDRESSES.get(part[1], "1"), path)


def _ask(browser: Browser, method: str, path: str) -> int:
    """What becomes of it, from a page of ours: a form has nothing but its token and their
    community; an address has the parameters that most pages know."""
    if method == "GET":
        parameters = {"account": "a1", "id": "1", "deed": "1"}
        return browser.get(_address(path), params=parameters).status_code
    csrf = first(CSRF, browser.get("/console").text)
    once = secrets.token_urlsafe()
    fields = {"csrf": csrf, "once": once, "scope": "village"}
    return browser.post(_address(path), data=fields).status_code


def test_every_route_is_in_the_table_once() -> None:
    console = [(method, path) for method, path, _ in CONSOLE]
    known = [*OPEN, *routes_in(ONESELF), *console]
    theirs = [one for one in EVERY if one not in OPEN and _home(one[1]) in ("/me", "/merchant")]
    assert sorted(EVERY) == sorted([*known, *theirs])


@pytest.mark.parametrize(("method", "path", "rights"), CONSOLE)
def test_staff_get_where_their_role_leads_and_nowhere_else(
    everybody: Everybody, method: str, path: str, rights: set[Right]
) -> None:
    for role, browser in everybody.staff.items():
        status = _ask(browser, method, path)
        if RIGHTS[role] & rights:
            assert status in (200, 303, 404, 409, 422), role
        else:
            assert status == 403, role


@pytest.mark.parametrize(("method", "path"), sorted(set(EVERY) - OPEN))
def test_who_is_not_logged_in_is_led_to_the_door(
    everybody: Everybody, method: str, path: str
) -> None:
    answer = everybody.nobody.request(method, _address(path))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(HOMES[_home(path)])


@pytest.mark.parametrize("path", [path for method, path in EVERY if method == "POST"])
def test_a_form_without_its_token_is_not_taken(everybody: Everybody, path: str) -> None:
    allowed = {path: rights for method, path, rights in CONSOLE if method == "POST"}
    browser = everybody.inside.get(_home(path), everybody.nobody)
    for role, one in everybody.staff.items():
        if RIGHTS[role] & allowed.get(path, set()):
            browser = one
    assert browser.post(_address(path), data={"csrf": "伪造"}).status_code == 409


@pytest.mark.parametrize("role", Role)
def test_the_menu_leads_only_where_its_reader_may_go(everybody: Everybody, role: Role) -> None:
    for entry in (entry for group in MENU for entry in group.entries):
        status = everybody.staff[role].get(entry.path).status_code
        assert status == (200 if entry.rights & RIGHTS[role] else 403), entry.path


def test_every_address_for_programs_is_in_the_table(everybody: Everybody) -> None:
    paths: dict[str, dict[str, object]] = everybody.app.openapi()["paths"]
    asked = [(method.upper(), path) for path, methods in paths.items() for method in methods]
    assert sorted(asked) == sorted(routes_in(PROGRAMS))
