"""Who stands at the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linli.kiosk.flows.identify import Known
from linli.sync.asks import Tapped
from linli.sync.messages import HolderRow, Trust


@dataclass(frozen=True)
class Visitor:
    """The card and whose it is. The trace names the tap that brought them."""

    known: Known
    holder: HolderRow
    trace: str

    @property
    def account(self) -> str:
        return self.holder.account

    @property
    def trust(self) -> Trust:
        return self.known.trust

    def signature(self) -> dict[str, Any]:
        """What events of their taps carry."""
        return {
            "account": self.holder.account,
            "card": self.known.card.card,
            "trust": self.known.trust,
            "reader": self.known.reader,
            "counter": self.known.counter,
        }

    def tapped(self) -> Tapped:
        """Who asks, as the ledger is told."""
        return Tapped(
            account=self.holder.account,
            card=self.known.card.card,
            trust=self.known.trust,
            counter=self.known.counter,
        )
