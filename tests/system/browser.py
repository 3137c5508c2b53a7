"""Debian's Chromium, driven by playwright."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Without its sandbox: tests may run as root, and it only opens pages of ours."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
