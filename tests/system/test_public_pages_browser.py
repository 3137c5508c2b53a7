"""The public pages in a real browser: on a phone, with nothing from elsewhere, quickly there."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page

from linli.ledger.notice.publishing import freeze
from linli.ledger.record.log import make_checkpoint
from linli.town import world as towns
from tests.system.browser import PHONE, chromium
from tests.system.pages_town import PagesTown, SettledTown

FIRST_LOAD = 150 * 1024
FRONT = f"/c/{towns.SCOPE}"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, settled: SettledTown) -> Iterator[PagesTown]:
    """Early in December: November hangs, and the record is signed."""
    with PagesTown(tmp_path_factory.mktemp("town"), settled) as made:
        made.clock.wall = now = made.clock.now().replace(month=12, day=2)
        key = Ed25519PrivateKey.from_private_bytes(bytes(32))
        with made.engine.begin() as connection:
            freeze(connection, towns.SCOPE, "2026-11", now)
            make_checkpoint(
                connection, "points.example", key, partial(secrets.token_bytes, 32), now
            )
        yield made


@pytest.fixture(scope="module")
def phone(town: PagesTown) -> Iterator[Page]:
    """A page that notes what goes wrong in it, `wrong`, and how much it loads, `loaded`."""
    with chromium() as browser:
        context = browser.new_context(viewport=PHONE)
        context.set_default_timeout(10_000)
        yield context.new_page()


@pytest.fixture
def wrong(phone: Page) -> Iterator[list[str]]:
    """What the browser complains of; each test must leave it empty."""
    said: list[str] = []

    def hear(message: object) -> None:
        if getattr(message, "type", "") in ("error", "warning"):
            said.append(getattr(message, "text", ""))

    phone.on("console", hear)
    yield said
    phone.remove_listener("console", hear)


@pytest.mark.parametrize(
    "path",
    [
        FRONT,
        f"{FRONT}/notices",
        f"{FRONT}/notices/2026-11",
        f"{FRONT}/stories",
        "/standard",
        "/standard/history",
        "/check",
    ],
)
def test_a_page_fits_a_phone_and_is_quickly_there(
    town: PagesTown, phone: Page, wrong: list[str], path: str
) -> None:
    sizes: list[int] = []
    phone.context.clear_cookies()
    phone.on("response", lambda answer: sizes.append(len(answer.body())))
    phone.goto(f"{town.url}{path}", wait_until="networkidle")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert 0 < sum(sizes) <= FIRST_LOAD
    assert wrong == []


def test_a_neighbour_finds_their_building_and_the_next_page(
    town: PagesTown, phone: Page, wrong: list[str]
) -> None:
    phone.goto(f"{town.url}{FRONT}?back=1")
    phone.click("text=下一页")
    assert phone.inner_text(".pager").startswith("上一页")
    phone.select_option("#node", label="3号楼")
    phone.click(".where button")
    buildings = set(phone.locator(".who small").all_inner_texts())
    assert buildings == {"3号楼"}
    phone.click("text=驻区单位")
    assert "kind=unit" in phone.url
    assert wrong == []


def test_somebody_checks_a_line_and_keeps_its_proof(
    town: PagesTown, phone: Page, wrong: list[str], tmp_path: Path
) -> None:
    phone.goto(f"{town.url}/check")
    phone.fill("#place", "7")
    phone.click("text=查这一行")
    assert "没有被改过" in phone.inner_text(".result .said")
    assert phone.locator(".steps li.last").count() == 1
    with phone.expect_download() as download:
        phone.click("text=下载这一行的证明")
    kept = tmp_path / "kept.tlog-proof"
    download.value.save_as(kept)
    phone.fill("#what", kept.read_text(encoding="utf-8"))
    phone.click("text='核验'")
    assert "没有被改过" in phone.inner_text(".result .said")
    assert wrong == []
