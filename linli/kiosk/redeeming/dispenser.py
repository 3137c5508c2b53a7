"""The worker that redeems: one thread that owns the machine, its leases and what is unfinished.

| thread                  | hands over                        | by              |
|-------------------------|-----------------------------------|-----------------|
| attendant, or screen    | what was confirmed, who tapped    | the inbox       |
| asks                    | the ledger's answers              | the inbox       |
| follower                | that the feed told something      | the inbox       |
| dispenser               | progress                          | `tell` of each  |

Doors take seconds and slips too, so that nobody but this thread waits for them. Everything that it
begins is on the disk before; a start of the program goes on with what the last one left.
"""

from __future__ import annotations

import datetime as dt
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import structlog

from linli.kiosk.network.ledger_asks import NotReachedError
from linli.kiosk.redeeming.dispensing import Dispensing, Wanted
from linli.kiosk.redeeming.doors import Doors
from linli.kiosk.redeeming.leasing import Leasing, Window
from linli.kiosk.redeeming.machine import KnownPeople, LedgerAsker, Locker, Printer
from linli.kiosk.redeeming.progress import CameBack, Tell, Trouble, Voucher
from linli.kiosk.redeeming.question import PRESENT_S
from linli.kiosk.redeeming.redemption import Thing
from linli.kiosk.redeeming.way import Way
from linli.kiosk.store.doors import UsedDoors
from linli.kiosk.store.leases import HeldLeases
from linli.kiosk.store.redemptions import Redemptions
from linli.kiosk.store.saving import Saving
from linli.kiosk.store.store import NotSavedError
from linli.sync.asks import Answer, Tapped
from linli.sync.clock import Clock
from linli.sync.messages import DoorRow

log = structlog.get_logger()
TICK_S = 1.0
"""How often what is unfinished is looked at."""
TIDY_S = 600.0
"""How often leases and codes are gone through for what is due: days matter there."""
JOIN_S = 15.0
"""A door that is being opened, and its slip, are waited for so long."""


@dataclass(frozen=True)
class _Start:
    wanted: Wanted
    tell: Tell
    pin: str | None = field(repr=False)
    present_until: float


@dataclass(frozen=True)
class _Answered:
    request: str
    answer: Answer | NotReachedError


@dataclass(frozen=True)
class _Tapped:
    who: Tapped


@dataclass(frozen=True)
class _Shown:
    request: str


@dataclass(frozen=True)
class _FeedChanged:
    pass


@dataclass(frozen=True)
class _Stop:
    pass


_Inbox = _Start | _Answered | _Tapped | _Shown | _FeedChanged | _Stop


