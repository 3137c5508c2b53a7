"""The attendant's thread: whoever comes is taken one after the other, and shown what follows."""

from __future__ import annotations

import datetime as dt
import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import structlog

from linli.devices.readers.base import CardSeen, Part, ReaderState
from linli.devices.scanners.base import Scanned, ScannerState
from linli.kiosk.attendant import ANSWERED_S, Attendant
from linli.kiosk.flows import views
from linli.kiosk.flows.actions import SetLargeType
from linli.kiosk.flows.afar_views import AnswerPicture, AskPicture, OutOfService
from linli.kiosk.flows.marked import said
from linli.kiosk.flows.scanned import answer_to, told, voucher_code
from linli.kiosk.flows.sight import may_be_displaced, sight_s
from linli.kiosk.inbox import Came, Chosen, Inbox, Online, Stop, Touched, VoucherTold, WentHome
from linli.kiosk.maintenance.maintenance import Maintenance
from linli.kiosk.on_show import OnShow
from linli.kiosk.settings import TerminalSettings
from linli.kiosk.store.store import TerminalStore
from linli.kiosk.trace import Trace
from linli.kiosk.visits.desk import Asks
from linli.sync.asks import AskVoucher
from linli.sync.clock import Clock
from linli.sync.outbox import Outbox

log = structlog.get_logger()
REFRESH_S = 1.0
"""How often the resting screen is looked at again (activities open and close, people come)."""
ALONE_S = 30.0
"""The resting screen for so long without a tap or touch: whoever wanted large type has gone."""
PICTURE_S = 20.0
"""Who has not agreed to a picture of their screen by then has not."""


@dataclass(frozen=True)
class Counter:
    """What the attendant has at hand."""

    attendant: Attendant
    maintenance: Maintenance
    store: TerminalStore
    outbox: Outbox
    asks: Asks | None
    on_show: OnShow


