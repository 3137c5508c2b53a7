"""`linli bench pages`: every list of the console and the main pages, of a ledger that is full.

A hundred thousand holders and a million deeds on SQLite, the real server, people who log in by its
own forms, and each page asked twenty times over HTTP with what its readers look for. Goal: 95 of a
hundred answers within 150 ms, of the slowest page too.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyotp
import requests
from sqlalchemy import Engine

from linli.benchmarks.figure import Figure, at_most, percentile
from linli.benchmarks.full_ledger import NOW, PASSWORD, PEOPLE, fill
from linli.ledger.database import open_database
from linli.ledger.long_lived import spare_what_stays
from linli.ledger.people.access_log import Staff
from linli.ledger.people.vault import KeyRing
from linli.ledger.phones.tickets import issue_at_desk
from linli.ledger.shop.codes import shown
from linli.ledger.staff.codes import STEP_S, new_secret, set_up
from linli.ledger.staff.roles import NEEDS_CODE, Role
from linli.ledger.web.app import make_app
from linli.ledger.web.server import HttpServer
from linli.ledger.web.site import Site
from linli.town.clock import TownClock
from linli.town.district import Community

ASKED = 20
GOAL_MS = 150
SLOWEST = 5
"""How many of the slowest pages are named on the way."""
RING = KeyRing("bench", {"bench": bytes(32)})
CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')
KEY = re.compile(r'name="key" value="([^"]+)"')
DESK: Mapping[Role, tuple[str, ...]] = {
    Role.CLERK: (
        "/console",
        "/console/people",
        "/console/people?page=80",
        "/console/people?q=张",
        "/console/people?q=card-01000777",
        "/console/people?building=c01-b7&kind=resident",
        "/console/people/holder?account=01000777",
        "/console/people/holder/phones?account=01000777",
        "/console/people/holder/objection?account=01000777&q=李",
        "/console/cards",
        "/console/cards?state=any&chip=ntag424&page=40",
        "/console/cards?q=card-010007",
        "/console/households",
        "/console/by-hand",
        "/console/by-hand?show=all&q=签到表&page=3",
        "/console/returned",
        "/console/shop/desk?who=01000777",
        "/console/shop/orders",
        "/console/shop/shelves",
        "/console/shop/merchants",
        "/console/shop/windows",
        "/console/shop/settlements?month=2026-10",
    ),
    Role.LEADER: (
        "/console",
        "/console/review",
        "/console/review?show=doubted&page=4",
        "/console/review?q=王&item=D01",
        "/console/review/weeks",
        "/console/notices",
        "/console/notices/2026-10",
        "/console/notices/2026-10?q=王&kind=cadre",
        "/console/objections",
        "/console/objections?state=waiting",
        "/console/awards",
        "/console/stories",
        "/console/standard",
        "/console/surveys",
        "/console/calendar",
        "/console/calendar?kind=seal",
    ),
    Role.AUDITOR: (
        "/console/audit",
        "/console/audit?page=3000",
        "/console/audit?who=leader&since=2026-10-01&until=2026-10-31",
        "/console/audit?what=c07-200006",
        "/console/people?state=any&scope=c12",
    ),
    Role.MAINTAINER: ("/console/terminals", "/console/terminals?q=c01", "/console/parked"),
    Role.ADMINISTRATOR: ("/console/staff", "/console/staff?role=clerk"),
}
EVERYBODY = (
    "/",
    "/c/c01",
    "/c/c01?kind=resident&per=year&page=30",
    "/c/c01?per=month&node=c01-b7",
    "/c/c01?per=year&node=xiangyang",
    "/c/c01/notices",
    "/c/c01/notices/2026-10",
    "/c/c01/notices/2026-10?kind=cadre&page=5",
    "/c/c01/stories",
    "/standard",
    "/standard/history",
)
RESIDENT = (
    "/me",
    "/me/points",
    "/me/deeds",
    "/me/declarations",
    "/me/notice",
    "/me/notice?q=王",
    "/me/shop",
)


class NotAnsweredError(RuntimeError):
    """A page did not come: its time means nothing."""


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as name:
        directory = Path(name)
        engine = open_database(directory / "ledger.db")
        try:
            began = time.perf_counter()
            community = fill(engine)
            print(f"filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
            return list(figures(measure(engine, directory, community)))
        finally:
            engine.dispose()


def measure(engine: Engine, directory: Path, community: Community) -> dict[str, list[float]]:
    """Milliseconds of each page. Raises NotAnsweredError."""
    clock = TownClock.create(directory / "clock", NOW)
    site = Site(engine, clock, RING, phones_time=clock)
    server = HttpServer(make_app(engine, clock, site), "127.0.0.1", 0)
    server.start()
    spare_what_stays()  # as `linli ledger serve` does: of a district's year much is in memory here
    url = f"http://127.0.0.1:{server.port}"
    costs: dict[str, list[float]] = {}
    try:
        for role, paths in DESK.items():
            costs |= _asked(_staff(url, role, engine, clock), url, paths, role.value)
        costs |= _asked(requests.Session(), url, EVERYBODY, "everybody")
        resident = _resident(url, community.people[100].holder.account, engine, clock)
        costs |= _asked(resident, url, RESIDENT, "resident")
    finally:
        server.close()
    return costs


def figures(costs: Mapping[str, list[float]]) -> Iterator[Figure]:
    slowest = sorted(costs, key=lambda page: percentile(costs[page], 95), reverse=True)
    for page in slowest[:SLOWEST]:
        print(f"{percentile(costs[page], 95):6.0f} ms p95  {page}", file=sys.stderr)
    worst = slowest[0]
    every = [one for some in costs.values() for one in some]
    of = f"of a ledger with {PEOPLE:,} holders"
    yield at_most(f"{len(costs)} pages {of}, p95", percentile(every, 95), "ms", GOAL_MS)
    name = f"the slowest page {of} ({worst}), p95"
    yield at_most(name, percentile(costs[worst], 95), "ms", GOAL_MS)


def _asked(
    session: requests.Session, url: str, paths: tuple[str, ...], who: str
) -> dict[str, list[float]]:
    """Asked in turn, so that no page has the machine's caches to itself; the first round warms up
    what the server itself keeps."""
    costs: dict[str, list[float]] = {path: [] for path in paths}
    for number in range(ASKED + 1):
        for path in paths:
            began = time.perf_counter()
            answer = session.get(f"{url}{path}", allow_redirects=False)
            took = (time.perf_counter() - began) * 1000
            if answer.status_code != 200:
                raise NotAnsweredError(f"{who}: {path} was answered by {answer.status_code}")
            if number:
                costs[path].append(took)
    return {f"{who} {path}": some for path, some in costs.items()}


# --- who asks --------------------------------------------------------------------------------


def _staff(url: str, role: Role, engine: Engine, clock: TownClock) -> requests.Session:
    """Logged in by the form, with a one-time code where the role needs it."""
    code = ""
    if role in NEEDS_CODE:
        secret, now = new_secret(), clock.now()
        phone = pyotp.TOTP(secret)
        with engine.begin() as connection:
            set_up(connection, role.value, secret, phone.at(now), RING, now)
        clock.set(now + dt.timedelta(seconds=STEP_S))
        code = phone.at(clock.now())
    fields = {"login": role.value, "password": PASSWORD, "code": code}
    return _entered(f"{url}/console/login", fields, f"{url}/console")


def _resident(url: str, account: str, engine: Engine, clock: TownClock) -> requests.Session:
    """A phone that was linked by a code of the desk."""
    with engine.begin() as connection:
        by = Staff("clerk", Role.CLERK.value)
        code = issue_at_desk(connection, account, by, "in person", clock.now(), secrets.randbits)
    return _entered(f"{url}/me/link?t={shown(code)}", {"t": shown(code)}, f"{url}/me")


def _entered(address: str, fields: Mapping[str, str], home: str) -> requests.Session:
    """Raises NotAnsweredError where the form does not let them in."""
    session = requests.Session()
    page = session.get(address).text
    tokens = {
        name: found[1]
        for name, pattern in (("csrf", CSRF), ("once", ONCE), ("key", KEY))
        if (found := pattern.search(page)) is not None
    }
    answer = session.post(address.partition("?")[0], data={**tokens, **fields})
    if answer.status_code != 200 or answer.url.rstrip("/") != home:
        raise NotAnsweredError(f"{address} let nobody in: {answer.status_code}, {answer.url}")
    return session
