"""A resident's pages in a real browser, as narrow as a small phone: from the code to each page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.system.browser import DESK, PHONE
from tests.system.draw_pages import RESIDENT, log_in
from tests.system.pages_town import PagesTown

WHO = "a000004"
MOST_BYTES = 150_000
MEASURE = """() => {
  const seen = e => e.offsetParent !== null;
  const words = [...document.querySelectorAll("body *")].filter(
    e => seen(e) && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
  const touched = "button, .button, .tile, .back, .pick";
  const targets = [...document.querySelectorAll(touched)].filter(seen);
  return {
    wide: document.documentElement.scrollWidth,
    smallest: Math.min(...words.map(e => parseFloat(getComputedStyle(e).fontSize))),
    lowest: Math.min(...targets.map(e => e.getBoundingClientRect().height)),
  };
}"""


@pytest.fixture(scope="module")
def phone(town: PagesTown, browser: Browser) -> Page:
    """Linked with a code that a clerk gave."""
    desk = browser.new_context(viewport=DESK).new_page()
    log_in(desk, town.url, "clerk")
    page = browser.new_context(viewport=PHONE).new_page()
    link_phone(desk, page, town)
    return page


def link_phone(desk: Page, phone: Page, town: PagesTown) -> None:
    """A clerk gives somebody a code; they link this phone with it."""
    desk.goto(f"{town.url}/console/people/holder/phones?account={WHO}")
    desk.fill("input[name=why]", "本人持身份证到场")
    desk.click("button.main")
    code = desk.locator(".figure").inner_text()
    phone.goto(f"{town.url}/me/welcome")
    phone.fill("#t", code)
    phone.click("main button")
    phone.click("button.main")
    phone.wait_for_url("**/me")


def test_a_phone_linked_at_the_desk_opens_its_owners_page(phone: Page, town: PagesTown) -> None:
    phone.goto(f"{town.url}/me")
    assert phone.url == f"{town.url}/me"
    assert phone.locator("h1").inner_text().endswith("您好")


@pytest.mark.parametrize("path", RESIDENT)
def test_a_page_is_read_without_glasses_and_without_scrolling_sideways(
    phone: Page, town: PagesTown, path: str
) -> None:
    phone.goto(f"{town.url}{path}")
    found = phone.evaluate(MEASURE)
    assert found["wide"] <= PHONE["width"]
    assert found["smallest"] >= 17
    assert found["lowest"] >= 48


def test_a_first_visit_loads_little(browser: Browser, town: PagesTown) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(f"{town.url}/me/welcome")
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < MOST_BYTES


def test_the_browser_refuses_nothing_of_a_page(phone: Page, town: PagesTown) -> None:
    troubles: list[str] = []
    phone.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    phone.on("pageerror", lambda error: troubles.append(str(error)))
    for path in RESIDENT:
        phone.goto(f"{town.url}{path}")
    assert troubles == []
