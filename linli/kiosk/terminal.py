"""One running terminal without its window: readers, attendant, store and link in their threads.

| thread      | does                                                    | hands on by          |
|-------------|---------------------------------------------------------|----------------------|
| reader (1…) | polls its reader                                        | the inbox            |
| scanner (…) | hears its scanner                                       | the inbox            |
| attendant   | flows, commits, view states                             | `show`               |
| uplink      | batches, publishes, retries                             | MQTT                 |
| link (paho) | network                                                 | follower, uplink     |
| follower    | applies the feed, fetches snapshots                     | the replica          |
| asks        | asks the ledger for somebody who waits                  | inbox, dispenser     |
| dispenser   | redeems: leases, doors, slips                           | the inbox            |
| locker      | watches the doors                                       | the till             |
| speaker     | says what goes with a screen (`peripherals/prompts.py`) | the loudspeaker      |

The window's own thread only draws: `show` must hand over and return at once.
"""

from __future__ import annotations

import queue
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import structlog

from linli.devices.lockers.base import Locker as Cabinet
from linli.devices.readers.base import (
    CardReader,
    CardSeen,
    Part,
    ReaderState,
    SpeakingReader,
)
from linli.devices.scanners.base import Scanned, Scanner, ScannerState
from linli.kiosk.attendant import OFFER_S, REFUSED_S, Attendant
from linli.kiosk.cards.making import CardMaking
from linli.kiosk.connection import LedgerConnection
from linli.kiosk.doctor.at_terminal import NOTHING_LENT, Around, InUse, diagnose, from_inside
from linli.kiosk.doctor.finding import Finding
from linli.kiosk.flows import views
from linli.kiosk.flows.actions import Action, SetLargeType
from linli.kiosk.flows.maintenance_views import MaintenanceView, Room
from linli.kiosk.flows.marked import said
from linli.kiosk.flows.scanned import answer_to, told, voucher_code
from linli.kiosk.maintenance.maintenance import Maintenance
from linli.kiosk.maintenance.ports import LevelPort, Ports
from linli.kiosk.maintenance.wiring import keys_of, reach
from linli.kiosk.redeeming.machine import Printer
from linli.kiosk.self_service import MODULES, SelfService
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.store.database import open_database
from linli.kiosk.store.pin_tries import PinTries
from linli.kiosk.store.saving import Saving
from linli.kiosk.store.store import TerminalStore
from linli.kiosk.trace import Trace
from linli.sync.asks import Answer, AskVoucher
from linli.sync.clock import Clock
from linli.sync.link import Link
from linli.sync.messages import Stream
from linli.sync.outbox import Outbox
from linli.sync.replica import Replica
from linli.sync.signing import load_or_make_key
from linli.sync.sqlite import Database
from linli.sync.uplink import Uplink

log = structlog.get_logger()
REFRESH_S = 1.0
"""How often the resting screen is looked at again (activities open and close, people come)."""
ALONE_S = 30.0
"""The resting screen for so long without a tap or touch: whoever wanted large type has gone."""
NO_LEVELS: Mapping[Room, LevelPort] = MappingProxyType({})
SIGHT_S = 0.3
"""Nobody answers a screen faster: a touch before that was meant for the one it displaced."""


@dataclass(frozen=True)
class Chosen:
    """`at` is when the screen was touched (monotonic seconds)."""

    activity: str
    at: float


@dataclass(frozen=True)
class Touched:
    """A button of a visit; `at` is as above."""

    action: Action
    at: float


@dataclass(frozen=True)
class Came:
    """What somebody waited for, to be taken in the attendant's thread."""

    act: Callable[[], None]


@dataclass(frozen=True)
class VoucherTold:
    """What the ledger says of a scanned voucher; `at_once` is what its screen shows so far."""

    at_once: views.Refused
    answer: Answer | None


@dataclass(frozen=True)
class WentHome:
    at: float


@dataclass(frozen=True)
class Online:
    online: bool


@dataclass(frozen=True)
class Stop:
    pass


