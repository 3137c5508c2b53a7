"""One running terminal without its window: readers, attendant, store and link in their threads.

| thread      | does                                                    | hands on by          |
|-------------|---------------------------------------------------------|----------------------|
| reader (1…) | polls its reader                                        | the inbox            |
| scanner (…) | hears its scanner                                       | the inbox            |
| attendant   | flows, commits, view states (`reception.py`)            | `show`               |
| uplink      | batches, publishes, retries                             | MQTT                 |
| link (paho) | network                                                 | follower, uplink     |
| follower    | applies the feed, fetches snapshots                     | the replica          |
| asks        | asks the ledger for somebody who waits                  | inbox, dispenser     |
| dispenser   | redeems: leases, doors, slips                           | the inbox            |
| locker      | watches the doors                                       | the till             |
| health      | says each minute how the terminal is (`health/`)        | MQTT                 |
| jobs        | does what is asked from afar (`jobs/`)                  | MQTT, HTTPS          |
| shadow      | tries settings from afar (`remote/`)                    | a new start          |
| speaker     | says what goes with a screen (`peripherals/prompts.py`) | the loudspeaker      |

The window's own thread only draws: `show` must hand over and return at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from linli.devices.lockers.base import Locker as Cabinet
from linli.devices.readers.base import (
    CardReader,
    SpeakingReader,
)
from linli.devices.scanners.base import Scanner
from linli.kiosk.attendant import Attendant
from linli.kiosk.cards.making import CardMaking
from linli.kiosk.doctor.at_terminal import NOTHING_LENT, Around, InUse, diagnose, from_inside
from linli.kiosk.doctor.finding import Finding
from linli.kiosk.flows import views
from linli.kiosk.flows.actions import Action
from linli.kiosk.flows.maintenance_views import Room
from linli.kiosk.inbox import Chosen, Online, Touched, WentHome
from linli.kiosk.maintenance.maintenance import Maintenance
from linli.kiosk.maintenance.ports import LevelPort, Ports
from linli.kiosk.maintenance.wiring import keys_of, reach
from linli.kiosk.network.connection import LedgerConnection
from linli.kiosk.on_show import FILE as ON_SHOW
from linli.kiosk.on_show import OnShow
from linli.kiosk.reception import Counter, Reception
from linli.kiosk.redeeming.machine import Printer
from linli.kiosk.self_service import MODULES, SelfService
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.store.database import FILE as DATABASE
from linli.kiosk.store.database import open_database
from linli.kiosk.store.pin_tries import PinTries
from linli.kiosk.store.saving import Saving
from linli.kiosk.store.store import TerminalStore
from linli.kiosk.trace import Trace
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.messages import Stream
from linli.sync.outbox import Outbox
from linli.sync.replica import Replica
from linli.sync.signing import load_or_make_key
from linli.sync.sqlite import Database
from linli.sync.uplink import Uplink

NO_LEVELS: Mapping[Room, LevelPort] = MappingProxyType({})


class Terminal:
    """Everything of one terminal but its window. `show` is called from the attendant's thread
    with each new screen; `readers`, `scanners` and `cabinet` are started and closed with it;
    `restart` is what a maintainer may ask for, `levels` what they may make louder or brighter;
    their self-test looks `around` and at what is `lent` to it beside readers and store."""

    def __init__(
        self,
        settings: TerminalSettings,
        clock: Clock,
        readers: Sequence[CardReader],
        show: Callable[[views.Screen], None],
        trace: Trace | None = None,
        cabinet: Cabinet | None = None,
        printer: Printer | None = None,
        restart: Callable[[], None] = lambda: None,
        levels: Mapping[Room, LevelPort] = NO_LEVELS,
        lent: InUse = NOTHING_LENT,
        around: Around | None = None,
        scanners: Sequence[Scanner] = (),
    ) -> None:
        settings.data.mkdir(parents=True, exist_ok=True)
        self._settings = settings
        self._clock = clock
        self._readers = readers
        self._scanners = scanners
        self._lent, self._around = lent, around or Around(clock)
        trace = trace or Trace()
        names = [reader.name for reader in readers]
        self.reception = Reception(settings, clock, trace, show, names)
        self.on_show = OnShow(settings.data / ON_SHOW)
        key = load_or_make_key(settings.data / "terminal.key")
        self.boot_id = boot_id = secrets.token_hex(8)
        self._engine = open_database(settings.data / DATABASE)
        database = Database(self._engine)
        self.outbox = Outbox(database, settings.name, key, clock, boot_id)
        self.store = TerminalStore(database, self.outbox)
        streams = (Stream.CHANGES, Stream.HOLDERS)
        self.replica = Replica(settings.data / "replica.db", settings.scope, streams)
        self._connection = LedgerConnection(settings, self.replica, key, boot_id, clock)
        self._uplink = Uplink(
            self.outbox,
            self._connection.link,
            clock,
            confirmed=lambda watermark: trace.confirmed(watermark, clock.monotonic()),
        )
        self._self_service = SelfService(
            settings,
            key,
            clock,
            self.replica,
            self.store,
            Saving(database, self.outbox, self._uplink.poke),
            lambda: self.reception.online,
            cabinet,
            printer,
        )
        self.attendant = Attendant(
            self.store,
            self.replica,
            clock,
            trace,
            centre=settings.centre,
            centre_name=settings.centre_name,
            place=settings.place,
            desk=self._self_service.desk,
            later=self.reception.later,
            modules=MODULES,
            notice=self.on_show.notice,
        )
        self._making = CardMaking(
            self._self_service.asks,
            clock,
            due=self._due,
            online=lambda: self.reception.online,
            spared=lambda uid: self.maintenance.knows(uid),
        )
        for reader in readers:
            if isinstance(reader, SpeakingReader):
                reader.speak_by(self._making)
        self.maintenance = Maintenance(
            keys_of(settings, key),
            self._ports(database, restart, levels),
            clock,
            self.reception.later,
        )

    def start(self) -> None:
        self.store.committed.append(self._uplink.poke)
        self._connection.link.on_state(lambda online: self.reception.put(Online(online)))
        asks = self._self_service.desk.asks
        self.reception.open(
            Counter(self.attendant, self.maintenance, self.store, self.outbox, asks, self.on_show)
        )
        self._uplink.start()
        self._connection.start()
        self._self_service.start()
        for reader in self._readers:
            reader.start(self.reception.put)
        for scanner in self._scanners:
            scanner.start(self.reception.put)

    @property
    def link(self) -> Link:
        """To the broker; subscribe before `start`."""
        return self._connection.link

    def choose(self, activity: str) -> None:
        """The person touched an activity."""
        self.reception.put(Chosen(activity, self._clock.monotonic()))

    def act(self, action: Action) -> None:
        """The person touched a button of a visit."""
        self.reception.put(Touched(action, self._clock.monotonic()))

    def go_home(self) -> None:
        """The return button, or nobody there any more."""
        self.reception.put(WentHome(self._clock.monotonic()))

    def close(self) -> None:
        """Stop readers first, so that no tap is taken that nobody will commit. Once only; also
        before `start`."""
        self._making.close()
        for reader in self._readers:
            reader.close()
        for scanner in self._scanners:
            scanner.close()
        self.reception.close()
        self._self_service.close()
        self._uplink.close()
        self._connection.close()
        self.replica.close()
        self._engine.dispose()

    def _ports(
        self, database: Database, restart: Callable[[], None], levels: Mapping[Room, LevelPort]
    ) -> Ports:
        """What the maintainer's menu has at hand."""
        return Ports(
            tries=PinTries(Saving(database, self.outbox)),
            linked=lambda: self.reception.online,
            waiting=self.outbox.waiting,
            reach=partial(reach, self._settings.connection.ledger_url),
            restart=restart,
            levels=levels,
            making=self._making,
            service=self.on_show,
            diagnose=self.diagnose,
        )

    def _due(self, uid: bytes) -> bool:
        """Whether that card shall have newer keys."""
        row = self.replica.card(uid.hex())
        return row is not None and row.next_key is not None and row.status == "active"

    def diagnose(self, found: Callable[[Finding | None], None]) -> None:
        """Looks at everything on a thread of its own: tells each finding, and None at the end."""
        in_use = replace(
            self._lent,
            readers=lambda: self.reception.readers_up,
            save=lambda: self.store.count("self_test", self._clock.now()),
        )
        diagnose(from_inside(self._settings, self._around, in_use), found)
