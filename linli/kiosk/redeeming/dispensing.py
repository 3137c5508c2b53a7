"""Redeems, one step at a time: what is written down first, and what is done then.

It owns no thread and is called from one (`dispenser.py`). A crash between any two of its lines
leaves each redemption in a state of `redemption.py`, and `resume` goes on from there:

| found at a start | what is done                                                              |
|------------------|---------------------------------------------------------------------------|
| waiting          | declined: nothing was paid                                                |
| asked            | asked again under its request, without a PIN; what is paid for a door     |
|                  | comes back, as nobody stands there; what is paid otherwise is kept        |
| opening          | the lock board is asked what came of the nonce; no door is opened         |
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random

import structlog

from linli.kiosk.network.ledger_asks import NotReachedError
from linli.kiosk.redeeming.asking import Answered, Asking, draw_nonce
from linli.kiosk.redeeming.doors import Doors
from linli.kiosk.redeeming.giving_out import GivingOut, as_voucher
from linli.kiosk.redeeming.machine import KnownPeople, LedgerAsker, Locker, Printer
from linli.kiosk.redeeming.pending import Pending
from linli.kiosk.redeeming.progress import CameBack, Tell, Trouble, Voucher
from linli.kiosk.redeeming.question import nobody_waits, somebody_waits
from linli.kiosk.redeeming.redemption import Redemption, State, Thing
from linli.kiosk.redeeming.way import ByLease, ByLedger, Cannot, Means, Way, choose_way
from linli.kiosk.store.leases import HeldLeases, LeaseGoneError
from linli.kiosk.store.redemptions import Redemptions, SteppedOnError
from linli.kiosk.store.store import NotSavedError
from linli.sync.asks import Answer, Tapped
from linli.sync.clock import Clock
from linli.sync.messages import Trust

log = structlog.get_logger()


@dataclass(frozen=True)
class Wanted:
    """What somebody confirmed. `request` was drawn when the question was put to them, so that a
    second touch is the same request."""

    request: str
    who: Tapped
    thing: Thing


def new_request() -> str:
    return secrets.token_hex(12)


class Dispensing:
    """`answered` is handed each answer of the ledger on any thread; hand it on to `take_answer`.

    No method raises NotSavedError but `resume`, which is then to be called again, and `vouchers`:
    whoever waits is told, and what was begun is taken up again by `tick`."""

    def __init__(
        self,
        redemptions: Redemptions,
        leases: HeldLeases,
        people: KnownPeople,
        ledger: LedgerAsker,
        clock: Clock,
        *,
        locker: Locker | None,
        printer: Printer | None,
        online: Callable[[], bool],
        answered: Answered,
        doors: Doors,
        nonce: Callable[[], bytes] = draw_nonce,
        random: Random | None = None,
    ) -> None:
        self._redemptions = redemptions
        self._leases = leases
        self._people = people
        self._doors = doors
        self._clock = clock
        self._online = online
        self._nonce = nonce
        self._giving = GivingOut(redemptions, locker, printer, clock)
        random = random or Random()
        self._asking = Asking(
            redemptions, people, ledger, self._giving, clock, answered, nonce, random, leases.held
        )
        self._pending: dict[str, Pending] = {}

    @property
    def busy(self) -> bool:
        """Whether something must still be done for somebody."""
        return bool(self._pending)

    def way(self, thing: Thing, who: Tapped, *, pin_entered: bool = True) -> Way:
        """Who would pay for it now; safe from any thread. Raises NotSavedError."""
        means = self._means(who.account)
        return choose_way(thing, who.trust, means, online=self._online(), pin_entered=pin_entered)

    def start(self, wanted: Wanted, tell: Tell, pin: str | None = None) -> None:
        """Somebody confirmed: `tell` is told of each step. The same request again changes
        nothing."""
        try:
            if wanted.request in self._pending or self._redemptions.find(wanted.request):
                return
            self._start(wanted, tell, pin)
        except (NotSavedError, LeaseGoneError) as error:
            log.error("nothing was redeemed", request=wanted.request, error=str(error))
            if wanted.request not in self._pending:
                tell(CameBack(wanted.request, Trouble.NOT_SAVED))
        self._sort_out()

    def take_answer(self, request: str, answer: Answer | NotReachedError) -> None:
        """What the ledger said. An answer that nothing waits for is left out."""
        pending = self._pending.get(request)
        if pending is None or pending.redemption.state is not State.ASKED:
            return
        if pending.question.due is None:
            with self._as_on_disk(pending):
                self._asking.take(pending, answer)
            self._sort_out()

    def tick(self) -> None:
        """Some time has passed, the network came or went, or the feed told something."""
        for pending in list(self._pending.values()):
            with self._as_on_disk(pending):
                if pending.redemption.state is State.OPENING:
                    self._giving.look(pending)
                else:
                    self._asking.go_on(pending, online=self._online())
        self._sort_out()

    def resume(self) -> None:
        """Take up what a start of the program finds unfinished. Raises NotSavedError."""
        now = self._clock.monotonic()
        for redemption in self._redemptions.unfinished():
            if redemption.request in self._pending:
                continue
            if redemption.state is State.WAITING:
                declined = replace(redemption, state=State.DECLINED, reason=Trouble.SLOW)
                self._redemptions.step(State.WAITING, declined, self._clock.now())
                continue
            pending = Pending(redemption, nobody_waits(now))
            self._giving.ask_from_now(pending)
            self._pending[redemption.request] = pending

    # --- vouchers ----------------------------------------------------------------------------

    def vouchers(self, who: Tapped) -> tuple[Voucher, ...]:
        """Codes that may be shown to the card that was tapped: to none that could be a copy, as a
        code is worth what was paid for it with a PIN. Safe from any thread. Raises
        NotSavedError."""
        if who.trust is not Trust.HIGH:
            return ()
        return tuple(map(as_voucher, self._redemptions.vouchers(who, self._clock.now())))

    def voucher_shown(self, request: str) -> None:
        """One of them was on the screen. Raises NotSavedError."""
        self._redemptions.shown(request, self._clock.now())

    def forget_codes(self) -> None:
        """Raises NotSavedError."""
        self._redemptions.forget_codes(self._clock.now())

    # --- how it begins -----------------------------------------------------------------------

    def _start(self, wanted: Wanted, tell: Tell, pin: str | None) -> None:
        trouble = self._door_trouble(wanted.thing)
        if trouble is not None:
            tell(CameBack(wanted.request, trouble))
            return
        match self.way(wanted.thing, wanted.who, pin_entered=pin is not None):
            case ByLease(lease):
                self._by_lease(wanted, lease, tell)
            case ByLedger(returning):
                self._by_ledger(wanted, returning, tell, pin)
            case Cannot(why, at_hand):
                tell(CameBack(wanted.request, why, at_hand))

    def _by_lease(self, wanted: Wanted, lease: str, tell: Tell) -> None:
        state = State.COUNTER if wanted.thing.door is None else State.OPENING
        nonce = None if wanted.thing.door is None else self._nonce()
        redemption = self._made(wanted, state, lease, nonce)
        pending = Pending(redemption, somebody_waits(self._clock.monotonic()), tell)
        if state is State.COUNTER:
            paid = self._redemptions.over_the_counter(redemption, self._clock.now())
            if paid is not None:
                pending.redemption = paid
                self._giving.counter(pending)
        elif self._redemptions.begin(redemption, self._clock.now()):
            self._pending[wanted.request] = pending
            self._giving.open(pending)

    def _by_ledger(
        self, wanted: Wanted, returning: tuple[str, ...], tell: Tell, pin: str | None
    ) -> None:
        state = State.WAITING if returning else State.ASKED
        redemption = self._made(wanted, state)
        waits = somebody_waits(self._clock.monotonic())
        if self._redemptions.begin(redemption, self._clock.now(), returning):
            pending = Pending(redemption, waits, tell, pin)
            self._pending[wanted.request] = pending
            if state is State.ASKED:
                self._asking.send(pending)

    def _made(
        self, wanted: Wanted, state: State, lease: str = "", nonce: bytes | None = None
    ) -> Redemption:
        now = self._clock.now()
        return Redemption(wanted.request, wanted.who, wanted.thing, state, now, lease, nonce)

    def _door_trouble(self, thing: Thing) -> Trouble | None:
        if thing.door is None:
            return None
        if not self._giving.has_doors:
            return Trouble.NO_LOCKER
        if not self._doors.holds(thing.door, thing.ware):
            return Trouble.DOOR_BUSY
        now = self._clock.monotonic()
        for pending in self._pending.values():
            mine = pending.redemption.thing.door == thing.door
            opening = pending.redemption.state is State.OPENING
            if mine and (opening or pending.question.present(now)):
                return Trouble.DOOR_BUSY
        return None

    def _means(self, account: str) -> Means:
        holder = self._people.holder(account)
        here = [lease.as_left() for lease in self._leases.of(account) if lease.left]
        redeemable = holder.redeemable if holder is not None else 0
        return Means(redeemable, tuple(here), holder is not None and holder.pin)

    @contextmanager
    def _as_on_disk(self, pending: Pending) -> Iterator[None]:
        """A commit whose error came after it was made leaves more on the disk than is known here:
        go on from that."""
        try:
            try:
                yield
            except SteppedOnError as error:
                log.error("a redemption is read again", error=str(error))
                found = self._redemptions.find(pending.redemption.request)
                pending.redemption = found or pending.redemption
                pending.question = nobody_waits(self._clock.monotonic())
                self._giving.ask_from_now(pending)
        except NotSavedError as error:
            log.error("a redemption waits for the disk", error=str(error))

    def _sort_out(self) -> None:
        """What is finished is on the disk."""
        for request in [r for r, pending in self._pending.items() if pending.finished]:
            del self._pending[request]