class Reception:
    """`show` is called from the attendant's thread with each new screen; `readers` are the names
    of those that must be up. `put` and `later` may be called from any thread, before `open` too."""

    def __init__(
        self,
        settings: TerminalSettings,
        clock: Clock,
        trace: Trace,
        show: Callable[[views.Screen], None],
        readers: Iterable[str],
    ) -> None:
        self._settings, self._clock, self._trace, self._show = settings, clock, trace, show
        self._inbox: queue.Queue[Inbox] = queue.Queue()
        self._status = views.Status(large_type=settings.large_type)
        self._used_at = clock.monotonic()
        self._shown: views.Screen | None = None
        self._asked: tuple[views.Screen, Callable[[bool], None]] | None = None
        """The screen that a question displaced, and who is told the answer."""
        self.answerable_from = 0.0
        """From when on touches are for the screen that is shown (monotonic seconds)."""
        self._readers_up = dict.fromkeys(readers, False)
        self._scanners_up: dict[str, bool] = {}
        self.last_card_at: dt.datetime | None = None
        self._thread = threading.Thread(target=self._run, name="attendant", daemon=True)

    def open(self, counter: Counter) -> None:
        self._counter = counter
        self._thread.start()

    def close(self) -> None:
        """What was put before is still done. Also before `open`."""
        self._inbox.put(Stop())
        if self._thread.ident is not None:
            self._thread.join()

    def put(self, message: Inbox) -> None:
        self._inbox.put(message)

    def later(self, act: Callable[[], None]) -> None:
        """`act` is done in the attendant's thread."""
        self._inbox.put(Came(act))

    def ask_picture(self, answer: Callable[[bool], None]) -> None:
        """Asks whoever stands there whether their screen may be seen from afar. From any thread;
        `answer` is told once, soon, on another. Where somebody is busy with what must not be
        displaced, and where they go on to something else, it is a no."""
        self.later(lambda: self._ask_picture(answer))

    @property
    def online(self) -> bool:
        return self._status.link is views.Link.ONLINE

    @property
    def readers_up(self) -> dict[str, bool]:
        """Of each reader, whether it answers."""
        return dict(self._readers_up)

    @property
    def scanners_up(self) -> dict[str, bool]:
        """Of each scanner that has said how it is, whether it works."""
        return dict(self._scanners_up)

    # --- in the attendant's thread ---------------------------------------------------------------

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
                    self._present(views.Screen(refused, ANSWERED_S))
            try:
                message = self._inbox.get(timeout=REFRESH_S)
            except queue.Empty:
                message = None

    def _handle(self, message: Inbox) -> None:
        if isinstance(message, Chosen | Touched | CardSeen | WentHome):
            self._used_at = self._clock.monotonic()
        match message:
            case Chosen() | Touched() | WentHome():
                if message.at >= self.answerable_from:
                    self._touched(message)
            case CardSeen():
                self.last_card_at = self._clock.now()
                self._present(self._tapped(message))
            case Scanned():
                self._scanned(message)
            case VoucherTold():
                self._voucher_told(message)
            case Came(act):
                self._present_if(self._counter.attendant.answered(act))
                if self._counter.maintenance.open:
                    self._present_if(self._counter.maintenance.screen())
            case ReaderState() | ScannerState() | Online():
                self._stands(message)

    def _stands(self, message: ReaderState | ScannerState | Online) -> None:
        """How something stands that the terminal depends on."""
        match message:
            case ScannerState():
                log.info("scanner", scanner=message.scanner, up=message.up, reason=message.reason)
                self._scanners_up[message.scanner] = message.up
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
        if (made := self._counter.maintenance.tapped(seen)) is not None:
            return made
        resting = self._shown is None or views.rests(self._shown.view)
        whole = seen.part is Part.WHOLE and not seen.random_uid
        maintainer = whole and self._counter.maintenance.knows(seen.uid)
        if maintainer and (resting or self._counter.maintenance.open):
            return self._counter.maintenance.begin()
        self._counter.maintenance.end()
        if self._counter.on_show.out_of_service and not self._visited():
            return self._counter.attendant.home()
        return self._counter.attendant.tap(seen)

    def _visited(self) -> bool:
        """Whether somebody is amid a visit: what they have begun they may end."""
        between = views.Home | OutOfService | views.Success | views.Refused
        return self._shown is not None and not isinstance(self._shown.view, between)

    def _scanned(self, scanned: Scanned) -> None:
        """Answered at rest only: on any other screen somebody is busy with something else."""
        if self._shown is not None and isinstance(self._shown.view, views.Home | views.Refused):
            self._counter.maintenance.end()
            url, asks = self._settings.public_url, self._counter.asks
            at_once = views.Refused(answer_to(scanned.text, url))
            self._present(views.Screen(at_once, ANSWERED_S))
            code = voucher_code(scanned.text, url)
            if code is not None and asks is not None:
                asks.post(AskVoucher(code=code), lambda a: self._inbox.put(VoucherTold(at_once, a)))

    def _voucher_told(self, message: VoucherTold) -> None:
        """Only while that code's own screen still stands there."""
        better = told(message.answer)
        mine = self._shown is not None and self._shown.view is message.at_once
        if better is not None and mine:
            self._present(views.Screen(better, ANSWERED_S))

    def _touched(self, touch: Chosen | Touched | WentHome) -> None:
        if self._asked is not None:
            self._answered(touch)
            return
        match touch:
            case Chosen(activity, _):
                self._present(self._counter.attendant.choose(activity))
            case Touched(action, _) if self._counter.maintenance.open:
                self._present(
                    self._counter.maintenance.act(action) or self._counter.attendant.home()
                )
            case Touched(SetLargeType(on), _):
                self._update(replace(self._status, large_type=on))
            case Touched(action, _):
                self._present_if(self._counter.attendant.act(action))
            case WentHome():
                self._counter.maintenance.end()
                self._present(self._counter.attendant.home())

    def _refresh(self) -> None:
        self._counter.store.rest()
        self._update(replace(self._status, waiting=self._counter.outbox.waiting()))
        if self._counter.maintenance.open:
            self._present(self._counter.maintenance.screen() or self._counter.attendant.home())
        elif self._shown is not None and views.rests(self._shown.view):
            if self._clock.monotonic() - self._used_at >= ALONE_S:
                self._update(replace(self._status, large_type=self._settings.large_type))
            self._present(self._counter.attendant.home())

    def _ask_picture(self, answer: Callable[[bool], None]) -> None:
        before = self._shown
        if before is None or self._counter.maintenance.open or not may_be_displaced(before.view):
            answer(False)
            return
        self._present(views.Screen(AskPicture(round(PICTURE_S)), PICTURE_S))
        self._asked = (before, answer)

    def _answered(self, message: Chosen | Touched | WentHome) -> None:
        """The window goes home where nobody answered in time: they may still stand there."""
        action = message.action if isinstance(message, Touched) else None
        if self._asked is not None and not isinstance(message, Chosen):
            (before, answer), self._asked = self._asked, None
            self._present(before)
            answer(isinstance(action, AnswerPicture) and action.agreed)

    def _update(self, status: views.Status) -> None:
        if status != self._status:
            self._status = status
            if self._shown is not None:
                self._present(self._shown)

    def _present_if(self, screen: views.Screen | None) -> None:
        if screen is not None:
            self._present(screen)

    def _present(self, screen: views.Screen) -> None:
        screen = replace(self._in_service(screen), status=self._status)
        if self._asked is not None and not isinstance(screen.view, AskPicture):
            # Somebody went on to something else.
            (_, answer), self._asked = self._asked, None
            answer(False)
        if screen == self._shown:
            return
        if self._shown is not None and screen.view != self._shown.view:
            self.answerable_from = self._clock.monotonic() + sight_s(self._shown.view, screen.view)
        self._shown = screen
        kind, word = type(screen.view).__name__, said(screen.view)
        self._trace.mark("", "shown", self._clock.monotonic(), view=kind, said=word)
        self._show(screen)

    def _in_service(self, screen: views.Screen) -> views.Screen:
        """Out of service another screen rests here."""
        if isinstance(screen.view, views.Home) and self._counter.on_show.out_of_service:
            return views.Screen(OutOfService(self._settings.centre_name, self._settings.call))
        if isinstance(screen.view, OutOfService) and not self._counter.on_show.out_of_service:
            return self._counter.attendant.home()
        return screen
