"""The shop in a simulated year: when a window opens, who comes redeems what they like."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from sqlalchemy import Engine

from linli.ledger.shop.redeeming import redeem
from linli.ledger.shop.refusals import Refusal, ShopError
from linli.ledger.shop.wares import GOOD, SERVICE, Ware, add_ware, read_ware, stock_up
from linli.ledger.shop.windows import windows
from linli.town.district import Community

SHELF = (
    ("rice", GOOD, "大米 5 斤", 30),
    ("oil", GOOD, "食用油一桶", 60),
    ("towel", GOOD, "毛巾两条", 10),
    ("haircut", SERVICE, "理发一次", 20),
)
PIECES = 60
"""Of each good, in each centre and quarter."""
COMES = 0.3
EXPECTED = frozenset({Refusal.TOO_FEW_POINTS, Refusal.HELD, Refusal.SOLD_OUT})
"""What somebody at the counter may hear; anything else is a fault."""


class YearShop:
    """`redemptions` are what was really given out."""

    def __init__(self, engine: Engine, communities: Sequence[Community], chance: random.Random):
        self._engine = engine
        self._communities = communities
        self._chance = chance
        self._visited: set[tuple[str, str]] = set()
        self.redemptions = 0

    def look_in(self, now: dt.datetime) -> None:
        """Where a window has opened since the last time, fill the shelves and let people come."""
        for community in self._communities:
            with self._engine.begin() as connection:
                known = windows(connection, community.id)
                quarter = next((one.quarter for one in known if one.is_open(now)), None)
                if quarter is None or (community.id, quarter) in self._visited:
                    continue
                for name, kind, title, points in SHELF:
                    id_ = f"{community.id}-{name}"
                    if read_ware(connection, id_) is None:
                        add_ware(connection, Ware(id_, community.id, kind, title, points))
                    pieces = PIECES if kind == GOOD else 0
                    stock_up(connection, id_, community.centre, pieces, now)
            self._open(community, quarter, now)
            self._visited.add((community.id, quarter))

    @property
    def windows(self) -> int:
        return len(self._visited)

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
