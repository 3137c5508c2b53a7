"""Every form there is, sent with what nobody types: the answer is a page in Chinese or leads to
one.

Which fields a form has is seen from what its handler reads. Each of them in turn has each of the
hostile values while the others are as people fill them in, and once all of them have it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from doubles.databases import on_sqlite
from fastapi.routing import APIRoute
from httpx2 import Response

from linli.ledger.people.checks import NewHolder, NewOrg
from linli.ledger.people.register import enrol
from linli.ledger.people.tree import add_orgs
from linli.ledger.staff.roles import RIGHTS, Role
from linli.ledger.web.chinese import HAN
from linli.ledger.web.forms import Posted
from linli.ledger.web.pages import ROUTES
from linli.sync.messages import Kind
from tests.unit.ledger.village import Village
from tests.unit.ledger.web.counter import Counter
from tests.unit.ledger.web.every_route import BY_RIGHTS, routes_in
from tests.unit.ledger.web.site import CSRF, Browser, VillageSite, first

Fields = dict[str, str | bytes | None]
HOSTILE: Fields = {
    "empty": "",
    "missing": None,
    "long": "长" * 10_000,
    "NUL": "a\x00b",
    "half a character": b"\xed\xa0\x80",
    "emoji": "👨\u200d👩\u200d👧🏮",
    "huge": "9" * 40,
    "negative": "-1",
    "full-width": "１２３",
    "end of time": "9999-12-31",
    "elsewhere": "z1",
    "another community": "lake",
    "a formula": "=1+1",
    "markup": "<script>'\"{{ 7*7 }}",
}
AS_PEOPLE_DO = {
    "account": "a4",
    "who": "a4",
    "loser": "a4",
    "winner": "a5",
    "into": "a5",
    "deed": "visit.a1",
    "id": "1",
    "item": "D01",
    "day": "2026-11-20",
    "month": "2026-11",
    "first_month": "2026-12",
    "effective_on": "2027-01-01",
    "quarter": "2026-Q4",
    "first": "2026-12-01",
    "last": "2026-12-10",
    "opens": "2026-12-01",
    "closes": "2026-12-10",
    "year": "2025",
    "scope": "village",
    "centre": "village-centre",
    "building": "b1",
    "choice": "post",
    "kind": "resident",
    "role": "member",
    "title": "帮邻居",
    "text": "大家一起动手",
    "name": "王小明",
    "why": "本人到场",
    "reason": "本人到场",
    "words": "那天没有来",
    "ware": "rice",
    "offer": "bread",
    "consent": "yes",
    "login": "nobody-here",
    "password": "wrong-password",
    "period": "month",
    "word": "yes",
}
"""Of the fields that are not named here, 1 is as good as any."""
IN_ADDRESSES = {"month": "2026-11", "merchant_id": "bakery"}
ENDS_THE_SESSION = {"/console/logout", "/me/logout", "/merchant/logout"}
"""They read no field, and everything after them would be asked by nobody."""
BUTTONS = {
    "/console/card-keys/begin",
    "/console/notices/{month}/seal",
    "/console/parked",
    "/console/shop/merchants/{merchant_id}/code",
    "/console/standard/{id_}/discard",
    "/console/surveys/{id_}/discard",
    "/console/surveys/{id_}/release",
}
"""They read no field."""
HASHES = {"/console/password", "/console/login"}
"""A password takes a tenth of a second each time: all fields have each value at once only."""
NOT_THERE = {"/me/surveys/{id_}"}
"""What it is of is not in this village: its own tests send what it reads."""
ALIKE = re.compile(r":(?!1$)[0-9]+$")
"""Of rows of a form that are alike, the first stands for all."""
LOGINS = ("/console/login", "/me/welcome", "/merchant/login")
POSTS = {
    route.path: route.endpoint
    for routes in ROUTES
    for route in routes.routes
    if isinstance(route, APIRoute) and "POST" in route.methods
}


class Desks:
    """A village with its shop, another beside it, and a browser for whoever may send each form.
    `asked` are the fields that handlers read since it was emptied."""

    def __init__(self, village: Village) -> None:
        self.asked: set[str] = set()
        site = VillageSite(village)
        with site.engine.begin() as connection:
            beside = [
                NewOrg("lake", "street", "community", "湖畔社区"),
                NewOrg("lake-b1", "lake", "building", "1号楼"),
            ]
            add_orgs(connection, beside, site.clock.now())
            there = NewHolder("z1", "赵六", Kind.RESIDENT, "lake-b1", consent=True, under14=False)
            enrol(connection, [there], site.clock.now())
        counter = Counter(site)
        staff = {role: site.log_in(role) for role in Role}
        self.theirs = {"me": counter.resident("a1"), "merchant": counter.till()}
        self.nobody = site.browser()
        self.roles: dict[str, Browser] = {}
        for rights, text in BY_RIGHTS.items():
            role = next(role for role in Role if RIGHTS[role] & set(rights))
            self.roles |= dict.fromkeys((path for _, path in routes_in(text)), staff[role])
        self.clerk = staff[Role.CLERK]
        for browser in (*staff.values(), *self.theirs.values(), self.nobody):
            browser.follow_redirects = False
        self.tokens: dict[int, str] = {}

    def of(self, path: str) -> Browser:
        if path in (*LOGINS, "/me/link", "/check"):
            return self.nobody
        room = path.split("/")[1]
        return self.roles.get(path) or self.theirs.get(room) or self.clerk

    def token(self, browser: Browser) -> str:
        if id(browser) not in self.tokens:
            pages = ("/console", "/me/phones", "/merchant", "/console/login")
            page = next(a.text for a in map(browser.get, pages) if 'name="csrf"' in a.text)
            self.tokens[id(browser)] = first(CSRF, page)
        return self.tokens[id(browser)]


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    with on_sqlite(tmp_path_factory.mktemp("forms"), Village) as made:
        engine = made.settled()
        desks = Desks(Village(engine, settled=True))
        with pytest.MonkeyPatch.context() as patch:
            for reads in ("text", "texts", "whole", "files"):
                patch.setattr(Posted, reads, _noting(desks.asked, getattr(Posted, reads)))
            yield desks
        made.close(engine)


def _noting(asked: set[str], read: Callable[[Posted, str], Any]) -> Callable[[Posted, str], Any]:
    def noting(form: Posted, name: str) -> Any:
        asked.add(name)
        return read(form, name)

    return noting


def send(desks: Desks, path: str, fields: Fields) -> Response:
    browser = desks.of(path)
    given = {name: value for name, value in fields.items() if value is not None}
    body = {"csrf": desks.token(browser), "once": secrets.token_urlsafe(), **given}
    head = {"content-type": "application/x-www-form-urlencoded"}
    address = re.sub(r"{(\w+)}", lambda part: IN_ADDRESSES.get(part[1], "1"), path)
    return browser.post(address, content=urlencode(body).encode(), headers=head)


def wrong_with(answer: Response, path: str) -> str:
    """Empty where the answer is in order."""
    kind = answer.headers.get("content-type", "")
    if answer.status_code == 303:
        to = answer.headers["location"]
        return f"led out to {to}" if to.startswith(LOGINS) and path not in HASHES else ""
    if answer.status_code == 200 and "html" not in kind:
        return ""
    if answer.status_code < 500 and "html" in kind and HAN.search(answer.text):
        return ""
    return f"{answer.status_code} {answer.text[-300:]}"


def filled_in(desks: Desks, path: str) -> Fields:
    """The form as people send it, with all that its handler comes to read."""
    fields: Fields = {}
    while True:
        desks.asked.clear()
        assert wrong_with(send(desks, path, fields), path) == ""
        new = desks.asked - fields.keys() - {"csrf", "once"}
        if not new:
            return fields
        fields |= {name: AS_PEOPLE_DO.get(name, "1") for name in new}


@pytest.mark.parametrize("path", sorted(POSTS.keys() - ENDS_THE_SESSION))
def test_whatever_a_form_holds_the_answer_is_a_page(desks: Desks, path: str) -> None:
    good = filled_in(desks, path)
    assert bool(good) is (path not in BUTTONS and path not in NOT_THERE)
    wrong = []
    for called, value in HOSTILE.items():
        tried = {"all": dict.fromkeys(good, value)}
        if path not in HASHES:
            alone = (name for name in good if not ALIKE.search(name))
            tried |= {name: {**good, name: value} for name in alone}
        for name, fields in tried.items():
            if said := wrong_with(send(desks, path, fields), path):
                wrong.append(f"{name} {called}: {said}")
    assert wrong == []


@pytest.mark.parametrize("path", sorted(path for path in POSTS if "{" in path))
def test_whatever_a_forms_address_holds_the_answer_is_a_page(desks: Desks, path: str) -> None:
    browser = desks.of(path)
    for value in HOSTILE.values():
        part = quote(value or "", safe="")[:2000]
        fields = {"csrf": desks.token(browser), "once": secrets.token_urlsafe()}
        answer = browser.post(re.sub(r"{\w+}", part.replace("\\", ""), path), data=fields)
        assert answer.status_code < 500, value
        assert answer.status_code in (303, 307) or HAN.search(answer.text), value
