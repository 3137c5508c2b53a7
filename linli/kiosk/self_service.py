"""Everything of a terminal by which people serve themselves: whom it asks, what redeems, and what a
visit has at hand."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from linli.devices.lockers.base import DoorChange
from linli.devices.lockers.base import Locker as Cabinet
from linli.kiosk.flows.visit_views import Module
from linli.kiosk.network.ledger_asks import LedgerAsks, NotReachedError
from linli.kiosk.network.ware_pictures import WarePictures
from linli.kiosk.phone_links import PhoneLinks
from linli.kiosk.redeeming.dispenser import Dispenser
from linli.kiosk.redeeming.locker import WatchedLocker
from linli.kiosk.redeeming.machine import Printer
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.store.saving import Saving
from linli.kiosk.store.store import TerminalStore
from linli.kiosk.visits.desk import Desk
from linli.kiosk.visits.news import CommunityNews
from linli.kiosk.visits.own_points import OwnPoints
from linli.kiosk.visits.shelf import Shelf
from linli.kiosk.visits.till import DispenserTill
from linli.sync.asks import Answer, Ask
from linli.sync.clock import Clock
from linli.sync.messages import Stream
from linli.sync.record.keys import NoteKey
from linli.sync.replica import Replica
from linli.sync.sessions import direct_session

MODULES = (Module.POINTS, Module.SHOP, Module.NEWS)


class SelfService:
    """`cabinet` and `printer` are None where none is plugged in; `online` tells whether the network
    is there. `desk` is for the attendant."""

    def __init__(
        self,
        settings: TerminalSettings,
        key: Ed25519PrivateKey,
        clock: Clock,
        replica: Replica,
        store: TerminalStore,
        saving: Saving,
        online: Callable[[], bool],
        cabinet: Cabinet | None,
        printer: Printer | None,
    ) -> None:
        self._session = direct_session()
        ledger = settings.connection.ledger_url
        self._asks = LedgerAsks(ledger, settings.name, key, clock, self._session)
        self._locker = None if cabinet is None else WatchedLocker(cabinet)
        self._dispenser = Dispenser(
            saving,
            replica,
            self._asks,
            clock,
            locker=self._locker,
            printer=printer,
            online=online,
            window=replica.window,
            feed_known=lambda: replica.position(Stream.HOLDERS) is not None,
        )
        self._till = DispenserTill(self._dispenser, settings.public_url)
        self._pictures = WarePictures(
            settings.data / "pictures",
            ledger,
            self._session,
            lambda: [ware.picture for ware in replica.wares()],
        )
        replica.on_change += [self._dispenser.feed_changed, self._pictures.poke]
        url, record = settings.public_url, settings.record_key
        self.desk = Desk(
            replica=replica,
            store=store,
            clock=clock,
            points=OwnPoints(replica, settings.place, self._till.held),
            news=CommunityNews(replica, settings.place),
            shelf=Shelf(
                replica,
                settings.centre,
                self._dispenser.doors if cabinet is not None else tuple,
                self._pictures.path,
            ),
            online=online,
            asks=_Asks(self._asks),
            till=self._till,
            links=PhoneLinks(url, settings.name, key) if url else None,
            record_key=NoteKey.parse(record) if record else None,
        )

    @property
    def asks(self) -> LedgerAsks:
        """For whoever else asks the ledger in this terminal's name."""
        return self._asks

    def start(self) -> None:
        self._asks.start()
        self._dispenser.start()
        self._pictures.start()
        if self._locker is not None:
            self._locker.watch(self._moved)

    def close(self) -> None:
        """Once only; also before `start`."""
        self._asks.close()
        self._pictures.close()
        self._dispenser.close()
        if self._locker is not None:
            self._locker.close()
        self._session.close()

    def _moved(self, door: int, change: DoorChange) -> None:
        match change:
            case DoorChange.CLOSED:
                self._till.door_shut(door)
            case DoorChange.LEFT_OPEN:
                self._till.door_left_open(door)
            case DoorChange.OPENED:
                pass


class _Asks:
    """To a visit, a ledger that was not reached is no answer, whatever the reason."""

    def __init__(self, asks: LedgerAsks) -> None:
        self._asks = asks

    def post(self, ask: Ask, then: Callable[[Answer | None], None]) -> None:
        self._asks.post(ask, lambda a: then(None if isinstance(a, NotReachedError) else a))
