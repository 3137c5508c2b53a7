"""A village where a1 and a2 have cards that cannot be copied, and terminals give out tickets."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

from linli.ledger.people.access_log import Staff
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewCard
from linli.ledger.phones.linking import Phone, link, phone_of, phones_of
from linli.sync.messages import Trust
from linli.sync.phone_links import NONCE_SIZE, LinkTicket, seal_ticket
from tests.unit.ledger.village import KEY, Village

CLERK = Staff("王芳", "clerk")


class Phones:
    """What residents do with their phones; `now` may be set."""

    def __init__(self, village: Village) -> None:
        self.village, self.engine, self.now = village, village.engine, village.now
        self._numbers = itertools.count(1)
        with self.engine.begin() as connection:
            cards = [
                NewCard(f"safe-{a}", f"0400000000ff0{n}", a, "ntag424", "00" * 16)
                for n, a in enumerate(("a1", "a2"))
            ]
            issue_cards(connection, cards, self.now)

    def ticket(self, account: str = "a1", **more: Any) -> str:
        """A terminal's ticket of this moment, unlike any before. `more` may give card, trust,
        terminal, made_at, clock_good, key."""
        key = more.pop("key", KEY)
        values: dict[str, Any] = {
            "terminal": "t1",
            "account": account,
            "card": f"safe-{account}",
            "trust": Trust.HIGH,
            "made_at": self.now,
            "clock_good": True,
            "nonce": next(self._numbers).to_bytes(NONCE_SIZE, "big"),
        }
        return seal_ticket(LinkTicket(**{**values, **more}), key)

    def link(self, said: str, token: str, device: str = "手机") -> Phone:
        with self.engine.begin() as connection:
            return link(connection, said, token, device, self.now)

    def opens(self, token: str) -> str | None:
        """The account whose pages this token opens."""
        with self.engine.connect() as connection:
            found = phone_of(connection, token, self.now)
        return None if found is None else found.account

    def devices(self, account: str = "a1") -> list[str]:
        with self.engine.connect() as connection:
            return [one.device for one in phones_of(connection, account, self.now)]

    def do(self, what: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        """One of the ledger's functions, in a transaction of its own."""
        with self.engine.begin() as connection:
            return what(connection, *arguments, **more)

    def pass_(self, **time: float) -> None:
        self.now += dt.timedelta(**time)
