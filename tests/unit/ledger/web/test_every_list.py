"""Every list page has its export: a page that is added is named here, or counted as no list.

What is no list is a form, one thing, or a file; those of its table that may stay without are named
with the reason.
"""

from __future__ import annotations

import inspect
import io
import re
from collections.abc import Iterator

import pytest
from doubles.databases import on_sqlite
from fastapi.routing import APIRoute
from openpyxl import load_workbook

from linli.ledger.staff.roles import RIGHTS, Role
from linli.ledger.web.listing import XLSX
from linli.ledger.web.pages import ROUTES
from linli.ledger.web.rendering import TEMPLATES
from tests.unit.ledger.village import Village
from tests.unit.ledger.web.counter import Counter
from tests.unit.ledger.web.every_route import BY_RIGHTS, EVERYBODY, routes_in
from tests.unit.ledger.web.site import Browser, VillageSite

LISTS = {
    "/c/{scope}",
    "/c/{scope}/notices",
    "/c/{scope}/notices/{month}",
    "/c/{scope}/stories",
    "/standard",
    "/standard/history",
    "/console/people",
    "/console/people/holder/phones",
    "/console/cards",
    "/console/cards/orders",
    "/console/households",
    "/console/by-hand",
    "/console/review",
    "/console/review/weeks",
    "/console/returned",
    "/console/notices",
    "/console/notices/{month}",
    "/console/objections",
    "/console/awards",
    "/console/stories",
    "/console/standard",
    "/console/surveys",
    "/console/surveys/{id_}",
    "/console/shop/orders",
    "/console/shop/shelves",
    "/console/shop/merchants",
    "/console/shop/settlements",
    "/console/shop/troubles",
    "/console/shop/windows",
    "/console/calendar",
    "/console/record",
    "/console/alerts",
    "/console/terminals",
    "/console/parked",
    "/console/rollouts",
    "/console/audit",
    "/console/staff",
    "/merchant/day",
    "/merchant/months",
}
EXEMPT = {
    "/console/people/holder/objection": "picks from the notice, which has its export",
    "/me/deeds": "one's own: the desk exports all that is kept of a person",
    "/me/declarations": "one's own: the desk exports all that is kept of a person",
    "/me/objections": "one's own: the desk exports all that is kept of a person",
    "/me/notice": "the notice that everybody may export from its public page",
}
"""Pages that turn their leaves and have no export, with the reason."""
BOUNDED = {
    "/console/terminals/tap": "one tap",
    "/console/alerts/routes": "fifty at most",
    "/": "the communities of one ledger, which do not grow by use",
    "/console": "what waits, a few figures",
    "/console/card-keys": "a community's generations, one a year or so",
    "/console/households/one": "the people behind one door",
    "/console/people/holder": "one person; their newest deeds",
    "/console/shop/merchants/{merchant_id}": "one merchant; offers and months have exports",
    "/console/shop/desk": "one person at the counter",
    "/console/standard/{id_}": "one adjustment, in the export of all",
    "/me/phones": "at most a handful",
    "/me/surveys": "what is asked now",
    "/me/shop": "what is on the shelves now",
    "/me/vouchers": "one's own vouchers, shown by their codes",
    "/me/points": "one's own points",
}
"""Pages with something like a list that cannot grow without end, with the reason."""
TEMPLATE = re.compile(r'"([\w/]+\.html)"')
TURNS_LEAVES = re.compile(r"\b(cut|Listing|as_file)\(")
IN_ADDRESSES = {"month": "2026-11", "scope": "village", "id_": "none"}
NEEDS = {"/console/surveys/{id_}", "/console/notices/{month}", "/c/{scope}/notices/{month}"}
"""What they are of is made by tests of their own, which ask for the file."""

ENDPOINTS = {
    route.path: route.endpoint
    for routes in ROUTES
    for route in routes.routes
    if isinstance(route, APIRoute) and "GET" in route.methods
}


class Readers:
    """A village and a browser for each of its pages."""

    def __init__(self, village: Village) -> None:
        site = VillageSite(village)
        self.staff = {role: site.log_in(role) for role in Role}
        self.till = Counter(site).till()
        self.nobody = site.browser()
        self.opens = dict.fromkeys(
            (path for _, path in routes_in(EVERYBODY)), self.nobody
        ) | dict.fromkeys((path for path in ENDPOINTS if path.startswith("/merchant")), self.till)
        for rights, text in BY_RIGHTS.items():
            role = next(role for role in Role if RIGHTS[role] & set(rights))
            self.opens |= dict.fromkeys((p for _, p in routes_in(text)), self.staff[role])

    def of(self, path: str) -> Browser:
        return self.opens[path]


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    with on_sqlite(tmp_path_factory.mktemp("lists"), Village) as made:
        engine = made.settled()
        yield Readers(Village(engine, settled=True))
        made.close(engine)


def _address(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda part: IN_ADDRESSES.get(part[1], "1"), path)


def test_every_page_that_turns_its_leaves_is_named() -> None:
    turning = {
        path for path, made in ENDPOINTS.items() if TURNS_LEAVES.search(inspect.getsource(made))
    }
    assert turning - LISTS - set(EXEMPT) == set()
    assert (LISTS | set(EXEMPT) | set(BOUNDED)) <= set(ENDPOINTS)


@pytest.mark.parametrize("path", sorted(LISTS - NEEDS))
def test_every_list_comes_out_as_a_workbook(readers: Readers, path: str) -> None:
    asked = {"account": "a1", "format": "xlsx"}
    answer = readers.of(path).get(_address(path), params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == XLSX
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    head = [cell.value for cell in sheet[1]]
    assert all(isinstance(name, str) and name for name in head)


@pytest.mark.parametrize("path", sorted(LISTS))
def test_every_list_offers_its_file_where_it_is_read(path: str) -> None:
    source = inspect.getsource(ENDPOINTS[path])
    of = "console/" if path.startswith("/console") else path.split("/")[1] + "/"
    drawn = TEMPLATE.search(source)
    assert drawn is not None
    found = [TEMPLATES / folder / drawn[1] for folder in (of, "public")]
    text = next(one for one in found if one.exists()).read_text()
    assert "parts.exports(" in text or "format=xlsx" in text


@pytest.mark.parametrize("path", sorted(p for p in LISTS - NEEDS if p.startswith("/console")))
def test_who_may_not_read_a_list_does_not_get_its_file(readers: Readers, path: str) -> None:
    rights = next(set(r) for r, text in BY_RIGHTS.items() if ("GET", path) in routes_in(text))
    for role, browser in readers.staff.items():
        answer = browser.get(_address(path), params={"account": "a1", "format": "xlsx"})
        assert answer.status_code == (200 if RIGHTS[role] & rights else 403), role
