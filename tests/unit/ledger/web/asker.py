"""Terminal t1 of the village with the shop, asking over HTTP; a1 has 100 points, a2 50, a3 10.

asker = Asker(site)
asker.ask(AskRedeem(who=asker.tap("a1"), request="r1", ware="rice"))
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from httpx2 import Response

from linli.ledger.people.access_log import Staff
from linli.ledger.people.cards import issue_cards
from linli.ledger.people.checks import NewCard
from linli.ledger.people.pins import keep_pin, new_pin
from linli.sync.asks import (
    Answer,
    Ask,
    AskRedeem,
    Declined,
    Redeemed,
    Tapped,
    read_answer,
    seal_ask,
)
from linli.sync.messages import Trust
from tests.unit.ledger.shop.counter import Shop
from tests.unit.ledger.village import KEY
from tests.unit.ledger.web.site import RING, VillageSite

PIN, WRONG = "739201", "480215"


class Asker:
    """`key-a1` and `key-a2` are cards that cannot be copied; `card-a1` and so on can be."""

    def __init__(self, site: VillageSite) -> None:
        self.site, self.village, self.engine = site, site.village, site.engine
        self.shop = Shop(site.village)
        self.client = site.browser()
        cards = [
            NewCard(f"key-{who}", f"04ffffffffff{n:02d}", who, "ntag424", "00" * 16)
            for n, who in enumerate(("a1", "a2", "a3"))
        ]
        with self.engine.begin() as connection:
            issue_cards(connection, cards, site.village.now)

    def tap(self, who: str, card: str = "", trust: Trust = Trust.HIGH) -> Tapped:
        return Tapped(account=who, card=card or f"key-{who}", trust=trust, counter=1)

    def set_pin(self, who: str = "a1", pin: str = PIN) -> None:
        by = Staff("王红(wang)", "clerk")
        with self.engine.begin() as connection:
            keep_pin(connection, who, new_pin(pin), RING, by, "at the desk", self.village.now)

    def send(
        self,
        ask: Ask,
        *,
        name: str = "t1",
        path: str = "",
        key: Ed25519PrivateKey = KEY,
        at: dt.datetime | None = None,
    ) -> Response:
        payload = seal_ask(name, at or self.site.clock.now(), ask, key)
        return self.client.post(f"/v1/terminals/{path or name}/ask", content=payload)

    def ask(self, ask: Ask) -> Answer:
        answer = self.send(ask)
        assert answer.status_code == 200, answer.text
        return read_answer(answer.content)

    def declined(self, ask: Ask) -> str:
        answer = self.ask(ask)
        assert isinstance(answer, Declined), answer
        return answer.reason

    def redeem(self, who: str = "a1", request: str = "r1", **more: Any) -> Answer:
        what = {"ware": "rice", **more}
        tapped = what.pop("tap", self.tap(who))
        return self.ask(AskRedeem(who=tapped, request=request, **what))

    def refused(self, who: str = "a1", request: str = "r1", **more: Any) -> str:
        answer = self.redeem(who, request, **more)
        assert isinstance(answer, Declined), answer
        return answer.reason

    def got(self, who: str = "a1", request: str = "r1", **more: Any) -> Redeemed:
        answer = self.redeem(who, request, **more)
        assert isinstance(answer, Redeemed), answer
        return answer

    def at_once(self, asks: Sequence[Callable[[], Answer]]) -> list[Answer]:
        """What each was answered."""
        answers: list[Answer] = []
        threads = [threading.Thread(target=lambda one=one: answers.append(one())) for one in asks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers
