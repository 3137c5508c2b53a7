"""The village with pages, and browsers of the people who work there.

site = VillageSite(village)
clerk = site.log_in(Role.CLERK)
clerk.get("/console/people")
clerk.submit("/console/people", {"name": "张三"})
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyotp
from doubles.clock import HandClock
from httpx2 import Response
from sqlalchemy import Connection, select
from starlette.testclient import TestClient

from linli.ledger.people.personal_schema import audit_log
from linli.ledger.people.vault import KeyRing
from linli.ledger.review.panel import appoint, set_quorum
from linli.ledger.staff.accounts import NewWorker, hire
from linli.ledger.staff.codes import new_secret, set_up
from linli.ledger.staff.roles import NEEDS_CODE, ON_A_PANEL, Role
from linli.ledger.staff.schema import staff
from linli.ledger.web.app import make_app
from linli.ledger.web.site import Site
from tests.unit.ledger.village import Village

PASSWORD = "lin-li-2026-xiangyang"
RING = KeyRing("k1", {"k1": bytes(32)})
CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')


class Browser(TestClient):
    """One person's browser. It follows redirects, keeps cookies and sends forms with their
    tokens."""

    def text(self, path: str) -> str:
        """The page, which must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def submit(
        self,
        path: str,
        fields: Mapping[str, Any],
        *,
        seen: str = "",
        files: Any = None,
    ) -> Response:
        """Send the form with these fields as the page `seen` (or `path` itself) would."""
        page = self.get(seen or path).text
        tokens = {"csrf": first(CSRF, page), "once": first(ONCE, page)}
        return self.post(path, data={**tokens, **fields}, files=files)


def first(pattern: re.Pattern[str], page: str) -> str:
    """What the page has there, such as the token of a form."""
    found = pattern.search(page)
    assert found is not None, page
    return found.group(1)


class VillageSite:
    """Everybody of the panel (a1 leads, a2 and a3 with quorum 2) and one of each other role."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.engine = village.engine
        self.clock = HandClock()
        self.clock.wall = village.now
        self.poked = 0
        self.site = Site(
            self.engine, self.clock, RING, committed=self._poke, phones_time=self.clock
        )
        self.app = make_app(self.engine, self.clock, self.site)
        with self.engine.begin() as connection:
            for account, role in (("a1", "leader"), ("a2", "member"), ("a3", "member")):
                appoint(connection, "village", account, role, "居民代表", village.now)
            set_quorum(connection, "village", 2)

    def _poke(self) -> None:
        self.poked += 1

    def browser(self) -> Browser:
        return Browser(self.app, base_url="http://testserver")

    def hire(self, role: Role, login: str = "", account: str | None = None) -> str:
        """Their login."""
        login = login or role.value
        scope = None if role in NEEDS_CODE or role is Role.AUDITOR else "village"
        if role in ON_A_PANEL and account is None:
            account = "a1" if role is Role.LEADER else "a2"
        new = NewWorker(login, f"{login}同志", role, scope, account)
        with self.engine.begin() as connection:
            hire(connection, new, PASSWORD, self.village.now, must_change=False)
            if role in NEEDS_CODE:
                self._give_code(connection, login)
        return login

    def _give_code(self, connection: Connection, login: str) -> None:
        secret = new_secret()
        now = self.clock.now()
        self.code = pyotp.TOTP(secret)
        set_up(connection, login, secret, self.code.at(now), RING, now)

    def log_in(self, role: Role, login: str = "", account: str | None = None) -> Browser:
        """A browser in which somebody of that role is logged in."""
        login = self.hire(role, login, account)
        browser = self.browser()
        code = ""
        if role in NEEDS_CODE:
            self.clock.pass_(minutes=1)
            code = self.code.at(self.clock.now())
        fields = {"login": login, "password": PASSWORD, "code": code}
        answer = browser.submit("/console/login", fields)
        assert answer.status_code == 200, answer.text
        return browser

    def audited(self) -> Sequence[str]:
        """What the audit log says was done."""
        with self.engine.connect() as connection:
            query = select(audit_log.c.what).order_by(audit_log.c.number)
            return list(connection.execute(query).scalars())

    def logins(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.execute(select(staff.c.login)).scalars())
