"""Residents with their phones.

residents = Residents(site)
phone = residents.linked("a1")       # a browser whose owner linked it by a tap
phone.submit("/me/phones", {...})
"""

from __future__ import annotations

from tests.unit.ledger.phones.handsets import Phones
from tests.unit.ledger.web.site import Browser, VillageSite

AGENT = "Mozilla/5.0 (Linux; Android 10; HUAWEI VOG-AL00) MicroMessenger/8.0"


class Residents:
    """a1 and a2 have cards that cannot be copied; they are the ones who can link a phone."""

    def __init__(self, site: VillageSite) -> None:
        self.site = site
        self.phones = Phones(site.village)

    def ticket(self, account: str = "a1", **more: object) -> str:
        """The terminal's, after a tap of this moment."""
        self.phones.now = self.site.clock.now()
        return self.phones.ticket(account, **more)

    def browser(self, agent: str = AGENT) -> Browser:
        browser = self.site.browser()
        browser.headers["user-agent"] = agent
        return browser

    def linked(self, account: str = "a1") -> Browser:
        """A phone whose owner tapped, scanned and confirmed."""
        browser = self.browser()
        answer = scan(browser, self.ticket(account))
        assert answer.url.path == "/me", answer.text
        return browser


def scan(browser: Browser, ticket: str):  # type: ignore[no-untyped-def]
    """Open what the code says and touch the button."""
    page = browser.text(f"/me/link?t={ticket}")
    key = page.split('name="key" value="')[1].split('"')[0]
    return browser.submit("/me/link", {"t": ticket, "key": key}, seen=f"/me/link?t={ticket}")
