"""One terminal that redeems, with its ledger, wire, locker and printer, all in the hand.

stand = Stand(tmp_path)
stand.want(SOAP); stand.wire.answer()
stand.restart()                            # nothing is left but the disk
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, select

from doubles.clock import HandClock
from doubles.locker import HandLocker, HandPrinter
from doubles.points_ledger import Feed, PointsLedger, Wire
from doubles.redeeming import WHO, Drawer, nonce_of
from linli.kiosk.network.ledger_asks import NotReachedError
from linli.kiosk.redeeming.dispensing import Dispensing, Wanted
from linli.kiosk.redeeming.doors import Doors
from linli.kiosk.redeeming.progress import Progress
from linli.kiosk.redeeming.redemption import Redemption, Thing
from linli.sync.asks import Answer, Tapped
from linli.sync.outbox import event_table
from linli.sync.sqlite import Database


class Stand:
    def __init__(
        self,
        directory: Path,
        purse: int = 100,
        *,
        locker: bool = True,
        open_: Callable[[Engine], Database] = Database,
        durable: bool = True,
    ) -> None:
        self._open, self._durable = open_, durable
        self.path = directory / "terminal.db"
        self.clock = HandClock()
        self.ledger = PointsLedger(self.clock, {"r-1": purse}, {"r-1": "123456"})
        self.feed = Feed(self.ledger)
        self.wire = Wire(self.ledger, self.clock)
        self.locker = HandLocker() if locker else None
        self.printer = HandPrinter()
        self.online = True
        self.told: list[Progress] = []
        self.nonces = itertools.count(1)
        self.requests = itertools.count(1)
        self.start()
        self.feed.follow()

    def start(self) -> None:
        self.drawer = Drawer(self.path, self.clock, self._open, durable=self._durable)
        self.doors = Doors(self.drawer.used_doors, self.feed, self.clock, "t-1")
        self.dispensing = Dispensing(
            self.drawer.redemptions,
            self.drawer.leases,
            self.feed,
            self.wire,
            self.clock,
            locker=self.locker,
            printer=self.printer,
            doors=self.doors,
            online=lambda: self.online,
            answered=self._answered,
            nonce=lambda: nonce_of(next(self.nonces)),
            random=Random(7),
        )
        self.dispensing.resume()

    def _answered(self, request: str, answer: Answer | NotReachedError) -> None:
        self.dispensing.take_answer(request, answer)

    def restart(self, *, on_their_way: bool = False) -> None:
        """The power is gone and comes back."""
        self.drawer.engine.dispose()
        self.wire.orphan(on_their_way=on_their_way)
        self.told = []
        self.start()

    def close(self) -> None:
        self.drawer.engine.dispose()

    def want(
        self, thing: Thing, who: Tapped = WHO, pin: str | None = None, request: str = ""
    ) -> str:
        request = request or f"q-{next(self.requests)}"
        self.dispensing.start(Wanted(request, who, thing), self.told.append, pin)
        return request

    def pass_(self, seconds: float) -> None:
        """So much time, and a tick at its end."""
        self.clock.pass_(seconds=seconds)
        self.dispensing.tick()

    def lease(self, points: int = 30) -> str:
        """One that the ledger granted, and the terminal has heard of."""
        self.drawer.leases.ask("r-1", "c-1", "l-1", points, self.clock.now())
        self.sync()
        return "r-1.l-1"

    def hear(self) -> None:
        """What the feed told last is taken in."""
        self.drawer.leases.hear(self.feed.leases("t-1"), self.clock.now())
        self.doors.hear()

    def sync(self) -> None:
        """The ledger hears everything, and tells everything."""
        self.tell_ledger()
        self.feed.follow()
        self.hear()

    def tell_ledger(self, most: int | None = None) -> None:
        """The ledger hears of the oldest events that it has not heard of."""
        rows = self.drawer.database.read(select(event_table).order_by(event_table.c.seq))
        until = None if most is None else self.ledger.applied + most
        self.ledger.read([row.body for row in rows[:until]])

    def find(self, request: str) -> Redemption:
        found = self.drawer.redemptions.find(request)
        assert found is not None
        return found

    def events(self) -> list[str]:
        return [kind for kind, _ in self.drawer.events()]


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    stand = Stand(tmp_path)
    yield stand
    stand.close()


@pytest.fixture
def poor(tmp_path: Path) -> Iterator[Stand]:
    """Of somebody whom the ledger has 35 points for."""
    stand = Stand(tmp_path, purse=35)
    yield stand
    stand.close()
