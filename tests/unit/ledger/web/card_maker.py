"""Terminal t1 of the village with a reader on which cards are made.

maker = CardMaker(site)
order = maker.order("a1")
maker.make(card, order)
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from linli.devices.readers.base import CardLostError, Exchange
from linli.devices.simulated.cards import IsoDepCard, Ntag424
from linli.kiosk.cards.carrying import carry
from linli.kiosk.network.ledger_asks import NotReachedError
from linli.ledger.feed.rows import card_rows
from linli.ledger.issuing.ordering import NewOrder, order_card
from linli.ledger.people.access_log import Staff
from linli.ledger.people.personal_schema import audit_log
from linli.sync.asks import Answer, Ask, Declined, read_answer, seal_ask
from linli.sync.card_asks import CardMade
from linli.sync.messages import CardRow
from tests.unit.ledger.village import KEY
from tests.unit.ledger.web.site import VillageSite

CLERK = Staff("王红(wang)", "clerk")


class CardMaker:
    """`name` and `key` are the terminal's that carries."""

    def __init__(self, site: VillageSite, name: str = "t1", key: Ed25519PrivateKey = KEY) -> None:
        self.site, self.engine, self.village = site, site.engine, site.village
        self.client = site.browser()
        self.name, self.key = name, key
        self.sent: list[Ask] = []
        self._drawn = random.Random(name).randbytes
        self._names = (f"{name}-talk-{n}" for n in itertools.count())

    def order(self, account: str, card: str = "", replaces: str | None = None) -> str:
        new = NewOrder(account, card, replaces)
        with self.engine.begin() as connection:
            return order_card(connection, new, CLERK, self._drawn, self.site.clock.now())

    def ask(self, ask: Ask) -> Answer | NotReachedError:
        self.sent.append(ask)
        payload = seal_ask(self.name, self.site.clock.now(), ask, self.key)
        answer = self.client.post(f"/v1/terminals/{self.name}/ask", content=payload)
        if answer.status_code != 200:
            return NotReachedError(answer.text, heard=False)
        return read_answer(answer.content)

    def carry(self, exchange: Exchange, uid: bytes, order: str = "") -> CardMade | Declined:
        end = carry(self.ask, exchange, uid, order, next(self._names))
        assert not isinstance(end, NotReachedError), end
        return end

    def make(self, card: IsoDepCard, order: str = "") -> CardMade:
        made = self.carry(whole(card), card.uid, order)
        assert isinstance(made, CardMade), made
        return made

    def declined(self, exchange: Exchange, uid: bytes, order: str = "") -> str:
        end = self.carry(exchange, uid, order)
        assert isinstance(end, Declined), end
        return end.reason

    def row(self, card: str) -> CardRow:
        """As terminals are told."""
        with self.engine.connect() as connection:
            (row,) = card_rows(connection, [card])
        return row

    def audit(self) -> Sequence[Any]:
        with self.engine.connect() as connection:
            query = select(audit_log).order_by(audit_log.c.number)
            return connection.execute(query).all()


def blank(uid: bytes) -> Ntag424:
    return Ntag424.blank(uid, random.Random(uid).randbytes)


def whole(card: IsoDepCard) -> Exchange:
    """Laid there, and left to lie."""
    card.power_up()
    return lambda command: card.apdu(command) or b""


def torn(card: IsoDepCard, after: int) -> Exchange:
    """Taken away after so many commands."""
    card.power_up()
    left = itertools.count(after, -1)

    def exchange(command: bytes) -> bytes:
        if next(left) <= 0:
            card.power_up()
            raise CardLostError
        return card.apdu(command) or b""

    return exchange


def between(card: IsoDepCard, change: Callable[[int, bytes, bytes], bytes]) -> Exchange:
    """A liar between ledger and card: `change` is told the number of the command, the command and
    the card's answer, and says what is told."""
    card.power_up()
    numbers = itertools.count()

    def exchange(command: bytes) -> bytes:
        return change(next(numbers), command, card.apdu(command) or b"")

    return exchange
