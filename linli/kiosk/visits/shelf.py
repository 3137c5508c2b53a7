"""What there is for points at this centre, as the replica knows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from linli.kiosk.flows.shop_views import WareCard, WareKind
from linli.sync.messages import DoorRow, WareRow, WindowRow
from linli.sync.periods import business_day
from linli.sync.replica import Replica

A_MOMENT = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Season:
    """`closes` is the last day of the redemption window that is open; `opens` the first day of the
    next one where none is."""

    closes: dt.date | None = None
    opens: dt.date | None = None

    @property
    def is_open(self) -> bool:
        return self.closes is not None


class Shelf:
    """`centre` is where this terminal stands; `doors` tells what is behind its locker's doors,
    `picture` where a ware's picture is, by its digest."""

    def __init__(
        self,
        replica: Replica,
        centre: str,
        doors: Callable[[], Sequence[DoorRow]],
        picture: Callable[[str], Path | None] = lambda _: None,
    ) -> None:
        self._replica = replica
        self._centre = centre
        self._doors = doors
        self._picture = picture

    def wares(self, now: dt.datetime) -> list[WareCard]:
        """What can be had today, the cheapest first."""
        season = self.season(now)
        doors = {door.ware: door.door for door in reversed(self._doors()) if door.full}
        cards = [
            ware_card(row, doors.get(row.id), self._picture(row.picture))
            for row in self._replica.wares()
            if row.centre in ("", self._centre) and row.on_sale and (row.all_year or season.is_open)
        ]
        return sorted(cards, key=lambda card: (card.points, card.title, card.id))

    def find(self, id_: str, now: dt.datetime) -> WareCard | None:
        return next((card for card in self.wares(now) if card.id == id_), None)

    def season(self, now: dt.datetime) -> Season:
        return season_of(self._replica.window(now), now)


def season_of(window: WindowRow | None, now: dt.datetime) -> Season:
    """`window` is the one that is open, or the next."""
    if window is None:
        return Season()
    if window.opens > now:
        return Season(opens=business_day(window.opens))
    return Season(closes=business_day(window.closes - A_MOMENT))


def ware_card(row: WareRow, door: int | None, picture: Path | None) -> WareCard:
    return WareCard(
        id=row.id,
        title=row.name,
        kind=WareKind(row.kind),
        points=row.points,
        left=row.left,
        picture=str(picture or ""),
        merchant=row.merchant,
        door=door,
    )