Inbox = (
    CardSeen
    | ReaderState
    | Scanned
    | ScannerState
    | VoucherTold
    | Chosen
    | Touched
    | Came
    | WentHome
    | Online
    | Stop
)


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
        self._show = show
        self._trace = trace or Trace()
        self._lent, self._around = lent, around or Around(clock)
        self._inbox: queue.Queue[Inbox] = queue.Queue()
        self._status = views.Status(large_type=settings.large_type)
        self._used_at = clock.monotonic()
        self._shown: views.Screen | None = None
        self._answerable_from = 0.0
        self._readers_up = {reader.name: False for reader in readers}
        key = load_or_make_key(settings.data / "terminal.key")
        boot_id = secrets.token_hex(8)
        self._engine = open_database(settings.data / "terminal.db")
        database = Database(self._engine)
        self.outbox = Outbox(database, settings.name, key, clock, boot_id)
        self.store = TerminalStore(database, self.outbox)
        streams = (Stream.CHANGES, Stream.HOLDERS)
        self.replica = Replica(settings.data / "replica.db", settings.scope, streams)
        self._connection = LedgerConnection(settings, self.replica, key, boot_id, clock)
        self._uplink = Uplink(self.outbox, self._connection.link, clock)
        self._self_service = SelfService(
            settings,
            key,
            clock,
            self.replica,
            self.store,
            Saving(database, self.outbox, self._uplink.poke),
            lambda: self._status.link is views.Link.ONLINE,
            cabinet,
            printer,
        )
        self.attendant = Attendant(
            self.store,
            self.replica,
            clock,
            self._trace,
            centre=settings.centre,
            centre_name=settings.centre_name,
            place=settings.place,
            desk=self._self_service.desk,
            later=self._later,
            modules=MODULES,
        )
        self._making = CardMaking(
            self._self_service.asks,
            clock,
            due=self._due,
            online=lambda: self._status.link is views.Link.ONLINE,
            spared=lambda uid: self.maintenance.knows(uid),
        )
        for reader in readers:
            if isinstance(reader, SpeakingReader):
                reader.speak_by(self._making)
        self.maintenance = Maintenance(
            keys_of(settings, key), self._ports(database, restart, levels), clock, self._later
        )
        self._thread = threading.Thread(target=self._run, name="attendant", daemon=True)

    def start(self) -> None:
        self.store.committed.append(self._uplink.poke)
        self._connection.link.on_state(lambda online: self._inbox.put(Online(online)))
        self._thread.start()
        self._uplink.start()
        self._connection.start()
        self._self_service.start()
        for reader in self._readers:
            reader.start(self._inbox.put)
        for scanner in self._scanners:
            scanner.start(self._inbox.put)

    @property
    def link(self) -> Link:
        """To the broker; subscribe before `start`."""
        return self._connection.link

    def choose(self, activity: str) -> None:
        """The person touched an activity."""
        self._inbox.put(Chosen(activity, self._clock.monotonic()))

    def act(self, action: Action) -> None:
        """The person touched a button of a visit."""
        self._inbox.put(Touched(action, self._clock.monotonic()))

    def go_home(self) -> None:
        """The return button, or nobody there any more."""
        self._inbox.put(WentHome(self._clock.monotonic()))

    def close(self) -> None:
        """Stop readers first, so that no tap is taken that nobody will commit. Once only; also
        before `start`."""
        self._making.close()
        for reader in self._readers:
            reader.close()
        for scanner in self._scanners:
            scanner.close()
        self._inbox.put(Stop())
        if self._thread.ident is not None:
            self._thread.join()
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
            linked=lambda: self._status.link is views.Link.ONLINE,
            waiting=self.outbox.waiting,
            reach=partial(reach, self._settings.connection.ledger_url),
            restart=restart,
            levels=levels,
            making=self._making,
            diagnose=self._diagnose,
        )

    def _due(self, uid: bytes) -> bool:
        """Whether that card shall have newer keys."""
        row = self.replica.card(uid.hex())
        return row is not None and row.next_key is not None and row.status == "active"

    def _diagnose(self, found: Callable[[Finding | None], None]) -> None:
        in_use = replace(
            self._lent,
            readers=lambda: dict(self._readers_up),
            save=lambda: self.store.count("self_test", self._clock.now()),
        )
        diagnose(from_inside(self._settings, self._around, in_use), found)

    def _later(self, act: Callable[[], None]) -> None:
        self._inbox.put(Came(act))

    def _run(self) -> None:
        message: Inbox | None = WentHome(self._clock.monotonic())
        while not isinstance(message, Stop):
            try:
                self._refresh() if message is None else self._handle(message)
            except Exception:
                # Without this thread the terminal would stand there, lit and deaf.
                log.exception("attendant stumbled")
                if isinstance(message, CardSeen | Chosen):
                    refused = views.Refused(views.Trouble.NOT_SAVED)
                    self._present(views.Screen(refused, REFUSED_S))
            try:
                message = self._inbox.get(timeout=REFRESH_S)
            except queue.Empty:
                message = None

    def _handle(self, message: Inbox) -> None:
        if isinstance(message, Chosen | Touched | CardSeen | WentHome):
            self._used_at = self._clock.monotonic()
        match message:
            case Chosen() | Touched() | WentHome():
                if message.at >= self._answerable_from:
                    self._touched(message)
            case CardSeen():
                self._present(self._tapped(message))
            case Scanned():
                self._scanned(message)
            case VoucherTold():
                self._voucher_told(message)
            case Came(act):
                self._present_if(self.attendant.answered(act))
                if self.maintenance.open:
                    self._present_if(self.maintenance.screen())
            case ReaderState() | ScannerState() | Online():
                self._stands(message)

    def _stands(self, message: ReaderState | ScannerState | Online) -> None:
        """How something stands that the terminal depends on."""
        match message:
            case ScannerState():
                log.info("scanner", scanner=message.scanner, up=message.up, reason=message.reason)
            case ReaderState():
                log.info("reader", reader=message.reader, up=message.up, reason=message.reason)
                self._readers_up[message.reader] = message.up
                ready = all(self._readers_up.values())
                reader = views.Reader.READY if ready else views.Reader.RECONNECTING
                self._update(replace(self._status, reader=reader))
            case Online(online):
                link = views.Link.ONLINE if online else views.Link.OFFLINE
                self._trace.mark("", link.value, self._clock.monotonic())
                self._update(replace(self._status, link=link))

    def _tapped(self, seen: CardSeen) -> views.Screen:
        """At rest, a maintainer's card opens their menu; any other card closes it, unless it is
        being made."""
        if (made := self.maintenance.tapped(seen)) is not None:
            return made
        resting = self._shown is None or isinstance(self._shown.view, views.Home)
        whole = seen.part is Part.WHOLE and not seen.random_uid
        maintainer = whole and self.maintenance.knows(seen.uid)
        if maintainer and (resting or self.maintenance.open):
            return self.maintenance.begin()
        self.maintenance.end()
        return self.attendant.tap(seen)

    def _scanned(self, scanned: Scanned) -> None:
        """Answered at rest only: on any other screen somebody is busy with something else."""
        if self._shown is not None and isinstance(self._shown.view, views.Home | views.Refused):
            self.maintenance.end()
            url, asks = self._settings.public_url, self._self_service.desk.asks
            at_once = views.Refused(answer_to(scanned.text, url))
            self._present(views.Screen(at_once, REFUSED_S))
            code = voucher_code(scanned.text, url)
            if code is not None and asks is not None:
                asks.post(AskVoucher(code=code), lambda a: self._inbox.put(VoucherTold(at_once, a)))

    def _voucher_told(self, message: VoucherTold) -> None:
        """Only while that code's own screen still stands there."""
        better = told(message.answer)
        mine = self._shown is not None and self._shown.view is message.at_once
        if better is not None and mine:
            self._present(views.Screen(better, OFFER_S))

    def _touched(self, touch: Chosen | Touched | WentHome) -> None:
        match touch:
            case Chosen(activity, _):
                self._present(self.attendant.choose(activity))
            case Touched(action, _) if self.maintenance.open:
                self._present(self.maintenance.act(action) or self.attendant.home())
            case Touched(SetLargeType(on), _):
                self._update(replace(self._status, large_type=on))
            case Touched(action, _):
                self._present_if(self.attendant.act(action))
            case WentHome():
                self.maintenance.end()
                self._present(self.attendant.home())

    def _refresh(self) -> None:
        self.store.rest()
        self._update(replace(self._status, waiting=self.outbox.waiting()))
        if self.maintenance.open:
            self._present(self.maintenance.screen() or self.attendant.home())
        elif self._shown is not None and isinstance(self._shown.view, views.Home):
            if self._clock.monotonic() - self._used_at >= ALONE_S:
                self._update(replace(self._status, large_type=self._settings.large_type))
            self._present(self.attendant.home())

    def _update(self, status: views.Status) -> None:
        if status != self._status:
            self._status = status
            if self._shown is not None:
                self._present(self._shown)

    def _present_if(self, screen: views.Screen | None) -> None:
        if screen is not None:
            self._present(screen)

    def _present(self, screen: views.Screen) -> None:
        screen = replace(screen, status=self._status)
        if screen == self._shown:
            return
        if self._shown is not None and screen.view != self._shown.view:
            self._answerable_from = self._clock.monotonic() + _sight(self._shown.view, screen.view)
        self._shown = screen
        kind, word = type(screen.view).__name__, said(screen.view)
        self._trace.mark("", "shown", self._clock.monotonic(), view=kind, said=word)
        self._show(screen)


def _sight(before: views.View, after: views.View) -> float:
    """How long touches still belong to the screen before: where one person's choice, or their
    way home, would otherwise be taken for the next person's."""
    if isinstance(before, views.Home) or isinstance(after, views.Home):
        return 0.0
    if isinstance(after, MaintenanceView) and type(before) is type(after):
        return 0.0
    if isinstance(before, views.Choose) and isinstance(after, views.Success):
        return 0.0 if before.trace == after.trace else SIGHT_S
    return SIGHT_S
