"""A deed that no card witnessed, from a phone and from the desk, in a real browser."""

from __future__ import annotations

import io
import secrets
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from linli.ledger.declarations.photos import MOST_BYTES
from linli.ledger.declarations.schema import photo
from linli.ledger.people.access_log import Staff
from linli.ledger.phones.tickets import issue_at_desk
from linli.sync.messages import Kind
from tests.system.browser import DESK, PHONE
from tests.system.draw_pages import log_in
from tests.system.pages_town import PagesTown

WIDE, HIGH = 4000, 3000


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As a phone's camera leaves it: more than the ledger takes, unless the page makes it small."""
    path = tmp_path_factory.mktemp("camera") / "IMG_0001.jpg"
    Image.effect_noise((WIDE, HIGH), 60).convert("RGB").save(path, quality=92)
    assert path.stat().st_size > MOST_BYTES
    return path


def opened(browser: Browser, size: dict[str, int]) -> tuple[Page, list[str]]:
    """A new page, and what its console complains of."""
    page = browser.new_context(viewport=size, locale="zh-CN").new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


def newest_photo(town: PagesTown) -> Image.Image:
    with town.engine.connect() as connection:
        jpegs = connection.execute(select(photo.c.jpeg)).scalars().all()
    return max((Image.open(io.BytesIO(jpeg)) for jpeg in jpegs), key=lambda image: image.width)


def test_a_resident_declares_with_a_photo_of_the_camera(
    town: PagesTown, browser: Browser, snapshot: Path
) -> None:
    owner = next(p for p in town.world.people if p.kind is Kind.RESIDENT and not p.under14)
    with town.engine.begin() as connection:
        by, now = Staff("刘芳(clerk)", "clerk"), town.clock.now()
        code = issue_at_desk(connection, owner.account, by, "忘带卡", now, secrets.randbits)
    page, complaints = opened(browser, PHONE)
    page.goto(f"{town.url}/me/link?t={code}")
    page.click("button.main")
    page.click("text=积分申报")
    page.click("text=义务维修")
    page.set_input_files("#taken", str(snapshot))
    page.fill("#words", "修好了楼道灯")
    page.click("button.main")
    page.wait_for_selector(".way")
    assert page.locator(".way li.done").count() == 1
    shown = page.locator(".photos img").first
    shown.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert shown.evaluate("image => image.naturalWidth") == 1600
    assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]
    assert newest_photo(town).size == (1600, 1200)
    assert complaints == []


def test_the_desk_enters_and_somebody_else_signs(
    town: PagesTown, browser: Browser, snapshot: Path
) -> None:
    page, complaints = opened(browser, DESK)
    log_in(page, town.url, "clerk")
    page.goto(f"{town.url}/console/by-hand/new?who={town.world.people[3].account}")
    page.select_option("#item", "C01")
    page.fill("#reason", "读卡器坏了")
    page.set_input_files("#photo", str(snapshot))
    page.click("button.main")
    page.wait_for_selector("text=已录入")
    page, more = opened(browser, DESK)
    log_in(page, town.url, "clerk2")
    page.click("text=手工录入")
    page.locator("tr", has_text="读卡器坏了").locator("a").click()
    page.click("text=核对无误，签字")
    page.wait_for_selector("text=进入考评小组的待审名单")
    assert page.locator("tr", has_text="读卡器坏了").count() == 0
    assert complaints + more == []
