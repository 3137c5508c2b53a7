"""Who may open what, of every page there is: a page that is added is added here, with its guard."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping

import pytest
from doubles.databases import on_sqlite
from fastapi.routing import APIRoute

from linli.ledger.staff.roles import RIGHTS, Right, Role
from linli.ledger.web.console.navigation import MENU
from linli.ledger.web.pages import ROUTES
from tests.unit.ledger.village import Village
from tests.unit.ledger.web.counter import Counter
from tests.unit.ledger.web.site import CSRF, Browser, VillageSite, first

READ, DESK, REVIEW, LEAD = Right.READ, Right.DESK, Right.REVIEW, Right.LEAD
OVERSEE, STAFF = Right.OVERSEE, Right.STAFF

EVERYBODY = """
GET  /
GET  /c/{scope}
GET  /c/{scope}/notices
GET  /c/{scope}/notices/{month}
GET  /c/{scope}/notices/{month}/sheet.pdf
GET  /c/{scope}/notices/{month}/poster.png
GET  /c/{scope}/stories
GET  /standard
GET  /standard/history
GET  /standard/sheets/{id_}
GET  /standard/surveys/{id_}
GET  /check
POST /check
GET  /check/{place}.tlog-proof
GET  /console/login
POST /console/login
GET  /me/welcome
GET  /me/link
POST /me/link
GET  /merchant/login
POST /merchant/login
"""
"""Nobody has to be logged in."""

ONESELF = """
POST /console/logout
GET  /console/password
POST /console/password
GET  /console/code
POST /console/code
"""
"""Every member of staff, also before they changed their first password."""

BY_RIGHTS: Mapping[tuple[Right, ...], str] = {
    (READ,): """
        GET  /console
        GET  /console/review/weeks
        GET  /console/review/minutes/{week}
        GET  /console/returned
        GET  /console/evidence/{deed}/{place}
        GET  /console/shop/shelves
        GET  /console/shop/windows
        GET  /console/shop/merchants
        GET  /console/shop/merchants/{merchant_id}
        GET  /console/shop/settlements
        GET  /console/shop/settlements/{merchant_id}/{month}.xlsx
        GET  /console/shop/settlements/{merchant_id}/{month}.pdf
        GET  /console/notices
        GET  /console/notices/{month}
        GET  /console/notices/{month}/sheet.pdf
        GET  /console/notices/{month}/poster.png
        GET  /console/standard
        GET  /console/standard/{id_}
        GET  /console/standard/{id_}/sheet
        GET  /console/surveys
        GET  /console/surveys/{id_}
        GET  /console/awards
        GET  /console/stories
        GET  /console/calendar
        """,
    (DESK,): """
        GET  /console/by-hand/new
        POST /console/by-hand/new
        GET  /console/people/by-phone
        POST /console/people/by-phone
        GET  /console/people/new
        POST /console/people/new
        GET  /console/people/holder/full
        POST /console/people/holder/full
        POST /console/people/holder/personal
        POST /console/people/holder/consent
        GET  /console/people/holder/export
        POST /console/people/holder/export
        GET  /console/people/holder/home
        POST /console/people/holder/home
        GET  /console/people/holder/leave
        POST /console/people/holder/leave
        GET  /console/people/holder/erase
        POST /console/people/holder/erase
        GET  /console/people/holder/merge
        POST /console/people/holder/merge
        GET  /console/people/holder/objection
        POST /console/people/holder/objection
        GET  /console/people/holder/phones
        POST /console/people/holder/phones/code
        POST /console/people/holder/phones/revoke
        GET  /console/cards
        GET  /console/cards/new
        POST /console/cards/new
        GET  /console/cards/replace
        POST /console/cards/replace
        GET  /console/cards/stop
        POST /console/cards/stop
        GET  /console/cards/free
        POST /console/cards/free
        GET  /console/households
        POST /console/households
        GET  /console/households/one
        POST /console/households/name
        POST /console/households/in
        POST /console/households/out
        GET  /console/importing
        POST /console/importing
        POST /console/importing/take
        GET  /console/importing/template.xlsx
        GET  /console/shop/desk
        POST /console/shop/desk/goods
        POST /console/shop/desk/voucher
        GET  /console/shop/desk/voucher
        POST /console/shop/desk/refund
        POST /console/shop/desk/refund-voucher
        GET  /console/shop/orders
        POST /console/shop/orders/hand-out
        POST /console/shop/orders/refund
        POST /console/shop/shelves/add
        POST /console/shop/shelves/take-in
        POST /console/shop/shelves/count
        POST /console/shop/shelves/price
        POST /console/shop/shelves/withdraw
        POST /console/shop/windows
        POST /console/shop/merchants/add
        POST /console/shop/merchants/{merchant_id}/code
        POST /console/shop/merchants/{merchant_id}/devices/end
        POST /console/shop/merchants/{merchant_id}/offers/add
        POST /console/shop/merchants/{merchant_id}/offers/withdraw
        """,
    (DESK, OVERSEE): """
        GET  /console/people
        GET  /console/people/holder
        """,
    (DESK, LEAD): """
        GET  /console/by-hand
        GET  /console/by-hand/entry
        POST /console/by-hand/sign
        POST /console/by-hand/refuse
        POST /console/awards/certificate
        """,
    (DESK, REVIEW): """
        POST /console/returned
        GET  /console/stories/new
        POST /console/stories/new
        POST /console/stories/approve
        POST /console/stories/down
        """,
    (REVIEW,): """
        POST /console/review
        POST /console/objections
        POST /console/awards/vote
        """,
    (REVIEW, OVERSEE): """
        GET  /console/review
        GET  /console/review/deed
        GET  /console/objections
        """,
    (LEAD,): """
        POST /console/notices/freeze
        POST /console/notices/{month}/seal
        POST /console/standard/{id_}/publish
        POST /console/awards/propose
        """,
    (LEAD, STAFF): """
        POST /console/standard
        GET  /console/standard/{id_}/item
        POST /console/standard/{id_}/item
        POST /console/standard/{id_}/withdraw
        POST /console/standard/{id_}/drop
        POST /console/standard/{id_}/day
        POST /console/standard/{id_}/discard
        GET  /console/standard/{id_}/preview
        GET  /console/surveys/new
        POST /console/surveys/new
        GET  /console/surveys/{id_}/edit
        POST /console/surveys/{id_}/edit
        POST /console/surveys/{id_}/release
        POST /console/surveys/{id_}/discard
        """,
    (OVERSEE,): """
        GET  /console/audit
        """,
    (STAFF,): """
        POST /console/calendar
        GET  /console/staff
        POST /console/staff/hire
        POST /console/staff/reset
        POST /console/staff/end
        POST /console/staff/panel
        POST /console/staff/panel/dismiss
        POST /console/staff/panel/quorum
        """,
}
"""Members of staff with one of the rights, and nobody else."""


def _lines(text: str) -> list[tuple[str, str]]:
    return [(line.split()[0], line.split()[1]) for line in text.strip().splitlines()]


EVERY = [
    (method, route.path)
    for routes in ROUTES
    for route in routes.routes
    if isinstance(route, APIRoute)
    for method in route.methods
]
CONSOLE = [(*one, set(rights)) for rights, text in BY_RIGHTS.items() for one in _lines(text)]
OPEN = {*_lines(EVERYBODY)}
HOMES = {"/console": "/console/login", "/me": "/me/welcome", "/merchant": "/merchant/login"}
"""Of the pages that belong to somebody, and the doors to them."""
IN_ADDRESSES = {"month": "2026-11", "scope": "village", "week": "2026-W48"}
"""Of the rest of a path's parts, 1 is as good as any."""


class Everybody:
    """A village and browsers of all who may be there."""

    def __init__(self, village: Village) -> None:
        site = VillageSite(village)
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
    known = [*OPEN, *_lines(ONESELF), *console]
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
