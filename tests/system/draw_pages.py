"""Draws every page of a small town into pictures, at a desk's width and at a phone's.

`python -m tests.system.draw_pages DIRECTORY` (with `tests` on the path, as in pytest).
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.system.browser import DESK, PHONE, chromium
from tests.system.pages_town import PASSWORD, PagesTown

SIZES = (("desk", DESK), ("phone", PHONE))

PAGES = {
    "": (
        "/c/yangguang",
        "/c/yangguang?kind=unit&per=year",
        "/c/yangguang/notices",
        "/c/yangguang/stories",
        "/check",
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
        "/console/awards",
        "/console/stories",
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
        "/standard",
        "/standard/history",
        "/standard/surveys/2026-11-1",
    ),
    "auditor": ("/console/audit",),
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
        "/console/cards",
        "/console/cards/new?account=a000004",
        "/console/cards/stop?id=c000004",
        "/console/cards/replace?id=c000004",
        "/console/households",
        "/console/importing",
        "/console/by-hand",
        "/console/by-hand?show=all",
        "/console/by-hand/new?who=a000004",
    ),
}
"""Login → what they open; without one, what everybody sees. More is added beside each page that is
made."""


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as directory,
        PagesTown(Path(directory)) as town,
        chromium() as browser,
    ):
        for size, viewport in SIZES:
            for login, paths in PAGES.items():
                page = browser.new_context(viewport=viewport).new_page()
                if login:
                    log_in(page, town.url, login)
                for path in paths:
                    page.goto(f"{town.url}{path}")
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
