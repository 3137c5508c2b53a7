"""The board's web page in a real browser: live, by itself after a restart, and cut off."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Browser, Page, expect

from linli.ledger.board.planning import end_urgent, say_urgent
from linli.ledger.feed.writer import append
from linli.ledger.web.app import make_app
from linli.ledger.web.server import HttpServer
from linli.sync.messages import MomentRow, Stream
from linli.town import world as towns
from tests.system.pages_town import PagesTown

TELEVISION = {"width": 1280, "height": 720}
SOON = 8_000


@pytest.fixture(scope="module")
def television(town: PagesTown, browser: Browser) -> Page:
    """A television that shows the board."""
    page = browser.new_context(viewport=TELEVISION).new_page()
    page.goto(f"{town.url}/board/{towns.SCOPE}")
    page.wait_for_selector(".page:not([hidden])")
    page.evaluate("document.fonts.ready.then(() => 0)")
    return page


def told(town: PagesTown, name: str) -> None:
    """Somebody tapped a card."""
    now = town.clock.now()
    row = MomentRow(id=f"m-{name}", name=name, title="平安巡逻", points=10, at=now)
    with town.engine.begin() as connection:
        append(connection, towns.SCOPE, Stream.CHANGES, [row], now)


def test_the_page_is_whole_and_takes_nothing_from_elsewhere(
    town: PagesTown, television: Page
) -> None:
    addresses = television.evaluate(
        "performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    assert all(address.startswith(town.url) for address in addresses)
    assert any(address.endswith("linli-bold.otf") for address in addresses)
    assert television.context.cookies() == []
    assert television.evaluate("document.documentElement.scrollHeight") <= TELEVISION["height"]


def test_an_urgent_message_covers_everything_and_goes(town: PagesTown, television: Page) -> None:
    now = town.clock.now()
    with town.engine.begin() as connection:
        until = now + dt.timedelta(hours=1)
        number = say_urgent(connection, towns.SCOPE, "今晚停水", now, until, "x", now)
    message = television.locator(".urgent")
    expect(message).to_be_visible(timeout=SOON)
    expect(message).to_contain_text("今晚停水")
    with town.engine.begin() as connection:
        end_urgent(connection, towns.SCOPE, number, "x", now)
    expect(message).to_have_count(0, timeout=SOON)


def test_pages_turn_by_themselves(television: Page) -> None:
    first = television.locator("[data-key]:not([hidden])").get_attribute("data-key")
    television.wait_for_function(
        "first => document.querySelector('[data-key]:not([hidden])').dataset.key !== first",
        arg=first,
        timeout=20_000,
    )


def test_a_board_comes_back_by_itself_after_the_ledger_was_away(
    town: PagesTown, television: Page
) -> None:
    """Meanwhile it says since when it is cut off, and shows what it has."""
    port = town._http.port
    town._http.close()
    expect(television.locator(".cut")).to_be_visible(timeout=20_000)
    expect(television.locator(".cut")).to_contain_text("起没有网络")
    expect(television.locator(".page:not([hidden])")).to_have_count(1)
    number = television.locator(".fresh").text_content()
    town._http = HttpServer(make_app(town.engine, town.clock, town.site), "127.0.0.1", port)
    town._http.start()
    told(town, "回来的人")
    expect(television.locator(".cut")).to_be_hidden(timeout=40_000)
    television.wait_for_function(
        "before => document.querySelector('.fresh').textContent !== before",
        arg=number,
        timeout=SOON,
    )


def test_where_no_more_can_be_kept_open_a_board_looks_every_now_and_then(
    town: PagesTown, browser: Browser
) -> None:
    page = browser.new_context(viewport=TELEVISION, service_workers="block").new_page()
    page.route("**/changes", lambda route: route.fulfill(status=503))
    page.goto(f"{town.url}/board/{towns.SCOPE}")
    fresh = page.locator(".fresh")
    before = fresh.text_content(timeout=SOON)
    told(town, "one more")
    page.wait_for_function(
        "before => document.querySelector('.fresh').textContent !== before",
        arg=before,
        timeout=30_000,
    )
    expect(page.locator(".cut")).to_be_hidden()
    page.close()


def test_a_television_switched_on_without_the_network_shows_what_it_had(
    town: PagesTown, television: Page
) -> None:
    television.wait_for_function(
        """async () => (await (await caches.open("board")).keys()).length >= 8""", timeout=20_000
    )
    television.context.set_offline(True)
    television.reload()
    expect(television.locator(".page:not([hidden])")).to_have_count(1, timeout=SOON)
    expect(television.locator(".cut")).to_contain_text("起没有网络", timeout=20_000)
    television.context.set_offline(False)
    expect(television.locator(".cut")).to_be_hidden(timeout=60_000)
