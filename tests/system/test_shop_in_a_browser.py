"""From points to bread in a real browser: a resident's phone, a merchant's phone, the counter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from linli.ledger.audit.verify import verify
from linli.sync.phone_links import link_address
from linli.town.guests import CODE
from linli.town.shopping import LOGIN_CODE
from tests.system.browser import DESK, PHONE
from tests.system.draw_pages import log_in
from tests.system.pages_town import PagesTown

SPELLED = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture(scope="module")
def resident(town: PagesTown, browser: Browser) -> Page:
    """A neighbour's phone, linked by a code of the desk."""
    page = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    page.goto(link_address(town.url, CODE))
    page.click("button.main")
    return page


@pytest.fixture(scope="module")
def till(town: PagesTown, browser: Browser) -> Page:
    """The bakery's phone."""
    page = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    page.goto(f"{town.url}/merchant/login?code={LOGIN_CODE}")
    page.click("button.main")
    return page


def fits(page: Page) -> bool:
    """Nothing needs scrolling sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_points_become_a_voucher_and_the_voucher_bread(
    town: PagesTown, resident: Page, till: Page
) -> None:
    resident.goto(f"{town.url}/me")
    resident.click("text=积分超市")
    resident.wait_for_selector("text=商户优惠")
    assert fits(resident)
    resident.click("text=早餐面包满 20 减 5")
    resident.click("button.main")
    resident.wait_for_selector("svg.qr")
    assert fits(resident)
    code = SPELLED.findall(resident.locator(".spelled").inner_text())[0]

    till.goto(f"{town.url}/merchant")
    till.fill("#code", code.lower())
    till.press("#code", "Enter")
    till.wait_for_selector("text=确认后核销")
    assert till.locator(".offered").inner_text() == "早餐面包满 20 减 5"
    till.dblclick("button.main")
    till.wait_for_selector(".taken .done")
    assert till.locator(".done").inner_text() == "已核销"
    assert fits(till)

    resident.reload()
    resident.click("text=5 ★")
    resident.wait_for_selector("text=★★★★★")
    assert verify(town.engine) is None


def test_back_and_once_more_shows_when_it_was_taken(
    town: PagesTown, resident: Page, till: Page
) -> None:
    """An answer that was lost: the merchant goes back and presses the same button."""
    resident.goto(f"{town.url}/me/shop/offer?id=yangguang-bread")
    resident.click("button.main")
    code = SPELLED.findall(resident.locator(".spelled").inner_text())[0]
    till.goto(f"{town.url}/merchant/check?code={code}")
    till.click("button.main")
    till.wait_for_selector(".done")
    town.clock.pass_(minutes=1)
    till.go_back()
    till.click("button.main" if till.locator("text=不是这张").count() else "text=核销")
    till.goto(f"{town.url}/merchant/check?code={code}")
    till.wait_for_selector(".done")
    assert "14:35" in till.locator(".taken").inner_text()
    assert "没有重复计算" in till.content()


def test_every_target_on_a_till_is_large_enough_for_a_thumb(town: PagesTown, till: Page) -> None:
    for path in ("/merchant", "/merchant/day", "/merchant/months"):
        till.goto(f"{town.url}{path}")
        heights = [box["height"] for box in _boxes(till, "a.button, button, a.tile, input#code")]
        assert heights
        assert min(heights) >= 48


def test_a_clerk_serves_somebody_at_the_counter(town: PagesTown, browser: Browser) -> None:
    page = browser.new_context(viewport=DESK, locale="zh-CN").new_page()
    log_in(page, town.url, "clerk")
    page.click("text=兑换柜台")
    rich = next(p for p in town.world.people if p.carried >= 200)
    page.fill("#who", rich.card.uid.hex(":").upper())
    page.press("#who", "Enter")
    row = page.locator("tr", has_text="大米 5 斤").first
    row.locator("button").click()
    page.wait_for_selector("text=已兑换并发放：大米 5 斤")
    assert page.locator("tr", has_text="已发放").first.is_visible()
    assert fits(page)
    assert verify(town.engine) is None


def _boxes(page: Page, selector: str) -> list[dict[str, float]]:
    found = (element.bounding_box() for element in page.locator(selector).all())
    return [dict(box) for box in found if box is not None]
