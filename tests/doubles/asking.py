"""Whom a visit asks, answered by hand: the ledger, and the till that redeems."""

from __future__ import annotations

from collections.abc import Callable

from linli.kiosk.flows.shop_views import Phase, Redeemed, WareCard
from linli.kiosk.visits.desk import Progress
from linli.kiosk.visits.visitor import Visitor
from linli.sync.asks import Answer, Ask
from linli.sync.messages import Trust


class HandAsks:
    """`asked` has what was asked, the oldest first; `answer` answers the oldest that waits."""

    def __init__(self) -> None:
        self.asked: list[Ask] = []
        self._waiting: list[Callable[[Answer | None], None]] = []

    def post(self, ask: Ask, then: Callable[[Answer | None], None]) -> None:
        self.asked.append(ask)
        self._waiting.append(then)

    def answer(self, answer: Answer | None) -> None:
        self._waiting.pop(0)(answer)


class HandTill:
    """`redeemed` has who redeemed what with which PIN; `tell` is theirs to call."""

    def __init__(self) -> None:
        self.leases: dict[str, int] = {}
        self.codes: dict[str, tuple[Redeemed, ...]] = {}
        self.shown_again: list[str] = []
        self.obstacles: dict[str, str] = {}
        self.taps: list[str] = []
        self.redeemed: list[tuple[str, str, str | None]] = []
        self.tell: Callable[[Progress], None] = lambda _: None

    def held(self, account: str) -> int:
        return self.leases.get(account, 0)

    def tapped(self, visitor: Visitor) -> None:
        self.taps.append(visitor.account)

    def vouchers(self, visitor: Visitor) -> tuple[Redeemed, ...]:
        return self.codes.get(visitor.account, ())

    def shown(self, visitor: Visitor, code: str) -> None:
        self.shown_again.append(code)

    def pin_needed(self, visitor: Visitor, ware: WareCard) -> bool:
        return visitor.trust is Trust.LOW

    def obstacle(self, visitor: Visitor, ware: WareCard) -> Progress | None:
        why = self.obstacles.get(visitor.account)
        return None if why is None else Progress(ware.title, Phase.PAYING, declined=why)

    def redeem(
        self, visitor: Visitor, ware: WareCard, pin: str | None, tell: Callable[[Progress], None]
    ) -> None:
        self.redeemed.append((visitor.account, ware.id, pin))
        self.tell = tell
