"""The shop of the village: one good, two services, one merchant, and people with points.

shop.redeem("a1", "r1", "rice")
assert shop.balance("a1:redeemable") == 70
"""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from linli.ledger.audit.verify import verify
from linli.ledger.journal.carrying import carry_over
from linli.ledger.journal.schema import account
from linli.ledger.shop.merchants import Merchant, Offer, add_merchant, add_offer
from linli.ledger.shop.redeeming import Redemption, redeem
from linli.ledger.shop.schema import stock
from linli.ledger.shop.using import Use, use
from linli.ledger.shop.vouchers import Voucher, issue
from linli.ledger.shop.wares import GOOD, SERVICE, Ware, add_ware, stock_up
from linli.ledger.shop.windows import set_window
from tests.unit.ledger.village import Village

DAY = dt.timedelta(days=1)
T = TypeVar("T")
BREAD = Offer(
    "bread",
    "bakery",
    "满20减5",
    10,
    per_person=2,
    in_all=4,
    community_fen=300,
    merchant_fen=200,
)


class Shop:
    """`now` may be set; the window is open from a day before it to ten days after."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.engine = village.engine
        self.now = village.now
        self.random_bits = random.Random(7).getrandbits
        with self.engine.begin() as connection:
            carry_over(connection, {"a1": 100, "a2": 50, "a3": 10}, "old lists", self.now)
            set_window(
                connection, "village", "2026-Q4", self.now - DAY, self.now + 10 * DAY, self.now
            )
            add_ware(connection, Ware("rice", "village", GOOD, "大米", 30))
            add_ware(connection, Ware("haircut", "village", SERVICE, "理发", 20, all_year=True))
            add_ware(connection, Ware("repair", "village", SERVICE, "修理", 20))
            stock_up(connection, "rice", "centre", 3, self.now)
            stock_up(connection, "haircut", "centre", 0, self.now)
            stock_up(connection, "repair", "centre", 0, self.now)
            add_merchant(connection, Merchant("bakery", "village", "阳光面包", "M-001"))
            add_merchant(connection, Merchant("books", "village", "书店", "M-002"))
            add_offer(connection, BREAD, self.now)

    def do(self, what: Callable[[Connection], T]) -> T:
        """In one transaction."""
        with self.engine.begin() as connection:
            return what(connection)

    def redeem(
        self, who: str, request: str, what: str, centre: str = "centre", pieces: int = 1
    ) -> Redemption:
        return self.do(lambda c: redeem(c, who, request, what, centre, self.now, pieces))

    def issue(self, who: str, request: str, offer: str = "bread") -> Voucher:
        return self.do(lambda c: issue(c, who, request, offer, self.random_bits, self.now))

    def use(self, code: str, request: str = "till1", by: str = "bakery") -> Use:
        return self.do(lambda c: use(c, code, by, request, self.now))

    def balance(self, id_: str) -> int:
        with self.engine.connect() as connection:
            query = select(account.c.posted).where(account.c.id == id_)
            return int(connection.execute(query).scalar_one())

    def left(self, what: str = "rice") -> int | None:
        with self.engine.connect() as connection:
            query = select(stock.c.remaining).where(stock.c.ware == what)
            remaining: int | None = connection.execute(query).scalar_one()
            return remaining

    def is_sound(self) -> bool:
        return verify(self.engine) is None

    def at_once(self, what: Callable[[Connection, int], Any], threads: int = 4) -> list[Any]:
        """The same from several connections at once; what each returned, or the error it got."""
        start = threading.Barrier(threads)
        results: list[Any] = [None] * threads

        def run(number: int) -> None:
            start.wait()
            try:
                results[number] = self.do(lambda c: what(c, number))
            except Exception as error:  # noqa: BLE001 - the test looks at it
                results[number] = error

        running = [threading.Thread(target=run, args=(n,)) for n in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        return results
