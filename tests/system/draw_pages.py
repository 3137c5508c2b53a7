"""Draws every page of a small town into pictures, at a desk's width and at a phone's.

`python -m tests.system.draw_pages DIRECTORY` (with `tests` on the path, as in pytest).
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from doubles.fleet_sample import put_fleet
from playwright.sync_api import Page

from linli.sync.phone_links import link_address
from linli.town.guests import CODE
from linli.town.shopping import LOGIN_CODE
from tests.system.browser import DESK, PHONE, chromium
from tests.system.pages_fleet import PagesFleet
from tests.system.pages_town import PASSWORD, PagesTown, SettledTown

SIZES = (("desk", DESK), ("phone", PHONE))

PAGES = {
    "": (
        "/c/yangguang",
        "/c/yangguang?kind=unit&per=year",
        "/c/yangguang/notices",
        "/c/yangguang/stories",
        "/check",
        "/standard",
        "/standard/history",
        "/standard/surveys/2026-11-1",
    ),
    "leader": (
        "/console",
        "/console/review",
        "/console/review/weeks",
        "/console/returned",
        "/console/notices",
        "/console/notices/2026-10",
        "/console/objections",
        "/console/calendar",
        "/console/record",
        "/console/awards",
        "/console/stories",
        "/console/board",
        "/console/stories/new",
        "/console/standard",
        "/console/standard/2027-01-1",
        "/console/standard/2026-12-1",
        "/console/standard/2027-01-1/item?code=D01",
        "/console/standard/2027-01-1/item?class_code=C",
        "/console/standard/2027-01-1/preview",
        "/console/surveys",
        "/console/surveys/new",
        "/console/surveys/2026-11-1",
        "/console/surveys/2026-11-2",
    ),
    "maintainer": (
        "/console/alerts",
        "/console/terminals",
        "/console/terminals/new",
        "/console/terminals/one?name=yangguang-1",
        "/console/terminals/job?id=j1",
        "/console/terminals/job?id=j2",
        "/console/terminals/job?id=j3",
        "/console/rollouts",
        "/console/rollouts/new",
        "/console/rollouts/one?id=j7",
        "/console/terminals/one?name=yangguang-10",
        "/console/parked",
        "/console/card-keys",
    ),
    "auditor": ("/console/audit", "/console/shop/settlements"),
    "admin": ("/console/code",),
    "clerk": (
        "/console",
        "/console/people",
        "/console/people?q=a000004",
        "/console/people/by-phone",
        "/console/people/new",
        "/console/people/holder?account=a000004",
        "/console/people/holder/full?account=a000004",
        "/console/people/holder/home?account=a000004",
        "/console/people/holder/leave?account=a000004",
        "/console/people/holder/erase?account=a000004",
        "/console/people/holder/merge?account=a000004&q=a0000",
        "/console/people/holder/merge?account=a000004&into=a000005",
        "/console/people/holder/export?account=a000004",
        "/console/people/holder/phones?account=a000004",
        "/console/people/holder/pin?account=a000004",
        "/console/cards",
        "/console/cards/new?account=a000004",
        "/console/cards/order?account=a000004",
        "/console/cards/orders",
        "/console/cards/stop?id=c000004",
        "/console/cards/replace?id=c000004",
        "/console/households",
        "/console/importing",
        "/console/by-hand",
        "/console/by-hand?show=all",
        "/console/by-hand/new?who=a000004",
        "/console/shop/desk?who=a000004",
        "/console/shop/orders",
        "/console/shop/doors",
        "/console/shop/troubles",
        "/console/shop/shelves",
        "/console/shop/merchants",
        "/console/shop/merchants/yangguang-bakery",
        "/console/shop/windows",
    ),
}
"""Login → what they open; without one, what everybody sees. More is added beside each page that is
made."""

RESIDENT = (
    "/me",
    "/me/points",
    "/me/deeds",
    "/me/declare",
    "/me/declarations",
    "/me/notice",
    "/me/objections",
    "/me/name",
    "/me/surveys",
    "/me/shop",
    "/me/vouchers",
    "/me/pin",
    "/me/phones",
)
MERCHANT = ("/merchant", "/merchant/day", "/merchant/months", "/merchant/months?month=2026-10")


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as directory,
        PagesTown(Path(directory), SettledTown(Path(directory))) as town,
        chromium() as browser,
    ):
        PagesFleet(town.engine, town.clock.now())
        put_fleet(town.engine, ["yangguang"], town.clock.now(), 12, wrong=0.6)
        for size, viewport in SIZES:
            for login, paths in PAGES.items():
                page = browser.new_context(viewport=viewport).new_page()
                if login:
                    log_in(page, town.url, login)
                _draw(page, town.url, paths, out, size)
        page = browser.new_context(viewport=PHONE).new_page()
        page.goto(link_address(town.url, CODE))
        page.screenshot(path=out / "me-link-phone.png", full_page=True)
        page.click("button.main")
        _draw(page, town.url, RESIDENT, out, "phone")
        page.goto(f"{town.url}/merchant/login?code={LOGIN_CODE}")
        page.screenshot(path=out / "merchant-login-phone.png", full_page=True)
        page.click("button.main")
        _draw(page, town.url, MERCHANT, out, "phone")


def _draw(page: Page, url: str, paths: Iterable[str], out: Path, size: str) -> None:
    for path in paths:
        page.goto(f"{url}{path}")
        picture = f"{re.sub('[^a-z0-9]+', '-', path.strip('/'))}-{size}.png"
        page.screenshot(path=out / picture, full_page=True)


def log_in(page: Page, url: str, login: str) -> None:
    """As somebody of the town's staff."""
    page.goto(f"{url}/console/login")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("button.main")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
