"""Gives out link tickets in the terminal's name."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.sync.messages import CardRow, Trust
from linli.sync.phone_links import NONCE_SIZE, LinkTicket, link_address, seal_ticket


@dataclass(frozen=True)
class PhoneLinks:
    """`public_url` is the ledger's address as residents' phones reach it, `key` the terminal's."""

    public_url: str
    terminal: str
    key: Ed25519PrivateKey = field(repr=False)
    random_bytes: Callable[[int], bytes] = secrets.token_bytes

    def address(self, card: CardRow, trust: Trust, now: dt.datetime, *, clock_good: bool) -> str:
        """Where the holder of this card links a phone, once, in the next minutes."""
        ticket = LinkTicket(
            terminal=self.terminal,
            account=card.account,
            card=card.card,
            trust=trust,
            made_at=now,
            clock_good=clock_good,
            nonce=self.random_bytes(NONCE_SIZE),
        )
        return link_address(self.public_url, seal_ticket(ticket, self.key))
