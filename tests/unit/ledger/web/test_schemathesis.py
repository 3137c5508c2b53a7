"""Whatever a program or a browser sends to whatever address: the ledger answers, and never with a
failure of its own. Schemathesis makes the requests from what FastAPI says of each route, the pages
too, which `/openapi.json` leaves out; forms come from browsers that may do what they ask for, with
their tokens and with fields that any page has."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.openapi.utils import get_openapi
from httpx2 import Response
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from schemathesis import Case, openapi

import linli.ledger.web
from linli.ledger.staff.roles import RIGHTS, Role
from linli.ledger.terminals.authority import found
from linli.ledger.web.app import make_app
from linli.ledger.web.enrolling import Gate
from linli.ledger.web.hardening import HEADERS
from linli.ledger.web.pages import ROUTES
from tests.unit.ledger.web.counter import Counter
from tests.unit.ledger.web.every_route import BY_RIGHTS, routes_in
from tests.unit.ledger.web.site import CSRF, Browser, VillageSite, first

LEFT_OUT = {"/board/{scope}/changes", "/console/logout", "/console/password", "/console/code"}
"""Server-sent events have no end to read up to; the others would put the browser before the door,
and have tests of their own."""
BOUNDED = settings(
    max_examples=2,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
)
"""The same requests each time, so that a failure is everybody's."""
TEMPLATES = Path(linli.ledger.web.__file__).with_name("templates")
FIELDS = sorted(
    {
        name
        for page in TEMPLATES.rglob("*.html")
        for name in re.findall(r'name="([a-z_]+)"', page.read_text(encoding="utf-8"))
    }
    - {"csrf", "once"}
)
LIKELY = ("", "a1", "1", "village", "2026-11", "2026-11-24", "patrol", "B01", "t1", "yes", "10:30")
ODD = ("-1", "9" * 30, "1e9", "0x10", "99:99", "2026-02-30", "9999-12-31", "٣", "%s", "'", "\udcff")
FILLED_IN = st.dictionaries(
    st.sampled_from(FIELDS), st.sampled_from(LIKELY + ODD) | st.text(max_size=12), max_size=12
)


class Visitors:
    """Whoever may open an address."""

    def __init__(self, site: VillageSite) -> None:
        gate = Gate(found("test", site.clock.now()), "broker.example", 8883)
        site.app = make_app(site.engine, site.clock, site.site, gate)
        counter = Counter(site)
        self.app = site.app
        self.nobody = site.browser()
        self.staff = {role: site.log_in(role) for role in Role}
        self.others = {"me": counter.resident("a1"), "merchant": counter.till()}
        self._once = itertools.count()
        every = (*self.staff.values(), *self.others.values(), self.nobody)
        for browser in every:
            browser.follow_redirects = False
        homes = {**dict.fromkeys(Role, "/console"), "me": "/me/name", "merchant": "/merchant"}
        self._tokens = {
            id(browser): first(CSRF, browser.text(homes[who]))
            for who, browser in (*self.staff.items(), *self.others.items())
        }
        self._rights = {
            one: rights for rights, text in BY_RIGHTS.items() for one in routes_in(text)
        }

    def described(self) -> dict[str, Any]:
        """All routes as OpenAPI."""
        pages = [route for routes in ROUTES for route in routes.routes]
        told = get_openapi(title="pages", version="1", routes=pages)
        programs = self.app.openapi()
        for path, methods in told["paths"].items():
            programs["paths"].setdefault(path, {}).update(methods)
        components = programs.setdefault("components", {}).setdefault("schemas", {})
        components.update(told.get("components", {}).get("schemas", {}))
        return programs

    def browser(self, method: str, path: str) -> Browser:
        """Of somebody who may open it."""
        rights = set(self._rights.get((method, path), ()))
        for role, browser in self.staff.items():
            if RIGHTS[role] & rights:
                return browser
        return self.others.get(path.split("/")[1], self.nobody)

    def send(self, case: Case, fields: dict[str, str], body: bytes) -> Response:
        browser = self.browser(case.method, case.operation.path)
        address = case.formatted_path
        query = {k: v for k, v in (case.query or {}).items() if v is not None}
        if case.method != "POST":
            return browser.request(case.method, address, params=query)
        if address.startswith("/v1/"):
            return browser.post(address, params=query, content=body)
        tokens = {"csrf": self._tokens.get(id(browser), ""), "once": str(next(self._once))}
        clean = {name: value.encode("utf-8", "replace") for name, value in fields.items()}
        return browser.post(address, params=query, data={**clean, **tokens})


@pytest.fixture
def visitors(site: VillageSite) -> Visitors:
    return Visitors(site)


BODIES = st.binary(max_size=40) | st.sampled_from(
    [
        b"",
        b"{}",
        b"[" * 5000,
        b'{"body":{},"signature":""}',
        b'{"batch":{},"signature":""}',
        b"\xff",
    ]
)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_no_request_makes_the_ledger_fail_and_every_answer_is_hardened(visitors: Visitors) -> None:
    wrong: list[str] = []
    for found_one in openapi.from_dict(visitors.described()).get_all_operations():
        operation = found_one.ok()
        if operation.path in LEFT_OUT:
            continue

        @BOUNDED
        @given(operation.as_strategy(), FILLED_IN, BODIES)
        def asked(case: Case, fields: dict[str, str], body: bytes) -> None:
            answer = visitors.send(case, fields, body)
            lacking = [name for name in HEADERS if name not in answer.headers]
            if answer.status_code >= 500 or lacking:
                wrong.append(f"{case.method} {answer.url} {fields}: {answer.status_code} {lacking}")

        asked()
    assert wrong == []
