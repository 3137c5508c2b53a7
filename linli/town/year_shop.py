"""The shop in a simulated year: a window each quarter, and who comes redeems what they like."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from sqlalchemy import Engine

from linli.ledger.shop.redeeming import redeem
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.wares import GOOD, SERVICE, Ware, add_ware, stock_up
from linli.ledger.shop.windows import set_window
from linli.sync.periods import period_of
from linli.town.district import Community

SHELF = (
    ("rice", GOOD, "大米 5 斤", 30),
    ("oil", GOOD, "食用油一桶", 60),
    ("towel", GOOD, "毛巾两条", 10),
    ("haircut", SERVICE, "理发一次", 20),
)
PIECES = 60
"""Of each good, in each centre and quarter."""
OPEN_FOR = dt.timedelta(days=7)
COMES = 0.3
EXPECTED = frozenset({Refusal.TOO_FEW_POINTS, Refusal.SOLD_OUT})
"""What somebody at the counter may hear; anything else is a fault."""


class YearShop:
    """`redemptions` are what was really given out."""

    def __init__(self, engine: Engine, communities: Sequence[Community], chance: random.Random):
        self._engine = engine
        self._communities = communities
        self._chance = chance
        self.windows = 0
        self.redemptions = 0

    def quarter(self, now: dt.datetime) -> None:
        """Open the quarter's window in every community, fill the shelves, and let people come."""
        quarter = period_of(now, "quarter")
        for community in self._communities:
            with self._engine.begin() as connection:
                set_window(connection, community.id, quarter, now, now + OPEN_FOR)
                for name, kind, title, points in SHELF:
                    id_ = f"{community.id}-{name}"
                    if not self.windows // len(self._communities):
                        add_ware(connection, Ware(id_, community.id, kind, title, points))
                    stock_up(connection, id_, community.centre, PIECES if kind == GOOD else 0)
            self._open(community, quarter, now)
        self.windows += len(self._communities)

    def _open(self, community: Community, quarter: str, now: dt.datetime) -> None:
        for person in community.people:
            if self._chance.random() >= COMES:
                continue
            name = self._chance.choice(SHELF)[0]
            try:
                with self._engine.begin() as connection:
                    redeem(
                        connection,
                        person.holder.account,
                        f"{quarter}-{name}",
                        f"{community.id}-{name}",
                        community.centre,
                        now + dt.timedelta(hours=1),
                    )
            except ShopError as refused:
                if refused.refusal not in EXPECTED:
                    raise
            else:
                self.redemptions += 1
