"""The village's shop with its pages: people with points, a merchant's phone, a window that is open.

counter = Counter(site)
till = counter.till()                 # the bakery's phone, logged in by a code of the desk
till.submit("/merchant/use", {...})
"""

from __future__ import annotations

import re

from linli.ledger.shop.merchant_access import give_code
from linli.ledger.shop.vouchers import Voucher
from tests.unit.ledger.shop.counter import Shop
from tests.unit.ledger.web.residents import Residents
from tests.unit.ledger.web.site import Browser, VillageSite

REQUEST = re.compile(r'name="request" value="([^"]+)"')


class Counter:
    """a1 has 100 points, a2 50, a3 10."""

    def __init__(self, site: VillageSite) -> None:
        self.site = site
        self.shop = Shop(site.village)
        self.residents = Residents(site)

    def login_code(self, merchant: str = "bakery") -> str:
        now, bits = self.site.clock.now(), self.shop.random_bits
        return self.shop.do(lambda c: give_code(c, merchant, "王红", bits, now)).code

    def till(self, merchant: str = "bakery") -> Browser:
        """A phone at this merchant's till."""
        browser = self.residents.browser()
        answer = browser.submit("/merchant/login", {"code": self.login_code(merchant)})
        assert answer.url.path == "/merchant", answer.text
        return browser

    def resident(self, account: str = "a1") -> Browser:
        return self.residents.linked(account)

    def issue(self, who: str = "a1", request: str = "r1") -> Voucher:
        self.shop.now = self.site.clock.now()
        return self.shop.issue(who, request)


def request_on(page: str) -> str:
    """What the form of this page carries along."""
    found = REQUEST.search(page)
    assert found is not None, page
    return found.group(1)