class Dispenser:
    """`people` is the replica; `window` gives the redemption window that is open or next at a
    moment, and is asked only while `feed_known`. `locker` and `printer` are None where there is
    none. `online` says whether the network is there.

    Everything may be called from any thread; what does not answer returns at once."""

    def __init__(
        self,
        saving: Saving,
        people: KnownPeople,
        ledger: LedgerAsker,
        clock: Clock,
        *,
        locker: Locker | None,
        printer: Printer | None,
        online: Callable[[], bool],
        window: Callable[[dt.datetime], Window | None],
        feed_known: Callable[[], bool],
    ) -> None:
        self._clock = clock
        self._online = online
        self._window = window
        self._feed_known = feed_known
        self._inbox: queue.SimpleQueue[_Inbox] = queue.SimpleQueue()
        self._leases = HeldLeases(saving)
        self._doors = Doors(UsedDoors(saving), people, clock, saving.terminal)
        self._leasing = Leasing(self._leases, people, clock, saving.terminal)
        self._dispensing = Dispensing(
            Redemptions(saving),
            self._leases,
            people,
            ledger,
            clock,
            locker=locker,
            printer=printer,
            doors=self._doors,
            online=online,
            answered=lambda request, answer: self._inbox.put(_Answered(request, answer)),
        )
        self._resumed = False
        self._tidied: float | None = None
        self._thread = threading.Thread(target=self._run, name="dispenser", daemon=True)

    def start(self) -> None:
        """Go on with what the program left when it ended, and take what comes."""
        self._thread.start()

    def close(self) -> None:
        """What is under way is ended as far as it goes without waiting for anybody. Once only;
        also before `start`. Close the asks before."""
        self._inbox.put(_Stop())
        if self._thread.ident is not None:
            self._thread.join(JOIN_S)

    # --- what happens ------------------------------------------------------------------------

    def redeem(self, wanted: Wanted, tell: Tell, pin: str | None = None) -> None:
        """Somebody confirmed. `tell` is told of each step on this class's thread and must be
        quick. The same request again changes nothing, and its `tell` hears nothing. What this
        thread comes to only after they may have gone is not begun: no door opens for nobody."""
        present_until = self._clock.monotonic() + PRESENT_S
        self._inbox.put(_Start(wanted, tell, pin, present_until))

    def tapped(self, who: Tapped) -> None:
        """A card was tapped and accepted: perhaps it is time for a lease."""
        self._inbox.put(_Tapped(who))

    def feed_changed(self) -> None:
        """The replica was written."""
        self._inbox.put(_FeedChanged())

    def voucher_shown(self, request: str) -> None:
        """A code of `vouchers` was on the screen."""
        self._inbox.put(_Shown(request))

    # --- what is known -----------------------------------------------------------------------

    def way(self, thing: Thing, who: Tapped, *, pin_entered: bool = True) -> Way:
        """Who would pay for it now, or why it cannot be had. Raises NotSavedError."""
        return self._dispensing.way(thing, who, pin_entered=pin_entered)

    def held(self, account: str) -> int:
        """How many of somebody's points leases here hold. Raises NotSavedError."""
        return self._leases.held(account)

    def balance(self, account: str) -> int:
        """What somebody can redeem altogether: the number to show. Raises NotSavedError."""
        return self._leasing.balance(account)

    def vouchers(self, who: Tapped) -> tuple[Voucher, ...]:
        """Codes that may be shown to the card that was tapped. Raises NotSavedError."""
        return self._dispensing.vouchers(who)

    def doors(self) -> tuple[DoorRow, ...]:
        """Doors of the locker that something can be had from. Raises NotSavedError."""
        return self._doors.full()

    # --- the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            try:
                message: _Inbox | None = self._inbox.get(timeout=TICK_S)
            except queue.Empty:
                message = None
            if isinstance(message, _Stop):
                return
            self._try(self._resume)
            self._try(partial(self._go_on, message))

    def _try(self, work: Callable[[], None]) -> None:
        """Nothing that goes wrong with one ends the thread for the next."""
        try:
            work()
        except NotSavedError as error:
            log.error("the dispenser waits for the disk", error=str(error))
        except Exception:
            log.exception("the dispenser stumbled")

    def _resume(self) -> None:
        if not self._resumed:
            self._dispensing.resume()
            self._leasing.hear()
            self._resumed = True

    def _go_on(self, message: _Inbox | None) -> None:
        match message:
            case _Start(wanted, tell, pin, present_until):
                if self._clock.monotonic() < present_until:
                    self._dispensing.start(wanted, tell, pin)
                else:
                    tell(CameBack(wanted.request, Trouble.LATE))
            case _Answered(request, answer):
                self._dispensing.take_answer(request, answer)
            case _Tapped(who):
                self._tap(who)
            case _Shown(request):
                self._dispensing.voucher_shown(request)
            case _FeedChanged():
                self._leasing.hear()
                self._doors.hear()
                self._dispensing.tick()
            case _:
                self._doors.hear()
                self._dispensing.tick()
                self._tidy()

    def _tap(self, who: Tapped) -> None:
        if self._feed_known():
            window = self._window(self._clock.now())
            self._leasing.tapped(who, window, online=self._online())

    def _tidy(self) -> None:
        now = self._clock.monotonic()
        if self._tidied is not None and now < self._tidied + TIDY_S:
            return
        self._tidied = now
        self._dispensing.forget_codes()
        if self._feed_known():
            self._leasing.tidy(self._window(self._clock.now()))
