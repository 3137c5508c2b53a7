"""The door, and what is printed: what is paid is given out, and what came of it is written down.

A door is commanded once, right after its nonce was written down. Whatever is not known then is
asked of the lock board by that nonce, never commanded again.
"""

from __future__ import annotations

import structlog

from linli.kiosk.redeeming.machine import Locker, Printer, Slip
from linli.kiosk.redeeming.pending import Pending, nobody
from linli.kiosk.redeeming.progress import (
    AtCounter,
    Away,
    CameBack,
    OpenDoor,
    Out,
    Printed,
    Receipt,
    StaffCalled,
    TakeIt,
    Voucher,
)
from linli.kiosk.redeeming.redemption import ENDINGS, DoorOutcome, Redemption, State
from linli.kiosk.store.redemptions import Redemptions
from linli.kiosk.store.store import NotSavedError
from linli.sync.clock import Clock

log = structlog.get_logger()
BOARD_S = 60.0
"""How long a silent lock board is asked what came of a command: it restarts faster."""


class GivingOut:
    """`locker` and `printer` are None where this terminal has none."""

    def __init__(
        self, redemptions: Redemptions, locker: Locker | None, printer: Printer | None, clock: Clock
    ) -> None:
        self._redemptions = redemptions
        self._locker = locker
        self._printer = printer
        self._clock = clock

    @property
    def has_doors(self) -> bool:
        return self._locker is not None

    def open(self, pending: Pending) -> None:
        """The redemption is `opening` on the disk: command its door, once."""
        redemption = pending.redemption
        pending.tell(OpenDoor(redemption.request, redemption.door))
        self.ask_from_now(pending)
        pending.seen = self._command(redemption)
        self.look(pending)

    def ask_from_now(self, pending: Pending) -> None:
        """The lock board has so long to say what came of it."""
        pending.give_up = self._clock.monotonic() + BOARD_S

    def look(self, pending: Pending) -> None:
        """Write down what came of the door, as soon as it is known or given up."""
        redemption = pending.redemption
        if pending.seen is None:
            pending.seen = self._ask_board(redemption)
        if pending.seen is None:
            if self._clock.monotonic() < pending.give_up:
                pending.call_staff(Away.NO_ANSWER)
                return
            pending.seen = DoorOutcome.UNKNOWN
        ending, now = ENDINGS[pending.seen], self._clock.now()
        try:
            pending.redemption = self._redemptions.end(State.OPENING, redemption, ending, now)
        except NotSavedError as error:
            log.error("what came of a door is not written down yet", error=str(error))
            pending.call_staff(Away.NOT_SAVED)
            return
        self._tell_end(pending)

    def counter(self, pending: Pending) -> None:
        """It is paid and staff give it out: say so, and print what they want to see."""
        redemption = pending.redemption
        thing, order = redemption.thing, redemption.order
        pending.tell(
            AtCounter(redemption.request, thing.title, thing.points, order, redemption.left)
        )
        self._print(pending)

    def voucher(self, pending: Pending) -> None:
        """Show a code that is paid, and print it. Raises NotSavedError where it cannot be noted
        that it was shown: it is then shown again."""
        if pending.tell is nobody:
            return
        pending.tell(as_voucher(pending.redemption))
        self._print(pending)
        self._redemptions.shown(pending.redemption.request, self._clock.now())

    def _command(self, redemption: Redemption) -> DoorOutcome | None:
        """None where the lock board has to be asked."""
        if self._locker is None or redemption.nonce is None:
            return DoorOutcome.NO_ANSWER
        try:
            outcome = self._locker.open(redemption.door, redemption.nonce)
        except OSError as error:
            log.error("the locker does not answer", door=redemption.door, error=str(error))
            return None
        return None if outcome is DoorOutcome.UNKNOWN else outcome

    def _ask_board(self, redemption: Redemption) -> DoorOutcome | None:
        """None where it cannot be reached."""
        if self._locker is None or redemption.nonce is None:
            return None
        try:
            return self._locker.outcome(redemption.nonce)
        except OSError as error:
            log.error("the lock board does not answer", door=redemption.door, error=str(error))
            return None

    def _tell_end(self, pending: Pending) -> None:
        redemption = pending.redemption
        request, thing = redemption.request, redemption.thing
        match redemption.state:
            case State.OUT:
                pending.tell(TakeIt(request, redemption.door))
                self._print(pending)
                pending.tell(Out(request, thing.title, thing.points, redemption.left))
            case State.BACK:
                left = None if redemption.left is None else redemption.left + thing.points
                pending.tell(CameBack(request, redemption.reason, left=left))
            case _:
                pending.tell(StaffCalled(request, Away.UNCLEAR))
                self._print(pending)

    def _print(self, pending: Pending) -> None:
        """Only where somebody is there to take it."""
        if pending.tell is nobody:
            return
        printed = Printed.NO_PRINTER
        if self._printer is not None:
            try:
                printed = self._printer.print(_slip(pending.redemption, self._clock))
            except OSError as error:
                log.warning("the printer does not answer", error=str(error))
        pending.tell(Receipt(pending.redemption.request, printed))


def as_voucher(redemption: Redemption) -> Voucher:
    """A code as it is shown, the first time and again."""
    thing = redemption.thing
    return Voucher(
        redemption.request,
        thing.title,
        thing.points,
        redemption.code,
        redemption.merchant,
        redemption.until or redemption.made_at,
        redemption.made_at,
        redemption.left,
    )


def _slip(redemption: Redemption, clock: Clock) -> Slip:
    return Slip(
        request=redemption.request,
        title=redemption.thing.title,
        points=redemption.thing.points,
        order=redemption.order,
        at=clock.now(),
        left=redemption.left,
        code=redemption.code,
        merchant=redemption.merchant,
        until=redemption.until,
        at_counter=redemption.state is State.COUNTER,
    )
